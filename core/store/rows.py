"""Many rows in one statement.

Beginning and ending a statement takes SQLite longer than most rows do, above all where a trigger
hangs on the table, and Python gives its lock away each time: with a row each, readers on other
threads hold the writer up at every one.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from sqlite3 import Connection

_SIZES = (50, 8)  # rows in a statement; what is left over goes in one by one


def insert(db: Connection, into: str, rows: Sequence[tuple[object, ...]], ending: str = "") -> None:
    """Insert *rows*, all of one length; *into* is the statement up to ``VALUES``.

    *ending* is what stands behind the values. A row is a tuple of what its statement takes, in
    order. Not for full-text tables, which would cut their index at every statement.
    """
    done = 0
    for size in _SIZES:
        while len(rows) - done >= size:
            values = chain.from_iterable(rows[done : done + size])
            db.execute(_statement(into, len(rows[done]), size, ending), list(values))
            done += size
    if done < len(rows):
        db.executemany(_statement(into, len(rows[done]), 1, ending), rows[done:])


@lru_cache(maxsize=64)
def _statement(into: str, width: int, rows: int, ending: str) -> str:
    row = f"({', '.join('?' * width)})"
    return f"{into} VALUES {', '.join([row] * rows)} {ending}"
