"""The rows of a statement as one value are the rows of the statement."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queries import at_once
from core.store import packing
from core.store.timing import TimedConnection, Timings

ALL = "SELECT id, said, text FROM kept ORDER BY id LIMIT -1"
NAMES = ("id", "said", "text")
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def db() -> Iterator[Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as found:
        packing.register(found)
        found.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, said TEXT, text ANY) STRICT")
        yield found


def keep(db: Connection, texts: list[tuple[str, int]]) -> list[list[object]]:
    """Keep each text as many times as is said, and return the rows as they are to come out."""
    db.execute("DELETE FROM kept")
    packer = packing.Packer()
    rows = [(id_, said, said * times) for id_, (said, times) in enumerate(texts)]
    db.executemany(
        "INSERT INTO kept VALUES (?, ?, ?)", [(a, b, packer.packed(text)) for a, b, text in rows]
    )
    return [list(row) for row in rows]


@given(texts=st.lists(st.tuples(TEXTS, st.integers(0, 60)), max_size=20), most=st.integers(0, 900))
def test_rows_come_as_they_were_kept_each_text_cut(
    db: Connection, texts: list[tuple[str, int]], most: int
) -> None:
    rows = keep(db, texts)

    found = at_once.rows(db, ALL, NAMES, {}, {"text": most})

    assert found == [[id_, said, str(text)[:most]] for id_, said, text in rows]


@given(texts=st.lists(st.tuples(TEXTS, st.just(1)), max_size=20))
def test_columns_are_those_of_the_rows(db: Connection, texts: list[tuple[str, int]]) -> None:
    rows = keep(db, texts)

    ids, said = at_once.columns(db, ALL, ("id", "said"), {})

    assert ids == [row[0] for row in rows]
    assert said == [row[1] for row in rows]


def test_what_is_no_text_stays_what_it_is(db: Connection) -> None:
    sql = "SELECT 1 << 62 AS most, -0.25 AS part, NULL AS missing, '\"\\' || char(10) AS said"

    found = at_once.rows(db, sql, ("most", "part", "missing", "said"), {}, {"missing": 5})

    assert found == [[1 << 62, -0.25, None, '"\\\n']]


def test_a_statement_gives_one_row_however_many_it_has(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with closing(sqlite3.connect(path, factory=TimedConnection, isolation_level=None)) as timed:
        timed.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, said TEXT, text ANY) STRICT")
        keep(timed, [("some words", 50)] * 300)
        timed.timings = Timings()

        assert len(at_once.rows(timed, ALL, NAMES, {}, {"text": 100})) == 300
        assert [(one.count, one.rows) for one in timed.timings.figures()] == [(1, 1)]


def test_a_text_that_is_none_is_said_as_the_module_itself_says_it(db: Connection) -> None:
    damaged = "SELECT CAST(x'E4BD' AS TEXT) AS said LIMIT 1"

    with pytest.raises(sqlite3.OperationalError, match="Could not decode"):
        at_once.rows(db, damaged, ("said",), {})
    with pytest.raises(sqlite3.OperationalError, match="Could not decode"):
        at_once.columns(db, damaged, ("said",), {})
