"""Rules that only the store can keep: what several records, or several files, say together."""

from contextlib import closing
from pathlib import Path

import pytest

from core.queries import conversations, structure, totals, transcript
from tests import builders as b
from tests.library import imported, only, shown

MAIN = "ffffffff-0000-4000-8000-000000000001"  # sorts behind "agent-..."
FORK = [
    b.prompt("p0", "start", at=0),
    b.says("a0", "Yes.", "p0", at=1),
    b.prompt("p1", "first try", "a0", at=5),
    b.says("a1", "One.", "p1", at=6),
    b.prompt("p2", "second try", "a0", at=9),
    b.says("a2", "Two.", "p2", at=10),
]


def test_o3_of_equal_records_the_one_outside_a_sidechain_is_counted(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    b.write(
        logs / f"{MAIN}.jsonl",
        *b.of(MAIN, b.prompt("p1", at=1), b.says("a1", "hi", "p1", api="m1", at=2)),
    )
    b.agent_file(logs, MAIN, "ag1", b.says("s1", "hi", api="m1", at=2))

    with closing(imported(tmp_path, logs)) as db:
        counted = db.execute(
            "SELECT agent FROM reply JOIN session ON session.id = session_id WHERE counted = 1"
        ).fetchall()
    assert counted == [("",)]


def test_o3_a_record_repeated_with_its_final_usage_is_counted_with_that(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / "a.jsonl",
        b.says("a1", "hi", api="m1", usage=b.usage(output=5)),
        b.says("a1", "hi", api="m1", usage=b.usage(output=90), stop="end_turn"),
    )

    with closing(imported(tmp_path, path)) as db:
        assert [use.output for use in totals.tokens(db).values()] == [90]


def texts(root: Path, *records: b.Record) -> list[str]:
    path = b.write(root / "logs" / f"{b.SESSION}.jsonl", *records)
    with closing(imported(root, path)) as db:
        (one,) = conversations.page(db)
        return [row.text for row in transcript.rows(db, transcript.spine(db, one.id).ids)]


@pytest.mark.parametrize("request_", [None, "r1"])
def test_o4_a_text_that_a_later_snapshot_contains_is_shown_once(
    request_: str | None, tmp_path: Path
) -> None:
    """Fixture I of the other viewers: 'a', then 'a full'."""
    found = texts(
        tmp_path,
        b.prompt("p1", "go"),
        b.says("a1", "a", "p1", api="m1", request=request_, usage=b.usage(output=60)),
        b.says("a2", "a full", "a1", api="m1", request=request_, usage=b.usage(output=90)),
    )

    assert found == ["go", "a full"]


def test_o4_prompts_on_two_pieces_of_one_reply_are_a_fork(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p0", at=0),
        b.thinks("a1", "hm", "p0", api="m1", at=1),
        b.says("a2", "Yes.", "a1", api="m1", at=2),
        b.prompt("p1", "first try", "a2", at=5),
        b.says("a3", "One.", "p1", at=6),
        b.prompt("p2", "second try", "a1", at=9),
        b.says("a4", "Two.", "p2", at=10),
    )

    with closing(imported(tmp_path, path)) as db:
        branches = {m["uuid"]: m["branch"] for m in shown(db)}
    assert branches == {"p0": 0, "a1": 0, "a2": 0, "p1": 1, "a3": 1, "p2": 2, "a4": 2}


def test_o7_the_active_branch_is_the_one_of_the_newest_last_prompt(tmp_path: Path) -> None:
    leaf = {"type": "last-prompt", "lastPrompt": "x", "leafUuid": "a1", "sessionId": b.SESSION}
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *FORK, leaf)

    with closing(imported(tmp_path, path)) as db:
        (session,) = only(db)["threads"]
    assert [n["active"] for n in session["children"] if n["kind"] == "branch"] == [True, False]


def test_o7_children_of_one_moment_are_a_replay_and_no_fork(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p0", "start", at=0),
        b.prompt("p1", "the same", "p0", at=5),
        b.prompt("p2", "the same", "p0", at=5),
    )

    with closing(imported(tmp_path, path)) as db:
        assert {m["branch"] for m in shown(db)} == {0}


def test_o8_a_compaction_is_on_the_branch_that_it_continues(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        *FORK,
        b.boundary("c1", "a1", at=20),
        b.compacted("c2", "c1", at=21),
        b.prompt("p3", "go on", "c2", at=22),
    )

    with closing(imported(tmp_path, path)) as db:
        branches = {m["uuid"]: m["branch"] for m in shown(db)}
    assert (branches["c1"], branches["c2"], branches["p3"]) == (1, 1, 1)


def test_o8_a_summary_without_its_boundary_is_a_compaction_in_the_outline(tmp_path: Path) -> None:
    said = "This session is being continued from a previous conversation that ran out of context."
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p1"), b.prompt("c2", said, at=3)
    )

    with closing(imported(tmp_path, path)) as db:
        assert [n.kind for n in structure.outline(db, 1)] == ["prompt", "compaction"]


@pytest.mark.parametrize("nested", [True, False])
def test_o9_an_agent_is_known_by_the_prompt_it_was_given(nested: bool, tmp_path: Path) -> None:
    b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", at=1),
        b.calls("a1", "t1", "Task", {"prompt": "Dig", "description": "dig"}, "p1", at=2),
        b.answers("r1", "t1", "done", "a1", at=9),
    )
    b.agent_file(
        tmp_path / "logs", b.SESSION, "ag1",
        b.prompt("s1", "Dig", at=3), b.says("s2", "deep", "s1", at=4), nested=nested,
    )  # fmt: skip

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert [c["agent"] for m in shown(db) for c in m["tool_calls"]] == ["ag1"]


def test_o9_an_agent_that_no_call_names_is_in_the_tree_all_the_same(tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p1", at=1))
    b.agent_file(tmp_path / "logs", b.SESSION, "ag1", b.prompt("s1", "Dig", at=3))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        nodes = list(structure.tree(db, conversations.page(db)[0].id))
    agents: list[str] = []
    while nodes:
        node = nodes.pop()
        agents += [node.agent] if node.agent else []
        nodes += node.children
    assert agents == ["ag1"]


def test_o11_a_result_in_the_file_that_goes_on_is_its_calls(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    b.write(
        logs / "old.jsonl",
        *b.of("old", b.prompt("p1", at=1), b.calls("a1", "t1", parent="p1", at=2)),
        {"type": "continued-in", "continuedInSessionId": "new", "sessionId": "old"},
    )
    b.write(logs / "new.jsonl", *b.of("new", b.answers("r1", "t1", "late", "a1", at=50)))

    with closing(imported(tmp_path, logs)) as db:
        (ends,) = totals.tools(db).values()
    assert (ends.ok, ends.none) == (1, 0)


def test_two_prompts_of_one_moment_that_differ_are_a_fork(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p0", "start", at=0),
        b.prompt("p1", "one", "p0", at=5),
        b.prompt("p2", "another", "p0", at=5),
    )

    with closing(imported(tmp_path, path)) as db:
        assert {m["branch"] for m in shown(db)} == {0, 1, 2}


def test_a_prompt_after_the_named_leaf_is_where_the_session_stands(tmp_path: Path) -> None:
    leaf = {"type": "last-prompt", "lastPrompt": "x", "leafUuid": "a1", "sessionId": b.SESSION}
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl", *FORK, leaf, b.prompt("p3", "on", "a2", at=12)
    )

    with closing(imported(tmp_path, path)) as db:
        (session,) = only(db)["threads"]
    assert [n["active"] for n in session["children"] if n["kind"] == "branch"] == [False, True]


def test_a_fork_behind_two_pieces_of_one_reply_is_one_fork(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p0", at=0),
        b.thinks("a1", "hm", "p0", api="m1", at=1),
        b.says("a2", "Yes.", "a1", api="m1", at=2),
        b.prompt("p1", "first try", "a2", at=5),
        b.prompt("p2", "second try", "a1", at=9),
    )

    with closing(imported(tmp_path, path)) as db:
        assert db.execute("SELECT forks FROM session").fetchone()[0] == 1
        assert db.execute("SELECT count(DISTINCT forked_at) FROM branch").fetchone()[0] == 1
