"""How a library keeps what is written until it is whole: a write-ahead log, or a rollback journal.

A write-ahead log needs memory that processes share, which some file systems, most of them reached
over a network, do not give. SQLite then makes the log and cannot write to it. Such a library is
kept with a rollback journal: everything works, but a commit waits for reads that are under way,
and reads for the commit.
"""

import sqlite3
from sqlite3 import Connection
from typing import Final

_REFUSED: Final = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR_SHM", "SQLITE_PROTOCOL")
_PATIENCE_MS: Final = 60_000  # of a commit: a read may take as long as that
_WITHOUT_LOG: Final = (
    # What does not fit into the cache would be written before its time, with readers kept out.
    "PRAGMA cache_spill = OFF",
    f"PRAGMA busy_timeout = {_PATIENCE_MS}",
)


def is_refused(error: sqlite3.Error) -> bool:
    """Tell whether *error* is how SQLite says that there is no shared memory, among others."""
    return (getattr(error, "sqlite_errorname", "") or "").startswith(_REFUSED)


def has_log(db: Connection) -> bool:
    """Give *db*, a new connection, a write-ahead log; return whether it can write with it.

    A library that was kept with a journal gets a log as soon as it can be had and nobody reads.
    """
    try:
        if mode(db) != "wal":
            before = db.execute("PRAGMA busy_timeout").fetchone()[0]
            db.execute("PRAGMA busy_timeout = 0")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA busy_timeout = {before}")
        if mode(db) != "wal":
            return False
        db.execute("BEGIN IMMEDIATE")  # the reply alone may be wrong
        db.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if is_refused(error) or mode(db) != "wal":
            return False
        raise
    return True


def keep_journal(db: Connection) -> None:
    """Give *db*, a new connection that nothing was asked yet, a rollback journal instead.

    Raises:
        sqlite3.OperationalError: the library cannot be written to at all, or somebody reads it.
    """
    db.execute("PRAGMA locking_mode = EXCLUSIVE")  # then a log needs no shared memory
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA locking_mode = NORMAL")
    db.execute("BEGIN IMMEDIATE")  # also lets go of the lock
    db.execute("ROLLBACK")


def mode(db: Connection) -> str:
    """Return what *db* has: "wal", or "delete" for a journal."""
    return str(db.execute("PRAGMA journal_mode").fetchone()[0])


def adapt(db: Connection) -> str:
    """Set *db*, a writer, for what it has; return how it waits for the disk as a rule."""
    if mode(db) == "wal":
        usual = "NORMAL"  # a crash of Clew loses nothing; see docs/storage.md
    else:
        usual = "FULL"  # less could damage the library
        for pragma in _WITHOUT_LOG:
            db.execute(pragma)
    db.execute(f"PRAGMA synchronous = {usual}")
    return usual
