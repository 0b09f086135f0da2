"""The library in numbers, and whether they add up."""

from contextlib import closing
from datetime import UTC, date
from pathlib import Path

import pytest

from core.queries import health, spending, totals
from core.queries.periods import Period
from core.queries.totals import Day, Held, Outcomes, Tokens, Totals
from core.store import rollups
from core.store.connection import open_writer
from tests import base_all_time as base
from tests import builders as b
from tests.library import imported, imports, reads, writing

DAY_MS = 86_400_000
EVERY_DAY = Period(date(1970, 1, 1), date(2026, 1, 3), -(1 << 62), 1 << 62, whole=True)
START = int(b.START.timestamp() * 1000) // DAY_MS * DAY_MS
ONE_DAY = Period(date(2026, 1, 1), date(2026, 1, 1), START, START + DAY_MS)
ODD = Period(date(2026, 1, 1), date(2026, 1, 1), START - 2 * DAY_MS - 1, START + DAY_MS)

LINES: list[b.Line] = [
    b.prompt("p1", at=1),
    b.calls("a1", "t1", parent="p1", api="m1", at=2),
    b.answers("r1", "t1", error=True, at=3),
    b.calls("a2", "t2", "Read", api="m2", at=4),
    b.says("a3", api="m3", model="claude-haiku", at=86_400 * 2),
    b.queued("q1", "also"),
    {"type": "mode"},
    b"garbage\n",
]


def test_every_number_has_one_meaning(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", *LINES)
    b.write(tmp_path / "logs" / "empty.jsonl", {"type": "mode"})

    with closing(imported(tmp_path, path.parent)) as db:
        assert totals.totals(db) == Totals(
            files=2,
            records=8,
            messages=5,  # user and assistant records; a queued prompt is an attachment
            replies=3,
            prompts=2,
            tool_calls=2,
            errors=1,
            conversations=1,
            problems=1,
        )
        assert totals.tools(db) == {"Bash": Outcomes(calls=1, error=1), "Read": Outcomes(1, none=1)}
        assert totals.tokens(db) == {
            "claude-opus-4-6": Tokens(20, 10, 200, 40),
            "claude-haiku": Tokens(10, 5, 100, 20),
        }
        assert totals.days(db) == [Day("2026-01-01", 4, 2, 2), Day("2026-01-03", 1, 0, 0)]


def test_what_a_window_says_is_what_the_totals_say(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", *LINES)

    with closing(imported(tmp_path, path.parent)) as db:
        all_ = totals.totals(db)
        assert totals.held(db) == Held(
            all_.conversations, all_.messages, all_.problems, all_.hidden
        )
        assert all_.messages


def test_an_empty_library_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert totals.totals(db) == Totals(0, 0, 0, 0, 0, 0, 0, 0, 0)
        assert (totals.tools(db), totals.tokens(db), totals.days(db)) == ({}, {}, [])


def test_a_reply_that_was_asked_for_again_is_one(tmp_path: Path) -> None:
    one = b.write(
        tmp_path / "logs" / "one.jsonl",
        b.says("a1", api="m1", request="first", at=1),
        b.says("a2", parent="a1", api="m1", request="second", at=2),
        b.says("a3", parent="a2", api="xm1", request="third", at=3),
    )
    two = b.write(
        tmp_path / "logs" / "two.jsonl",
        *b.of("two", b.says("b1", api="m1", request="fourth", at=1)),
        *b.of("two", b.says("b2", api="other-000001", at=2)),
        *b.of("two", b.says("b3", api="another-000001", at=3)),
    )
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, one)
        assert totals.totals(db).replies == 2
        reads(ingest, two)
        assert totals.totals(db).replies == 4
        assert db.execute("SELECT tail FROM reply_again ORDER BY tail").fetchall() == [
            ("000001",), ("m1",),
        ]  # fmt: skip
        db.execute("DELETE FROM reply_again WHERE tail = 'm1'")
        assert [one.name for one in health.check(db) if not one.ok] == ["replies told apart"]


_AT = "UPDATE message SET at = :at WHERE kind = 'prompt'"
_REPLIED = "UPDATE reply SET at = :at WHERE id % 2 = 0"


@pytest.mark.parametrize(
    "change",
    [
        "SELECT :at",
        "DELETE FROM call WHERE tool = 'Read'",
        "UPDATE reply SET cost = 7 WHERE model = 'claude-haiku' AND :at",
        "UPDATE reply SET cost = 0",
        "UPDATE reply SET (model, input, output, cache_read, cache_creation) = ('-', 0, 0, 0, 0)",
    ],
)
@pytest.mark.parametrize("at", [None, -90_000_000, -1, 0, 253_402_300_799_999, 253_402_300_800_000])
def test_what_is_read_from_sums_is_what_the_rows_say(
    change: str, at: int | None, tmp_path: Path
) -> None:
    imports(tmp_path / "l.clew", b.write(tmp_path / "logs" / "a.jsonl", *LINES))
    with writing(tmp_path / "l.clew") as (db, _):
        for sql in (_AT, _REPLIED, change):
            db.execute(sql, {"at": at})
        rollups.settle(db)

        assert totals.tools(db) == base.tools_at_all(db)
        assert totals.tokens(db) == base.tokens_at_all(db)
        assert totals.days(db) == base.days_at_all(db)
        assert totals.totals(db).replies == base.replies_at_all(db)
        found = spending.library(db)
        assert (found.models, found.unpriced) == base.cost_at_all(db)
        for within in (EVERY_DAY, ONE_DAY, ODD):
            for project in (None, b.CWD, "/nowhere"):
                assert spending.spending(db, within, UTC, project) == base.spending(
                    db, within, UTC, project
                )


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        ("UPDATE session SET messages = messages + 1", ["session counts", "conversation counts"]),
        ("UPDATE session SET prompts = 99", ["session counts", "conversation counts"]),
        ("UPDATE session SET errors = 99", ["session counts", "conversation counts"]),
        ("UPDATE conversation SET messages = 99", ["conversation counts"]),
        ("UPDATE conversation SET tool_calls = 99", ["conversation counts"]),
        ("UPDATE reply SET counted = 0", ["replies once"]),
        ("UPDATE message SET counted = 0", ["session counts", "messages at all"]),
        ("UPDATE body_kept SET text = 'changed' WHERE id = 1", ["search index"]),
        ("DELETE FROM body_kept WHERE id = 1", ["search index", "texts"]),
        ("UPDATE block SET message_id = 999 WHERE id = 1", ["foreign keys"]),
    ],
)
def test_a_spoiled_library_is_found_out(spoil: str, names: list[str], tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", b.write(tmp_path / "a.jsonl", *LINES))
    with closing(open_writer(tmp_path / "l.clew")) as db:
        assert all(one.ok for one in health.check(db))
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(spoil)

        found = [one.name for one in health.check(db) if not one.ok]

    assert found == names
