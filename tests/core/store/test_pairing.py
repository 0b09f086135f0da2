"""Tool calls and their results."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.queries import totals, transcript
from core.store.connection import open_reader
from tests import builders as b
from tests.library import imported, only, reads, writing


def log(root: Path, *lines: b.Line) -> Path:
    return b.write(root / f"{b.SESSION}.jsonl", *lines)


def calls(db: Any) -> list[tuple[str, str, str | None]]:
    return [
        (call["id"], call["outcome"], call["result"])
        for message in only(db)["messages"]
        for call in message["tool_calls"]
    ]


def test_results_find_their_calls_in_any_order(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        b.calls("a1", "t1", at=1),
        b.calls("a2", "t2", at=2),
        b.answers("r2", "t2", "second", at=3),
        b.answers("r1", "t1", "first", error=True, at=5),
    )

    with closing(imported(tmp_path, path)) as db:
        assert calls(db) == [("t1", "error", "first"), ("t2", "ok", "second")]
        durations = [c["duration_ms"] for m in only(db)["messages"] for c in m["tool_calls"]]
    assert durations == [4000, 1000]


@pytest.mark.parametrize("apart", [False, True])
def test_a_result_in_a_later_append_finds_its_call(apart: bool, tmp_path: Path) -> None:
    path = log(tmp_path, b.calls("a1", "t1"))
    with writing(tmp_path / "library.clew") as (_, ingest):
        if apart:
            reads(ingest, path)
        b.append(path, b.answers("r1", "t1", "late", error=True))
        reads(ingest, path)

    with closing(open_reader(tmp_path / "library.clew")) as db:
        assert calls(db) == [("t1", "error", "late")]
        assert totals.totals(db).errors == 1


@pytest.mark.parametrize("cuts", [(), (1,), (2,), (3,), (1, 2), (1, 2, 3)])
def test_an_id_used_again_is_answered_in_the_order_of_the_calls(
    cuts: tuple[int, ...], tmp_path: Path
) -> None:
    lines = [
        b.calls("a1", "t1"),
        b.calls("a2", "t1"),
        b.answers("r1", "t1", "first"),
        b.answers("r2", "t1", "second"),
        b.answers("r3", "t1", "orphan"),
    ]
    path = log(tmp_path)
    with writing(tmp_path / "library.clew") as (_, ingest):
        for begin, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
            b.append(path, *lines[begin:end])
            reads(ingest, path)

    with closing(open_reader(tmp_path / "library.clew")) as db:
        assert calls(db) == [("t1", "ok", "first"), ("t1", "ok", "second")]


def test_a_result_without_a_call_is_a_row_of_its_own(tmp_path: Path) -> None:
    path = log(tmp_path, b.answers("r1", "ghost", "orphan"), b.calls("a1", "t1"))

    with closing(imported(tmp_path, path)) as db:
        spine = transcript.spine(db, 1)
        rows = transcript.rows(db, spine.ids)

        assert [(row.kind, row.text) for row in rows] == [("result", "orphan"), ("call", "ls")]
        assert calls(db) == [("t1", "none", None)]


def test_a_paired_result_is_shown_in_its_call_only(tmp_path: Path) -> None:
    path = log(tmp_path, b.calls("a1", "t1"), b.answers("r1", "t1", "x" * 20_000))

    with closing(imported(tmp_path, path)) as db:
        (row,) = transcript.rows(db, transcript.spine(db, 1).ids)

    assert row.call is not None
    assert (row.call.result_size, len(row.call.result)) == (20_000, transcript.TEXT_LIMIT)


@pytest.mark.parametrize(
    ("said", "more", "outcome"),
    [
        ("ok", {}, "ok"),
        ("exit 1", {"error": True}, "error"),
        ("The user doesn't want to proceed with this tool use.", {"error": True}, "denied"),
        ("[Request interrupted by user for tool use]", {"error": True}, "interrupted"),
    ],
)
def test_only_failures_count_as_errors(
    said: str, more: b.Record, outcome: str, tmp_path: Path
) -> None:
    path = log(tmp_path, b.calls("a1", "t1"), b.answers("r1", "t1", said, **more))

    with closing(imported(tmp_path, path)) as db:
        assert calls(db) == [("t1", outcome, said)]
        assert totals.totals(db).errors == (outcome == "error")
        (ends,) = totals.tools(db).values()
        assert getattr(ends, outcome) == ends.calls == 1


def test_a_result_before_its_call_in_time_has_no_duration(tmp_path: Path) -> None:
    path = log(tmp_path, b.calls("a1", "t1", at=9), b.answers("r1", "t1", at=3))

    with closing(imported(tmp_path, path)) as db:
        (call,) = (c for m in only(db)["messages"] for c in m["tool_calls"])
    assert call["duration_ms"] is None


def test_progress_tells_the_agent_of_a_call_that_never_ended(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        b.calls("a1", "t1", "Task"),
        b.progress("g1", "a1", type="agent_progress", agentId="ag1", call="t1"),
    )

    with closing(imported(tmp_path, path)) as db:
        (call,) = (c for m in only(db)["messages"] for c in m["tool_calls"])
    assert (call["agent"], call["outcome"]) == ("ag1", "none")
