"""G: an agent that the session started, in a file of its own: 15 tokens and 777."""

import pytest

from core.queries import conversations, structure, transcript
from tests import builders as b
from tests.core.acceptance.conftest import Clew

GIVEN = {"description": "find the key", "prompt": "Where is it?", "subagent_type": "Explore"}


def write(clew: Clew, *, nested: bool) -> None:
    b.write(
        clew.root / f"{b.SESSION}.jsonl",
        b.prompt("p1", "look for the key", at=1),
        b.calls("a1", "t1", "Agent", GIVEN, "p1", usage=b.usage(output=10), at=2),
        b.answers(
            "r1", "t1", "Under the mat.", "a1", at=9,
            toolUseResult={"agentId": "ag1", "status": "completed", "totalTokens": 907},
        ),
        b.says("a2", "It is under the mat.", "r1", usage=b.usage(output=5), at=10),
    )  # fmt: skip
    b.agent_file(
        clew.root, b.SESSION, "ag1",
        b.prompt("s1", "Where is it?", at=3),
        b.thinks("s2", "Mats first", "s1", api="n1", usage=b.usage(output=7), at=4),
        b.calls("s3", "t2", "Grep", {"pattern": "key"}, "s2", api="n1",
                usage=b.usage(output=700), at=5),
        b.answers("s4", "t2", "mat: key", "s3", at=6),
        b.says("s5", "Under the mat.", "s4", api="n2", usage=b.usage(output=77), at=7),
        nested=nested,
    )  # fmt: skip


@pytest.mark.parametrize("nested", [True, False])
def test_an_agents_tokens_are_its_conversations(nested: bool, clew: Clew) -> None:
    write(clew, nested=nested)

    told = clew.import_()

    assert (told["files"], told["conversations"], told["prompts"]) == (2, 1, 1)
    assert clew.output() == 15 + 777
    messages = clew.show()["messages"]
    own = sum(m["usage"]["output"] for m in messages if m["usage"] and not m["agent"])
    its = sum(m["usage"]["output"] for m in messages if m["usage"] and m["agent"])
    assert (own, its) == (15, 777)
    with clew.reader() as db:
        (used,) = structure.usage(db, conversations.page(db)[0].id)
    assert (used.replies, used.output) == (4, 792)


@pytest.mark.parametrize("nested", [True, False])
def test_an_agent_hangs_under_the_prompt_whose_turn_started_it(nested: bool, clew: Clew) -> None:
    write(clew, nested=nested)
    clew.import_()

    (session,) = clew.show()["threads"]

    assert [(node["kind"], node["title"]) for node in session["children"]] == [
        ("prompt", "look for the key")
    ]
    (agent,) = session["children"][0]["children"]
    assert (agent["kind"], agent["agent"], agent["title"]) == ("agent", "ag1", "find the key")
    assert (agent["calls"], session["children"][0]["calls"]) == (1, 1)


@pytest.mark.parametrize("nested", [True, False])
def test_what_an_agent_said_is_in_its_own_lane_and_nothing_of_it_is_hidden(
    nested: bool, clew: Clew
) -> None:
    write(clew, nested=nested)
    clew.import_()

    with clew.reader() as db:
        id_ = conversations.page(db)[0].id
        lane = transcript.rows(db, transcript.spine(db, id_, "ag1").ids)
        main = transcript.rows(db, transcript.spine(db, id_).ids)

    assert [row.text for row in lane] == ["Where is it?", "Mats first", "key", "Under the mat."]
    assert [row.call.agent for row in main if row.call] == ["ag1"]
    assert [m["kind"] for m in clew.show()["messages"] if m["agent"]] == [
        "task", "reply", "reply", "result", "reply",
    ]  # fmt: skip
    assert clew.find('"Mats first"')["total"] == 1
