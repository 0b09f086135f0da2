"""Many rows in one statement are the same rows."""

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from core.store.rows import AS_IT_IS, BLOCK, SESSION, Base, Rows, insert


@given(count=st.integers(0, 130))
def test_every_row_is_there_once_and_in_order(count: int) -> None:
    rows = [(number, f"text {number}") for number in range(count)]
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)")

        insert(db, "INSERT INTO one (id, text)", Rows.of(2, rows))

        assert db.execute("SELECT id, text FROM one ORDER BY rowid").fetchall() == rows


def test_what_stands_behind_the_values_holds_for_every_row() -> None:
    again = "ON CONFLICT (id) DO UPDATE SET text = excluded.text"
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)")
        for text in ("before", "after"):
            rows = Rows.of(2, [(n, text) for n in range(61)])
            insert(db, "INSERT INTO one (id, text)", rows, again)

        assert db.execute("SELECT DISTINCT text, count(*) FROM one").fetchall() == [("after", 61)]


def test_a_hundred_rows_take_two_statements() -> None:
    told: list[str] = []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        db.set_trace_callback(told.append)

        insert(db, "INSERT INTO one (id)", Rows(1, list(range(100))))

    assert len(told) == 2


@given(count=st.integers(0, 70))
def test_ids_are_counted_from_what_the_library_has(count: int) -> None:
    rows = [(number, None if number % 2 else number, "text") for number in range(1, count + 1)]
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, of INTEGER, session INTEGER, text)")

        into = "INSERT INTO one (id, of, session, text)"
        shape = (BLOCK, BLOCK, SESSION, AS_IT_IS)
        base = Base(message=7, block=100, reply=9, session=3)
        insert(db, into, Rows.of(3, rows), columns=shape, base=base)

        assert db.execute("SELECT * FROM one ORDER BY id").fetchall() == [
            (id_ + 100, None if of is None else of + 100, 3, text) for id_, of, text in rows
        ]


def test_rows_are_kept_value_behind_value() -> None:
    rows = Rows(2)
    rows.add((1, "one"))
    rows.add((2, "two"))

    assert rows == Rows.of(2, [(1, "one"), (2, "two")])
    assert rows.values == [1, "one", 2, "two"]
    assert (len(rows), rows.column(1)) == (2, ["one", "two"])
