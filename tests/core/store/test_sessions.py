"""What sessions are called, which agents are theirs, and in what order that becomes known."""

from collections.abc import Iterable
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from core.queries import conversations
from core.queries.conversations import SessionRow
from core.store.connection import open_reader
from tests import builders as b
from tests.library import imports, listed, only, reads, writing

TRUNK = b.SESSION
NAMES: list[b.Record] = [
    b.title("custom-title", "custom"),
    b.title("agent-name", "agent name"),
    b.title("ai-title", "ai"),
    b.prompt("n1", "<command-name>/rename</command-name><command-args>renamed</command-args>"),
    b.summary("summary", "p1"),
]


def trunk(root: Path, *more: b.Record) -> Path:
    return b.write(root / "logs" / f"{TRUNK}.jsonl", b.prompt("p1", "the prompt", at=1), *more)


def titles(root: Path, *paths: Path) -> list[str]:
    with writing(root / "l.clew") as (db, ingest):
        reads(ingest, *paths)
        return sorted(one["title"] for one in listed(db))


def sessions(root: Path, *paths: Path) -> list[SessionRow]:
    with writing(root / "l.clew") as (db, ingest):
        reads(ingest, *paths)
        (row,) = conversations.page(db)
        return conversations.sessions(db, row.id)


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_the_best_name_wins_wherever_it_stands(place: int, tmp_path: Path) -> None:
    expected = ["custom", "agent name", "ai", "renamed", "summary"][place]

    assert titles(tmp_path, trunk(tmp_path, *reversed(NAMES[place:]))) == [expected]


def test_the_first_prompt_names_what_has_no_name(tmp_path: Path) -> None:
    begin = b.prompt("c1", "<command-name>/clear</command-name>")
    path = b.write(tmp_path / "a.jsonl", begin, b.prompt("p0", "  \n "), b.prompt("p1", "fix\nit"))

    assert titles(tmp_path, path) == ["fix it"]


def test_of_several_titles_of_one_kind_the_last_one_stays(tmp_path: Path) -> None:
    path = trunk(tmp_path, b.title("ai-title", "first"), b.title("ai-title", "last"))

    assert titles(tmp_path, path) == ["last"]
    b.append(path, b.title("ai-title", "later still"))
    assert titles(tmp_path, path) == ["later still"]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_summary_in_another_file_names_the_session_of_its_leaf(
    backwards: bool, tmp_path: Path
) -> None:
    paths = [
        trunk(tmp_path),
        b.write(tmp_path / "logs" / "x.jsonl", b.summary("said elsewhere", "p1")),
    ]

    assert titles(tmp_path, *(reversed(paths) if backwards else paths)) == ["said elsewhere"]


def test_of_summaries_in_several_files_the_one_of_the_latest_message_names(tmp_path: Path) -> None:
    files = [
        trunk(tmp_path, b.says("a1", parent="p1", at=2)),
        b.write(tmp_path / "logs" / "x.jsonl", b.summary("zzz of the prompt", "p1")),
        b.write(tmp_path / "logs" / "y.jsonl", b.summary("aaa of the reply", "a1")),
    ]
    found: list[list[str]] = []
    for number, order in enumerate(permutations(files)):
        (tmp_path / str(number)).mkdir()
        found.append(titles(tmp_path / str(number), *order))

    assert found == [["aaa of the reply"]] * 6


def test_a_session_keeps_where_it_began(tmp_path: Path) -> None:
    more = b.prompt("p2", cwd="/elsewhere", gitBranch="feature", version="9")

    (row,) = sessions(tmp_path, trunk(tmp_path, more))

    assert (row.cwd, row.git_branch, row.version) == (b.CWD, "main", "2.1.50")


def test_a_session_without_a_working_folder_is_in_the_folder_of_its_file(tmp_path: Path) -> None:
    path = b.write(tmp_path / "-home-ada" / "a.jsonl", b.prompt("p1") | {"cwd": None})

    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        assert listed(db)[0]["project"] == str(path.parent)


def agent(root: Path, *, nested: bool, first: Iterable[b.Record] = ()) -> Path:
    lines = [*first, b.prompt("g1", "Find it", at=5), b.says("g2", "Found", "g1", at=6)]
    return b.agent_file(root / "logs", TRUNK, "ag1", *lines, nested=nested)


CALL = b.calls("a1", "t1", "Task", {"description": "look", "prompt": "Find it"}, "p1", at=4)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_an_agent_belongs_to_the_session_that_started_it(
    nested: bool, backwards: bool, tmp_path: Path
) -> None:
    paths = [trunk(tmp_path, CALL), agent(tmp_path, nested=nested)]

    main, lane = sessions(tmp_path, *(reversed(paths) if backwards else paths))

    assert (main.key, main.messages, main.prompts) == (TRUNK, 2, 1)
    assert (lane.agent, lane.messages, lane.prompts) == ("ag1", 2, 0)


def test_a_flat_agents_trunk_is_found_in_whichever_record_names_it(tmp_path: Path) -> None:
    silent = {"type": "fork-context-ref", "uuid": "f0"}
    path = b.write(tmp_path / "logs" / "agent-ag1.jsonl", silent)
    lines = b.of(TRUNK, *b.lane("ag1", b.prompt("g1", "Find it")))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, trunk(tmp_path, CALL), path)
        b.append(path, *lines)
        reads(ingest, path)

        assert len(listed(db)) == 1


def test_an_agent_whose_trunk_is_missing_is_a_conversation_of_its_own(tmp_path: Path) -> None:
    path = agent(tmp_path, nested=True)

    assert titles(tmp_path, path) == ["Find it"]


def test_the_description_of_an_agent_is_applied_in_any_order(tmp_path: Path) -> None:
    transcript = agent(tmp_path, nested=True)
    note = b.agent_note(transcript, agentType="Explore", description="looks", toolUseId="t1")
    for number, order in enumerate(permutations([trunk(tmp_path, CALL), transcript, note])):
        folder = tmp_path / str(number)
        folder.mkdir()

        _, lane = sessions(folder, *order)

        assert (lane.agent_type, lane.agent_title) == ("Explore", "looks"), order
        with closing(open_reader(folder / "l.clew")) as db:
            called = [call["agent"] for m in only(db)["messages"] for call in m["tool_calls"]]
        assert called == ["ag1"], order


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"agentType": 5}'])
def test_a_description_that_says_nothing_does_no_harm(content: str, tmp_path: Path) -> None:
    transcript = agent(tmp_path, nested=True)
    note = b.agent_note(transcript)
    note.write_text(content)

    _, lane = sessions(tmp_path, trunk(tmp_path), transcript, note)

    assert lane.agent_type == ""


def test_a_description_that_changed_is_read_again_and_an_unchanged_one_is_not(
    tmp_path: Path,
) -> None:
    transcript = agent(tmp_path, nested=True)
    note = b.agent_note(transcript, agentType="Explore")
    sessions(tmp_path, trunk(tmp_path), transcript, note)
    with writing(tmp_path / "l.clew") as (db, ingest):
        before = db.total_changes
        reads(ingest, note)
        assert db.total_changes == before

    b.agent_note(transcript, agentType="Plan, much longer")
    _, lane = sessions(tmp_path, note)

    assert lane.agent_type == "Plan, much longer"


def test_an_inline_sidechain_is_a_lane_of_the_agent_its_prompt_was_given_to(
    tmp_path: Path,
) -> None:
    side = [
        b.prompt("g1", "Find it", isSidechain=True, at=5),
        b.says("g2", "Found", "g1", isSidechain=True, at=6),
    ]
    path = trunk(tmp_path, CALL, *side, b.answers("r1", "t1", "Found", "a1", at=7))
    imports(tmp_path / "l.clew", path)

    with closing(open_reader(tmp_path / "l.clew")) as db:
        messages = only(db)["messages"]

    lanes = {message["uuid"]: message["agent"] for message in messages}
    assert lanes == {"p1": None, "a1": None, "g1": "side-g1", "g2": "side-g1", "r1": None}
    assert [call["agent"] for m in messages for call in m["tool_calls"]] == ["side-g1"]
    assert next(m for m in messages if m["uuid"] == "g1")["kind"] == "task"
