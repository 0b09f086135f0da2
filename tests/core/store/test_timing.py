"""Times of statements: counted as they are, bounded, and without what was asked."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.timing import Figure, TimedConnection, Timings, at_share

NUMBERS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n LIMIT ?"


@pytest.fixture
def timings() -> Timings:
    return Timings()


@pytest.fixture
def db(timings: Timings) -> Iterator[TimedConnection]:
    with closing(sqlite3.connect(":memory:", factory=TimedConnection)) as found:
        found.timings = timings
        yield found


def only(timings: Timings) -> Figure:
    (figure,) = timings.figures()
    return figure


@pytest.mark.parametrize("rows", [0, 1, 256, 257, 1000])
def test_rows_come_as_they_would_and_are_counted(
    db: TimedConnection, timings: Timings, rows: int
) -> None:
    expected = [(number + 1,) for number in range(rows)]

    assert list(db.execute(NUMBERS, (rows,))) == expected
    assert db.execute(NUMBERS, (rows,)).fetchall() == expected
    assert (only(timings).count, only(timings).rows) == (2, 2 * rows)


def test_a_row_and_then_the_rest_are_one_time(db: TimedConnection, timings: Timings) -> None:
    found = db.execute(NUMBERS, (5,))

    assert found.fetchone() == (1,)
    assert [x for (x,) in found] == [2, 3, 4, 5]
    assert (only(timings).count, only(timings).rows) == (1, 5)


def test_who_has_seen_enough_is_counted(db: TimedConnection, timings: Timings) -> None:
    for _row in db.execute(NUMBERS, (10,)):
        break

    assert (only(timings).count, only(timings).stopped) == (1, 0)


def test_a_statement_that_fails_is_counted_apart(db: TimedConnection, timings: Timings) -> None:
    with pytest.raises(sqlite3.OperationalError):
        db.execute("SELECT * FROM none")
    db.set_progress_handler(lambda: True, 1)
    with pytest.raises(sqlite3.OperationalError):
        list(db.execute(NUMBERS, (100_000,)))

    assert [(one.count, one.stopped) for one in timings.figures()] == [(0, 1), (0, 1)]


def test_nothing_is_kept_of_what_was_asked_for(db: TimedConnection, timings: Timings) -> None:
    db.execute("SELECT :said", {"said": "a secret"}).fetchone()

    assert "secret" not in repr(timings.figures()) + repr(timings.slow())


def test_slow_ones_are_listed_the_newest_first_and_not_all() -> None:
    timings = Timings(slow_ms=50)
    for number in range(200):
        timings.note(f"SELECT {number}", 49.0, 1)
        timings.note(f"SELECT {number}", 50.0 + number, 1)

    slow = timings.slow()
    assert [one.sql for one in slow[:2]] == ["SELECT 199", "SELECT 198"]
    assert len(slow) == 64
    assert all(one.ms >= 50 for one in slow)


def test_however_many_statements_there_are_what_is_kept_is_bounded() -> None:
    timings = Timings()
    for number in range(2_000):
        timings.note(f"SELECT {number}", 1.0, 1)

    figures = timings.figures()
    assert len(figures) == 513
    assert sum(one.count for one in figures) == 2_000


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_shares_are_of_the_last_times_and_in_order(times: list[float]) -> None:
    timings = Timings()
    for ms in times:
        timings.note("SELECT 1", ms, 0)

    figure = only(timings)
    assert figure.p50 in times[-256:]
    assert figure.p50 <= figure.p95 <= figure.longest == max(times)
    assert figure.count == len(times)


def test_of_nothing_there_is_no_share() -> None:
    assert at_share((), 0.95) == 0
    assert at_share((1.0, 2.0, 3.0), 0.5) == 2.0


def test_without_timings_a_connection_is_as_any_other() -> None:
    with closing(sqlite3.connect(":memory:", factory=TimedConnection)) as db:
        assert type(db.execute("SELECT 1")) is sqlite3.Cursor
