"""The write-ahead log as a file: what is in it is told without a checkpoint."""

import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from core.store import wal
from core.store.connection import open_writer


def fill(db: Connection, rows: int) -> None:
    db.execute("BEGIN")
    db.executemany("INSERT INTO t VALUES (zeroblob(3000))", [()] * rows)
    db.execute("COMMIT")


def by_sqlite(db: Connection) -> int:
    """Return how many pages SQLite says are in the log. This is a checkpoint."""
    return int(db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1])


def test_without_a_log_nothing_is_in_it(tmp_path: Path) -> None:
    assert wal.frames(tmp_path / "none.clew") == 0
    assert wal.log_bytes(tmp_path / "none.clew") == 0


def test_pages_are_counted_as_sqlite_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        db.execute("CREATE TABLE t (x)")
        for rows in (1, 50, 300):
            fill(db, rows)

            assert wal.frames(path) == by_sqlite(db)


def test_what_is_left_of_an_older_log_is_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        db.execute("CREATE TABLE t (x)")
        fill(db, 500)
        before = wal.log_bytes(path)
        by_sqlite(db)  # all of it is in the library now: the next commit begins the log anew
        fill(db, 3)

        assert wal.log_bytes(path) == before
        assert 0 < wal.frames(path) < 20
        assert wal.frames(path) == by_sqlite(db)


def test_looking_at_the_log_takes_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        db.execute("CREATE TABLE t (x)")
        fill(db, 500)
        before = path.read_bytes()

        for _ in range(10):
            wal.frames(path)
            wal.log_bytes(path)

        assert path.read_bytes() == before


def test_a_log_that_is_no_log_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    for content in (b"", b"short", b"\0" * 32, b"\xff" * 50):
        wal.log_of(path).write_bytes(content)

        assert wal.frames(path) == 0


def test_a_page_of_another_size_is_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA page_size = 8192")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE t (x)")
        fill(db, 40)

        assert wal.frames(path) == by_sqlite(db)
