"""A library that another program writes to is waited for, and not for ever."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.store.patiently import TRIES, is_held, patiently


@pytest.fixture
def library(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "l.db")) as db:
        db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (x);")
    return tmp_path / "l.db"


@pytest.fixture
def other(library: Path) -> Iterator[Connection]:
    """Another program's connection, in the middle of a transaction."""
    with closing(sqlite3.connect(library, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield db


@pytest.fixture
def db(library: Path) -> Iterator[Connection]:
    with closing(sqlite3.connect(library, isolation_level=None, timeout=0)) as found:
        yield found


def test_it_is_tried_again_until_the_other_program_has_done(
    db: Connection, other: Connection
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            other.execute("COMMIT")

    patiently(partial(db.execute, "BEGIN IMMEDIATE"), sleep=sleep)

    assert db.in_transaction
    assert pauses == [0.1, 0.2, 0.4]  # each twice as long as the one before


def test_after_so_many_tries_it_is_given_up(db: Connection, other: Connection) -> None:
    pauses: list[float] = []
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        patiently(partial(db.execute, "BEGIN IMMEDIATE"), sleep=pauses.append)
    assert len(pauses) == TRIES - 1


def test_it_is_not_tried_again_when_nobody_waits_any_more(
    db: Connection, other: Connection
) -> None:
    pauses: list[float] = []
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        patiently(partial(db.execute, "BEGIN IMMEDIATE"), lambda: True, sleep=pauses.append)
    assert pauses == []


def test_other_errors_are_raised_at_once(db: Connection) -> None:
    pauses: list[float] = []
    with pytest.raises(sqlite3.OperationalError, match="no such table") as raised:
        patiently(partial(db.execute, "SELECT * FROM nowhere"), sleep=pauses.append)
    assert pauses == []
    assert not is_held(raised.value)
