"""Sessions that belong together, and what several files hold counted once."""

from collections.abc import Callable
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from core.queries import conversations, search, totals, transcript
from core.store.connection import open_reader
from tests import builders as b
from tests.library import listed, only, reads, sound, writing

OLD, NEW = "s-old", "s-new"
BEGIN = [
    b.prompt("p1", "first question", at=1),
    b.calls("a1", "t1", parent="p1", api="m1", at=2),
    b.answers("r1", "t1", "output", "a1", error=True, at=3),
    b.says("a2", "an answer", "r1", api="m2", at=4),
]
OWN = [b.prompt("p9", "going on", "a2", at=90), b.says("a9", "yes", "p9", api="m9", at=91)]

Copy = Callable[[], list[b.Record]]


def rewritten() -> list[b.Record]:
    return b.of(NEW, *BEGIN)


def forked() -> list[b.Record]:
    return [
        one | {"forkedFrom": {"sessionId": OLD, "messageUuid": one["uuid"]}} for one in rewritten()
    ]


def kept() -> list[b.Record]:
    return b.of(OLD, *BEGIN)


def library(root: Path, *paths: Path) -> Path:
    with writing(root / "l.clew") as (_, ingest):
        reads(ingest, *paths)
    assert sound(root / "l.clew")
    return root / "l.clew"


@pytest.mark.parametrize("copied", [rewritten, forked, kept])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_resumed_copy_is_one_conversation_with_its_original(
    copied: Copy, backwards: bool, tmp_path: Path
) -> None:
    paths = [
        b.write(
            tmp_path / f"{OLD}.jsonl", *b.of(OLD, *BEGIN, b.prompt("p5", "old end", "a2", at=5))
        ),
        b.write(tmp_path / f"{NEW}.jsonl", *copied(), *b.of(NEW, *OWN)),
    ]

    made = library(tmp_path, *(reversed(paths) if backwards else paths))

    with closing(open_reader(made)) as db:
        (one,) = listed(db)
        assert (
            one.items()
            >= {
                "id": OLD,
                "title": "first question",
                "project": b.CWD,
                "started_at": "2026-01-01T00:00:01.000Z",
                "ended_at": "2026-01-01T00:01:31.000Z",
                "messages": 7,
                "prompts": 3,
                "tool_calls": 1,
                "errors": 1,
                "sessions": [OLD, NEW],
            }.items()
        )
        shown = only(db)["messages"]
        assert [m["uuid"] for m in shown] == ["p1", "a1", "r1", "a2", "p5", "p9", "a9"]
        assert sum(m["usage"]["output"] for m in shown if m["usage"]) == 15
        assert totals.totals(db).replies == 3
        assert totals.tokens(db)["claude-opus-4-6"].output == 15
        assert search.find(db, "question").total == 1
        assert search.find(db, "output").total == 1


def test_a_copy_that_adds_nothing_counts_nothing(tmp_path: Path) -> None:
    paths = [
        b.write(tmp_path / f"{OLD}.jsonl", *b.of(OLD, *BEGIN)),
        b.write(tmp_path / f"{NEW}.jsonl", *rewritten()),
    ]

    with closing(open_reader(library(tmp_path, *paths))) as db:
        (one,) = listed(db)
        assert (one["messages"], one["tool_calls"], one["errors"]) == (4, 1, 1)
        assert sum(m["usage"]["output"] for m in only(db)["messages"] if m["usage"]) == 10


def test_a_copy_of_a_copy_is_counted_once_in_any_order(tmp_path: Path) -> None:
    third = b.of("s-third", *BEGIN, *OWN, b.prompt("p99", "third", "a9", at=99))
    files = [
        b.write(tmp_path / "logs" / f"{OLD}.jsonl", *b.of(OLD, *BEGIN)),
        b.write(tmp_path / "logs" / f"{NEW}.jsonl", *rewritten(), *b.of(NEW, *OWN)),
        b.write(tmp_path / "logs" / "s-third.jsonl", *third),
    ]
    found: list[Any] = []
    for number, order in enumerate(permutations(files)):
        (tmp_path / str(number)).mkdir()
        with closing(open_reader(library(tmp_path / str(number), *order))) as db:
            found.append((listed(db), only(db)))

    assert found[0][0][0]["messages"] == 7
    assert all(one == found[0] for one in found)


def test_a_session_continued_in_another_file_after_a_compaction_is_one_conversation(
    tmp_path: Path,
) -> None:
    later = [b.boundary("c1", "a2", at=40), b.compacted("c2", "c1", at=41), *OWN]
    paths = [
        b.write(tmp_path / f"{NEW}.jsonl", *b.of(NEW, *later)),
        b.write(tmp_path / f"{OLD}.jsonl", *b.of(OLD, *BEGIN)),
    ]

    with closing(open_reader(library(tmp_path, *paths))) as db:
        (one,) = listed(db)
        assert (one["id"], one["sessions"], one["prompts"]) == (OLD, [OLD, NEW], 2)


def test_a_session_that_says_where_it_goes_on_is_one_conversation_with_that(
    tmp_path: Path,
) -> None:
    on = {"type": "continued-in", "sessionId": OLD, "continuedInSessionId": NEW}
    paths = [
        b.write(tmp_path / f"{OLD}.jsonl", *b.of(OLD, *BEGIN), on),
        b.write(tmp_path / f"{NEW}.jsonl", *b.of(NEW, *OWN)),
    ]

    with closing(open_reader(library(tmp_path, *paths))) as db:
        assert [one["sessions"] for one in listed(db)] == [[OLD, NEW]]


def test_sessions_that_share_nothing_are_apart(tmp_path: Path) -> None:
    paths = [
        b.write(tmp_path / f"{OLD}.jsonl", *b.of(OLD, *BEGIN)),
        b.write(tmp_path / f"{NEW}.jsonl", *b.of(NEW, *OWN)),
    ]

    with closing(open_reader(library(tmp_path, *paths))) as db:
        assert len(listed(db)) == 2


def test_joining_two_conversations_is_told_and_keeps_one_row(tmp_path: Path) -> None:
    old = b.write(tmp_path / f"{OLD}.jsonl", *b.of(OLD, *BEGIN))
    new = b.write(tmp_path / f"{NEW}.jsonl", *b.of(NEW, *OWN))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, old, new)
        b.append(new, *b.of(NEW, b.boundary("c1", "a2", at=95)))

        (changed,) = reads(ingest, new)

        assert changed.regrouped
        assert changed.conversation == OLD
        assert db.execute("SELECT count(*) FROM conversation").fetchone() == (1,)


@pytest.mark.parametrize("backwards", [False, True])
def test_usage_of_a_reply_is_counted_once_with_its_largest_output(
    backwards: bool, tmp_path: Path
) -> None:
    one = [
        b.says("x1", "a", api="m1", usage=b.usage(output=1), at=1),
        b.says("x2", "b", api="m1", usage=b.usage(output=1), at=2),
    ]
    two = [b.says("y1", "c", api="m1", usage=b.usage(output=7), at=3)]
    paths = [
        b.write(tmp_path / "one.jsonl", *b.of("one", *one)),
        b.write(tmp_path / "two.jsonl", *b.of("two", *two)),
    ]

    with closing(open_reader(library(tmp_path, *(reversed(paths) if backwards else paths)))) as db:
        assert totals.totals(db).replies == 1
        tokens = totals.tokens(db)["claude-opus-4-6"]
        assert (tokens.input, tokens.output, tokens.cache_read) == (10, 7, 100)


@pytest.mark.parametrize("backwards", [False, True])
def test_equal_usage_in_two_files_belongs_to_the_one_that_began_first(
    backwards: bool, tmp_path: Path
) -> None:
    paths = [
        b.write(tmp_path / "one.jsonl", *b.of("one", b.says("x1", "a", api="m1", at=1))),
        b.write(tmp_path / "two.jsonl", *b.of("two", b.says("y1", "b", api="m1", at=9))),
    ]

    with closing(open_reader(library(tmp_path, *(reversed(paths) if backwards else paths)))) as db:
        counted = db.execute(
            "SELECT session.key FROM reply JOIN session ON session.id = session_id WHERE counted"
        ).fetchall()
    assert counted == [("one",)]


def test_one_reply_under_two_requests_is_two_calls_of_the_api(tmp_path: Path) -> None:
    lines = [b.says("x1", api="m1", request="r1"), b.says("x2", api="m1", request="r2")]

    with closing(open_reader(library(tmp_path, b.write(tmp_path / "a.jsonl", *lines)))) as db:
        assert totals.tokens(db)["claude-opus-4-6"].output == 10


def test_replies_without_ids_are_counted_each(tmp_path: Path) -> None:
    lines = [b.says(uuid, api="", request=None) for uuid in ("x1", "x2")]

    with closing(open_reader(library(tmp_path, b.write(tmp_path / "a.jsonl", *lines)))) as db:
        assert totals.totals(db).replies == 2
        assert totals.tokens(db)["claude-opus-4-6"].output == 10


def test_the_usage_of_a_reply_is_on_the_last_of_its_lines(tmp_path: Path) -> None:
    lines = [
        b.thinks("x1", api="m1", usage=b.usage(output=1)),
        b.says("x2", api="m1", usage=b.usage(output=5), stop="end_turn"),
    ]

    with closing(open_reader(library(tmp_path, b.write(tmp_path / "a.jsonl", *lines)))) as db:
        first, last = only(db)["messages"]

    assert first["usage"] is None
    assert last["usage"].items() >= {
        "input": 10, "output": 5, "cache_read": 100, "cache_creation": 20, "final": True,
    }.items()  # fmt: skip
    assert first["reply"] == last["reply"] == "m1"


CALLED = [b.prompt("p1", at=1), b.calls("a1", "t1", parent="p1", at=2)]
ANSWER = b.answers("r1", "t1", "the output", "a1", at=5)


def rows(root: Path, *, later: bool) -> list[transcript.BlockRow]:
    """Return the rows of a call whose result is only in the session that resumed it."""
    old = b.write(root / f"{OLD}.jsonl", *b.of(OLD, *CALLED))
    new = b.write(root / f"{NEW}.jsonl", *b.of(NEW, *CALLED))
    if not later:
        b.append(new, *b.of(NEW, ANSWER))
    with writing(root / "l.clew") as (db, ingest):
        reads(ingest, old, new)
        if later:
            b.append(new, *b.of(NEW, ANSWER))
            reads(ingest, new)
        (row,) = conversations.page(db)
        return transcript.rows(db, transcript.spine(db, row.id).ids)


@pytest.mark.parametrize("later", [False, True])
def test_a_result_that_only_a_resumed_copy_holds_is_its_calls(later: bool, tmp_path: Path) -> None:
    found = rows(tmp_path, later=later)

    (call,) = (row.call for row in found if row.call)
    assert (call.outcome, call.result) == ("ok", "the output")
    assert [row.text for row in found if not row.boundary] == ["hello", "ls"]
