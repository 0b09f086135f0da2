"""Upkeep of a library in slices: statistics, full-text index, free pages.

Each function is an iterator of how far it is; between two of its steps nothing is half done and
the writer may do other work, and dropping it ends the upkeep there. What SQLite does in a single
statement can be stopped with the connection's `interrupt`: that statement is then undone.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from core.store.checkpoints import Checkpoints

_VACUUM_PAGES: Final = 512  # of a slice: 2 MB
_FREE: Final = 64  # of so many pages one may be free
_MERGE_PAGES: Final = 256  # of the full-text index in a slice
_MERGES: Final = 100_000  # at most; an index that never came to its end would be a bug of SQLite
_ROWS_LOOKED_AT: Final = 2_000  # of each index, for the statistics
_CHANGED: Final = 2  # a merge that changes fewer rows has found nothing to do; see the FTS5 pages
_MERGE: Final = "INSERT INTO search (search, rank) VALUES ('merge', ?)"
_REBUILD: Final = "INSERT INTO search (search) VALUES ('rebuild')"


@dataclass(frozen=True, slots=True)
class Step:
    """How far upkeep is: what it is about to do, and how much of *total* is done; 0: unknown."""

    doing: str
    done: int
    total: int


def statistics(db: Connection) -> Iterator[Step]:
    """Count anew what the planner of queries goes by, one table at a time."""
    names = [
        name
        for (name,) in db.execute(
            "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY 1"
        )
    ]
    db.execute(f"PRAGMA analysis_limit = {_ROWS_LOOKED_AT}")
    for number, name in enumerate(names):
        yield Step(f"statistics of {name}", number, len(names))
        quoted = '"' + str(name).replace('"', '""') + '"'
        db.execute(f"ANALYZE {quoted}")


def merged(db: Connection) -> Iterator[Step]:
    """Bring the pieces of the full-text index together, so that a search looks at fewer."""
    size = -_MERGE_PAGES  # the first one, below zero, chooses the pieces; then it goes on
    for number in range(_MERGES):
        yield Step("full-text index", number, 0)
        before = db.total_changes
        db.execute(_MERGE, (size,))
        if db.total_changes - before < _CHANGED:
            return
        size = _MERGE_PAGES


def rebuilt(db: Connection) -> Iterator[Step]:
    """Make the full-text index anew from the texts; until it is done the old one is used."""
    yield Step("full-text index, anew", 0, 0)
    db.execute(_REBUILD)


def compacted(db: Connection) -> Iterator[Step]:
    """Give free pages back to the disk, some at a time."""
    total = free_pages(db)
    left = total
    while left:
        yield Step("free pages", total - left, total)
        # A statement of its own would free one page for each row that is fetched.
        db.executescript(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})")
        now = free_pages(db)
        if now >= left:  # a library that was made otherwise keeps its free pages
            return
        left = now


def loosened(db: Connection) -> bool:
    """Give a slice of free pages back to the disk if they are many; tell whether that was so.

    A library that only grows fills them again: some are left. Costs what is at the end of the
    file, 2 MB at most, being moved to its front.
    """
    pages = int(db.execute("PRAGMA page_count").fetchone()[0])
    if free_pages(db) <= max(_VACUUM_PAGES, pages // _FREE):
        return False
    db.executescript(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})")
    now = int(db.execute("PRAGMA page_count").fetchone()[0])
    return now < pages  # a library that was made otherwise keeps its free pages


def emptied(checkpoints: Checkpoints) -> Iterator[Step]:
    """Bring the write-ahead log into the library.

    Raises:
        sqlite3.OperationalError: it could not be done.
    """
    yield Step("write-ahead log", 0, 0)
    trouble = checkpoints.run("TRUNCATE").trouble
    if trouble:
        raise sqlite3.OperationalError(trouble)


def free_pages(db: Connection) -> int:
    """Return how many pages of the library hold nothing."""
    return int(db.execute("PRAGMA freelist_count").fetchone()[0])
