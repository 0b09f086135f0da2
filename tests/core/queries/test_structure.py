"""The shape of a conversation: recorded structure, nothing guessed."""

from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from core.queries import conversations, structure
from core.queries.structure import Node, NodeKind
from tests import builders as b
from tests.library import imported


def tree(db: Connection) -> tuple[Node, ...]:
    (row,) = conversations.page(db)
    return structure.tree(db, row.id)


def drawn(nodes: tuple[Node, ...]) -> list[Any]:
    """Return *nodes* as nested pairs of title and children."""
    return [(node.title, drawn(node.children)) for node in nodes]


def log(root: Path, *lines: b.Line) -> Path:
    return b.write(root / "logs" / f"{b.SESSION}.jsonl", *lines)


def test_prompts_hold_the_calls_of_their_turn(tmp_path: Path) -> None:
    log(
        tmp_path,
        b.prompt("p1", "first", at=1),
        b.calls("a1", "t1", parent="p1", at=2),
        b.answers("r1", "t1", error=True, parent="a1", at=3),
        b.calls("a2", "t2", parent="r1", at=4),
        b.prompt("p2", "second", "a2", at=5),
    )

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (session,) = tree(db)

    assert (session.kind, session.title) == (NodeKind.SESSION, b.SESSION)
    first, second = session.children
    assert (first.kind, first.title, first.calls, first.errors) == (NodeKind.PROMPT, "first", 2, 1)
    assert (second.title, second.calls) == ("second", 0)
    assert session.message == first.message


def test_branches_hang_where_the_person_went_back(tmp_path: Path) -> None:
    log(
        tmp_path,
        b.prompt("p1", "start"),
        b.says("a1", parent="p1"),
        b.prompt("p2", "left", "a1"),
        b.prompt("p3", "left further", "p2"),
        b.prompt("p4", "instead", "a1"),
        b.prompt("p5", "on", "p4"),
    )

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (session,) = tree(db)

    left, current = "Version of this prompt, left behind", "Version of this prompt, current version"
    assert drawn(session.children) == [
        ("start", []),
        (left, [("left", []), ("left further", [])]),
        (current, [("instead", []), ("on", [])]),
    ]
    assert [node.active for node in session.children] == [True, False, True]
    assert [node.kind for node in session.children[1:]] == [NodeKind.BRANCH] * 2


def test_agents_hang_under_the_prompt_that_started_them(tmp_path: Path) -> None:
    given = {"description": "look around", "prompt": "Find it"}
    log(
        tmp_path,
        b.prompt("p1", "first", at=1),
        b.prompt("p2", "second", "p1", at=2),
        b.calls("a1", "t1", "Task", given, "p2", at=3),
        b.answers("r1", "t1", parent="a1", toolUseResult={"agentId": "ag1"}, at=9),
    )
    agent = b.agent_file(
        tmp_path / "logs", b.SESSION, "ag1", b.prompt("g1", "Find it", at=4),
        b.calls("g2", "t9", parent="g1", at=5), b.answers("g3", "t9", error=True, at=6),
    )  # fmt: skip
    b.agent_note(agent, agentType="Explore", description="look")

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (session,) = tree(db)
        (row,) = conversations.page(db)

        (found,) = session.children[1].children
        assert (found.kind, found.title, found.agent) == (
            NodeKind.AGENT,
            "Explore: look around",
            "ag1",
        )
        assert (found.calls, found.errors) == (1, 1)
        assert found.message > 0
        assert session.children[1].calls == 1
        assert [(tool.tool, tool.calls, tool.errors) for tool in structure.tools(db, row.id)] == [
            ("Bash", 1, 1),
            ("Task", 1, 0),
        ]


def test_an_agent_whose_transcript_is_missing_is_still_told(tmp_path: Path) -> None:
    log(
        tmp_path,
        b.prompt("p1", "first"),
        b.calls("a1", "t1", "Task", {"description": "look"}, "p1"),
        b.answers("r1", "t1", toolUseResult={"agentId": "gone"}),
    )

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (found,) = tree(db)[0].children[0].children

    assert (found.title, found.agent, found.message) == ("look", "gone", 0)


def test_a_compaction_is_a_place_in_the_outline(tmp_path: Path) -> None:
    log(
        tmp_path,
        b.prompt("p1", "first", at=1),
        b.boundary("c1", "p1", at=2),
        b.compacted("c2", "c1", at=3),
        b.prompt("p2", "second", "c2", at=4),
    )

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (row,) = conversations.page(db)
        found = structure.outline(db, row.id)

    assert [(node.kind, node.title) for node in found] == [
        (NodeKind.PROMPT, "first"),
        (NodeKind.COMPACTION, "Conversation compacted"),
        (NodeKind.PROMPT, "second"),
    ]
    assert '"preTokens":155000' in found[1].detail


def test_copies_are_in_the_tree_once(tmp_path: Path) -> None:
    lines = [b.prompt("p1", "first", at=1), b.says("a1", parent="p1", at=2)]
    b.write(tmp_path / "logs" / "old.jsonl", *b.of("old", *lines))
    more = b.prompt("p2", "second", "a1", at=9)
    b.write(tmp_path / "logs" / "new.jsonl", *b.of("new", *lines, more))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        prompts = [title for _, children in drawn(tree(db)) for title, _ in children]

    assert sorted(prompts) == ["first", "second"]


def test_tokens_of_a_conversation_are_those_of_its_agents_too(tmp_path: Path) -> None:
    log(tmp_path, b.prompt("p1"), b.says("a1", usage=b.usage(output=5)))
    b.agent_file(tmp_path / "logs", b.SESSION, "ag1", b.says("g1", usage=b.usage(output=7)))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (row,) = conversations.page(db)
        (use,) = structure.usage(db, row.id)

    assert (use.replies, use.output) == (2, 12)


@pytest.mark.parametrize("said", ["", "   ", None])
def test_a_prompt_without_words_has_a_title(said: object, tmp_path: Path) -> None:
    log(tmp_path, b.prompt("p1", said), b.prompt("p2", "x"))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        titles = [title for title, _ in drawn(tree(db)[0].children)]

    assert titles in (["(empty)", "x"], ["x"])


def agents(nodes: tuple[Node, ...]) -> list[str]:
    found: list[str] = []
    for node in nodes:
        found += [node.agent] if node.kind is NodeKind.AGENT else []
        found += agents(node.children)
    return found


def started(key: str, agent: str, parent: str) -> list[b.Record]:
    return [
        b.calls(f"c-{key}", key, "Task", {"description": key}, parent, at=5),
        b.answers(f"r-{key}", key, parent=f"c-{key}", toolUseResult={"agentId": agent}, at=6),
    ]


def test_an_agent_that_an_agent_started_is_in_the_tree(tmp_path: Path) -> None:
    log(tmp_path, b.prompt("p1"), *started("t1", "ag1", "p1"))
    logs = tmp_path / "logs"
    b.agent_file(logs, b.SESSION, "ag1", b.prompt("g1"), *started("t2", "ag2", "g1"))
    b.agent_file(logs, b.SESSION, "ag2", b.prompt("k1"))

    with closing(imported(tmp_path, logs)) as db:
        assert sorted(agents(tree(db))) == ["ag1", "ag2"]


def test_an_agent_that_was_started_before_any_prompt_is_in_the_tree(tmp_path: Path) -> None:
    log(tmp_path, b.says("a1"), *started("t1", "ag1", "a1"))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert agents(tree(db)) == ["ag1"]
