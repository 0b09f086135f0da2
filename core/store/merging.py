"""When pieces of the full-text index are brought together: not with what is written, but after.

Each transaction leaves a piece. FTS5 merges them within later transactions, as soon as four are
of a size; in an import that is a seventh of all its work, and the commits that a merge falls
into are twice as long. So an import of any size puts it off, and what it leaves is merged in
slices when nothing else is to be done, or between commits once there are `MANY`. Searches look
through all pieces meanwhile.
See https://www.sqlite.org/fts5.html, "The 'automerge' Configuration Option" and those behind it.
"""

from sqlite3 import Connection
from typing import Final

from core.store.connection import transaction

MANY: Final = 64  # pieces that an import may leave

# How many pieces of a size are merged by and by within later transactions, and how many at once.
_EAGER: Final = {"automerge": 4, "crisismerge": 16}  # as FTS5 does unless it is told
_LATER: Final = {"automerge": 0, "crisismerge": 256}  # 0: none; the other only if all else failed
_SLICE: Final = 256  # pages that are written at once: some 15 ms
_CHANGED: Final = 2  # a merge that changes fewer rows has found nothing to do; see the FTS5 pages
_SET: Final = "INSERT INTO search (search, rank) VALUES (?, ?)"
_MERGE: Final = "INSERT INTO search (search, rank) VALUES ('merge', ?)"
_STANDING: Final = "SELECT v FROM search_config WHERE k = 'automerge'"


def is_put_off(db: Connection) -> bool:
    """Tell whether merging waits for `step`. One look-up."""
    row = db.execute(_STANDING).fetchone()
    return row is not None and row[0] == _LATER["automerge"]


def put_off(db: Connection) -> None:
    """Leave pieces as they are until `step` is called. To be called inside of a transaction."""
    if not is_put_off(db):
        db.executemany(_SET, _LATER.items())


def merge(db: Connection) -> bool:
    """Write a slice of larger pieces; return False if no four are of a size.

    Not to be called inside of a transaction.
    """
    with transaction(db):
        return _merged(db)


def step(db: Connection) -> bool:
    """Merge a slice of what was put off; return False if nothing was.

    Behind the last slice it is as if nothing had been put off. Not to be called inside of a
    transaction.
    """
    if not is_put_off(db):
        return False
    with transaction(db):
        if not _merged(db):
            db.executemany(_SET, _EAGER.items())
    return True


def _merged(db: Connection) -> bool:
    before = db.total_changes
    db.execute(_MERGE, (_SLICE,))
    return db.total_changes - before >= _CHANGED
