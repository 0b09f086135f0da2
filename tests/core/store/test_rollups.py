"""The sums behind the charts are what their rows add up to, after every commit."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.store import rollups
from core.store.connection import open_writer
from core.store.migrate import migrate, steps
from core.store.writer import Writer
from tests import builders as b
from tests.library import PRICES, imports, reads, writing

TABLES = ("rollup_message", "rollup_call", "rollup_reply")


def session(*, name: str = b.SESSION, start: float = 0) -> list[b.Line]:
    """A session over an hour: prompts, calls that end in all ways, an undated note."""
    lines: list[b.Line] = []
    above: str | None = None
    for turn in range(6):
        at = start + turn * 700
        lines += [
            b.prompt(f"{name}u{turn}", "go", above, at=at),
            b.calls(f"{name}a{turn}", f"{name}t{turn}", "Bash", parent=f"{name}u{turn}", at=at + 4),
            b.answers(
                f"{name}r{turn}", f"{name}t{turn}", parent=f"{name}a{turn}", at=at + 300 + turn,
                error=turn % 2 == 0,
            ),
            b.calls(
                f"{name}b{turn}", f"{name}w{turn}", "Read", parent=f"{name}r{turn}", at=at + 303
            ),
        ]  # fmt: skip
        above = f"{name}b{turn}"
    return [*lines, b.prompt(f"{name}x", "when?", above, at=None)]


def sums(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


def test_sums_are_what_the_library_counts(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session())

    with writing(tmp_path / "l.clew", PRICES) as (db, ingest):
        reads(ingest, path)

        assert db.execute("SELECT sum(messages), sum(prompts) FROM rollup_message").fetchone() == (
            25,
            7,
        )
        assert db.execute(
            "SELECT sum(calls), sum(error), sum(ok), sum(unanswered) FROM rollup_call"
        ).fetchone() == (12, 3, 3, 6)
        assert db.execute("SELECT sum(cost), sum(unpriced) FROM rollup_reply").fetchone() == (
            db.execute("SELECT sum(cost), sum(unpriced) FROM conversation").fetchone()
        )
        assert rollups.recount(db, repair=False) == rollups.Recount(1, 0)


def test_active_time_leaves_out_long_gaps_but_not_a_running_tool(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("u1", at=0),
        b.calls("a1", "t1", parent="u1", at=10),
        b.answers("r1", "t1", parent="a1", at=410),  # a tool that runs for 400 s
        b.says("a2", parent="r1", at=420),
        b.prompt("u2", parent="a2", at=800),  # 380 s without anything
        b.says("a3", parent="u2", at=860),
    )

    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)

        assert db.execute("SELECT sum(active_ms) FROM rollup_message").fetchone()[0] == 480_000


def test_a_commit_that_fails_leaves_the_sums_as_they_were(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session())
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        before = sums(db)
        b.append(path, b.prompt("more", parent="x", at=5000))
        db.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON rollup_message "
            "BEGIN SELECT raise(FAIL, ''); END"
        )
        with pytest.raises(sqlite3.IntegrityError):
            reads(ingest, path)
        after = sums(db)
        db.execute("DROP TRIGGER full")
        reads(ingest, path)

        assert after == before
        assert sums(db) != before
        assert rollups.recount(db, repair=False).sound


def test_copies_and_prices_change_the_sums_with_the_rows(tmp_path: Path) -> None:
    other = "22222222-aaaa-4bbb-8ccc-000000000002"
    lines = session()
    first = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *lines)
    second = b.write(
        tmp_path / "logs" / f"{other}.jsonl", *lines, b.prompt("new", parent="x", at=9000)
    )
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, second, first)
        assert db.execute("SELECT sum(cost) FROM rollup_reply").fetchone()[0] == 0
        writer = Writer(db, PRICES)
        writer.price()

        assert db.execute("SELECT sum(calls) FROM rollup_call").fetchone()[0] == 12
        assert db.execute("SELECT sum(cost) > 0 FROM rollup_reply").fetchone()[0] == 1
        assert rollups.recount(db, repair=False).sound


def test_an_appended_line_costs_the_same_however_long_its_session_is(tmp_path: Path) -> None:
    def rows_changed(hours: int) -> int:
        root = tmp_path / str(hours)
        lines = [line for n in range(hours) for line in session(name=f"h{n}", start=n * 3600)]
        path = b.write(root / "logs" / f"{b.SESSION}.jsonl", *lines)
        with writing(root / "l.clew") as (db, ingest):
            reads(ingest, path)
            b.append(path, b.prompt("last", at=hours * 3600 + 60))
            before = db.total_changes
            reads(ingest, path)
            return db.total_changes - before

    assert rows_changed(2) == rows_changed(20)


def test_sums_of_touched_slots_are_found_by_index(tmp_path: Path) -> None:
    with writing(tmp_path / "l.clew") as (db, _):
        for name in TABLES:
            plan = [
                str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {name}_due")
            ]
            assert not [line for line in plan if line.startswith(("SCAN message", "SCAN call"))]
            assert not [line for line in plan if line.startswith("SCAN reply")]


def test_a_wrong_sum_is_found_and_put_right(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session())
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        right = sums(db)
        db.execute("UPDATE rollup_call SET calls = calls + 1")
        db.execute("INSERT INTO rollup_reply VALUES (5, 99, 0, '', 1, 1, 1, 1, 1, 1, 1)")

        assert rollups.recount(db) == rollups.Recount(2, 2)
        assert sums(db) == right
        assert rollups.recount(db).sound


def test_wrong_sums_of_all_time_are_found_and_put_right(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session())
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        right = db.execute("SELECT * FROM rollup_tool").fetchall()
        db.execute("UPDATE rollup_tool SET timed = timed + 1 WHERE tool = 'Bash'")
        db.execute("INSERT INTO rollup_tool VALUES ('Gone', 1, 1, 0, 0, 0, 0, 5, 1)")

        assert rollups.recount(db, repair=False) == rollups.Recount(1, 0, tools=2)
        assert rollups.recount(db) == rollups.Recount(1, 0, tools=2)
        assert db.execute("SELECT * FROM rollup_tool").fetchall() == right
        assert [(tool, calls, timed) for tool, calls, *_, timed in right] == [
            ("Bash", 6, 6), ("Read", 6, 0),
        ]  # fmt: skip
        assert rollups.recount(db).sound


_NO_CALL = "NOT EXISTS (SELECT 1 FROM call WHERE message_id = message.id)"
_CHANGES = st.lists(
    st.sampled_from(
        (
            "UPDATE message SET counted = 1 - counted WHERE id % 7 = :n",
            "UPDATE call SET counted = 1 - counted WHERE id % 5 = :n",
            "UPDATE call SET outcome = 'denied', duration_ms = :n WHERE id % 11 = :n",
            "UPDATE reply SET cost = :n, counted = :n % 2 WHERE id % 3 = :n",
            "UPDATE reply SET model = 'other' WHERE id % 4 = :n",
            "DELETE FROM message WHERE id % 13 = :n",
            f"UPDATE message SET at = at + :n * 600000 WHERE id % 6 = :n AND {_NO_CALL}",
            f"UPDATE message SET at = NULL WHERE id % 17 = :n AND {_NO_CALL}",
            "UPDATE message SET kind = 'queued', agent = 'a' WHERE id % 9 = :n",
        )
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_CHANGES, st.integers(0, 6))
def test_sums_follow_whatever_happens_to_their_rows(
    tmp_path_factory: pytest.TempPathFactory, changes: list[str], n: int
) -> None:
    folder = tmp_path_factory.mktemp("sums")
    path = b.write(folder / "logs" / f"{b.SESSION}.jsonl", *session())
    with writing(folder / "l.clew", PRICES) as (db, ingest):
        reads(ingest, path)
        for sql in changes:
            db.execute(sql, {"n": n})
            rollups.settle(db)

        assert rollups.recount(db, repair=False).sound, json.dumps(changes)


def test_a_library_from_before_is_summed_by_the_step(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    logs = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session())
    imports(tmp_path / "new.clew", logs)
    rows = {}
    with closing(sqlite3.connect(tmp_path / "new.clew")) as new:
        for table in ("source", "conversation", "session", "reply", "message", "block", "call"):
            found = new.execute(f"SELECT * FROM {table}")
            rows[table] = ([column[0] for column in found.description], found.fetchall())
    with closing(open_writer(path)) as db:
        for number in range(1, 5):
            db.executescript(steps()[number])
        db.execute("PRAGMA user_version = 4")
        db.execute("PRAGMA foreign_keys = OFF")
        for table, (columns, stored) in rows.items():
            have = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            kept = [place for place, column in enumerate(columns) if column in have]
            names = ", ".join(columns[place] for place in kept)
            marks = ", ".join("?" for _ in kept)
            db.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                ([row[place] for place in kept] for row in stored),
            )
        migrate(db, path)

        assert db.execute("SELECT sum(calls) FROM rollup_call").fetchone()[0] == 12
        assert rollups.recount(db, repair=False).sound
