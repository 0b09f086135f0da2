"""Waits for a library that another program writes to, longer than SQLite itself does.

Clew's own writers keep each other out with a lock of theirs; this is about all others.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

TRIES: Final = 5  # in each SQLite waits for the lock, see `core.store.connection.BUSY_MS`
_PAUSE: Final = 0.1  # seconds before the second try; each further one waits twice as long
_HELD: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY: Final = 0xFF  # of a result code: what is beyond says more precisely what happened


def patiently(
    work: Callable[[], T],
    ended: Callable[[], bool] = lambda: False,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Return what *work* does; try again while another program holds the library.

    *work* has to be all or nothing. There are `TRIES`, and none once *ended*.

    Raises:
        sqlite3.Error: that of the last try, or any that is about something else.
    """
    for number in range(TRIES - 1):
        try:
            return work()
        except sqlite3.OperationalError as error:
            if not is_held(error) or ended():
                raise
        sleep(_PAUSE * 2**number)
    return work()


def is_held(error: sqlite3.Error) -> bool:
    """Tell whether *error* says that another connection holds the library."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY in _HELD
