"""Rewinds in a session that grows."""

from contextlib import closing
from pathlib import Path

import pytest

from core.queries import search
from core.store.connection import open_reader
from tests import builders as b
from tests.library import only, reads, writing

FORKED = [
    b.attachment("h0"),
    b.prompt("p1", "start", "h0", at=1),
    b.says("a1", "ok", "p1", at=2),
    b.prompt("p2", "left behind", "a1", at=3),
    b.says("a2", "ok", "p2", at=4),
    b.prompt("p3", "instead", "a1", at=5),
    b.says("a3", "ok", "p3", at=6),
]


def branches(root: Path, *slices: list[b.Record]) -> dict[str, int]:
    path = b.write(root / f"{b.SESSION}.jsonl")
    with writing(root / "l.clew") as (_, ingest):
        for records in slices:
            b.append(path, *records)
            reads(ingest, path)
    with closing(open_reader(root / "l.clew")) as db:
        return {message["uuid"]: message["branch"] for message in only(db)["messages"]}


def active(root: Path) -> list[tuple[int, int, int]]:
    with closing(open_reader(root / "l.clew")) as db:
        return db.execute("SELECT number, above, active FROM branch ORDER BY number").fetchall()


@pytest.mark.parametrize("cut", range(len(FORKED)))
def test_a_rewind_makes_two_branches_wherever_reading_was_cut(cut: int, tmp_path: Path) -> None:
    found = branches(tmp_path, FORKED[:cut], FORKED[cut:])

    assert found == {"p1": 0, "a1": 0, "p2": 1, "a2": 1, "p3": 2, "a3": 2}
    assert active(tmp_path) == [(1, 0, 0), (2, 0, 1)]


def test_what_was_left_behind_is_found_and_told_so(tmp_path: Path) -> None:
    branches(tmp_path, FORKED)

    with closing(open_reader(tmp_path / "l.clew")) as db:
        assert [hit.abandoned for hit in search.find(db, "behind").hits] == [True]
        assert [hit.abandoned for hit in search.find(db, "instead").hits] == [False]
        assert [hit.abandoned for hit in search.find(db, "start").hits] == [False]


def test_a_rewind_to_the_first_prompt_under_a_hook_makes_two_branches(tmp_path: Path) -> None:
    again = [b.prompt("p9", "from the start", "h0", at=9), b.says("a9", "ok", "p9", at=10)]

    found = branches(tmp_path, FORKED[:3], again)

    assert found == {"p1": 1, "a1": 1, "p9": 2, "a9": 2}
    assert active(tmp_path) == [(1, 0, 0), (2, 0, 1)]


def test_going_on_with_the_older_branch_makes_it_the_active_one(tmp_path: Path) -> None:
    branches(tmp_path, FORKED, [b.prompt("p4", "back here", "a2", at=9)])

    assert active(tmp_path) == [(1, 0, 1), (2, 0, 0)]


@pytest.mark.parametrize("cut", range(4))
def test_a_session_resumed_after_a_rewind_goes_on_with_the_branch_it_ended_on(
    cut: int, tmp_path: Path
) -> None:
    resumed = [
        b.attachment("h9"),
        b.progress("g9", "h9"),
        b.prompt("p9", "later", "g9", at=9),
        b.says("a9", "ok", "p9", at=10),
    ]

    found = branches(tmp_path, [*FORKED, *resumed[:cut]], resumed[cut:])

    assert (found["p9"], found["a9"]) == (2, 2)


def test_parallel_calls_are_no_fork(tmp_path: Path) -> None:
    found = branches(
        tmp_path,
        [
            b.prompt("p1"),
            b.calls("a1", "t1", parent="p1", api="m"),
            b.calls("a2", "t2", parent="a1", api="m"),
            b.answers("r1", "t1", parent="a1"),
            b.answers("r2", "t2", parent="a2"),
            b.says("a3", parent="r2"),
        ],
    )

    assert set(found.values()) == {0}
    assert active(tmp_path) == []


def test_queued_prompts_interrupts_and_commands_are_no_rewinds(tmp_path: Path) -> None:
    found = branches(
        tmp_path,
        [
            b.prompt("p1"),
            b.says("a1", parent="p1"),
            b.queued("q1", "also this", "a1"),
            b.prompt("i1", "[Request interrupted by user]", "a1"),
            b.prompt("c1", "<command-name>/model</command-name>", "a1"),
            b.prompt("p2", "go on", "a1"),
        ],
    )

    assert set(found.values()) == {0}


def test_a_fork_inside_an_agents_lane_is_not_a_rewind(tmp_path: Path) -> None:
    lines = [b.prompt(uuid, uuid, "g0", isSidechain=True) for uuid in ("g1", "g2")]

    found = branches(tmp_path, [b.prompt("g0", isSidechain=True), *lines])

    assert set(found.values()) == {0}
