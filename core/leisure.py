"""What is done while nobody asks for anything: a bug in that ends it, and nothing else."""

import logging
import sqlite3
from collections.abc import Callable
from typing import Final

from core.errors import CoreError

log = logging.getLogger(__name__)

# What SQLite says of a statement that is wrong; all else is about the disk or the library.
_OURS: Final = ("SQLITE_ERROR", "SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_RANGE")


class Leisure:
    """Takes steps of work that can be made again at any time, until one fails by a bug.

    Reading and following go on then: what they do does not rest on this. The log tells of it,
    and the next start tries again.
    """

    def __init__(self, db: sqlite3.Connection, step: Callable[[], bool]) -> None:
        """Do *step* on *db*, the writer's connection; it returns whether it did anything."""
        self._db = db
        self._step = step
        self._failed = False

    def step(self) -> bool:
        """Do one step; return False if there is nothing to do.

        Raises:
            CoreError: as the step does.
            sqlite3.DatabaseError: the disk or the library is at fault.
        """
        if self._failed:
            return False
        try:
            return self._step()
        except CoreError:
            raise
        except sqlite3.DatabaseError as error:
            if not _is_ours(error):
                raise
            self._give_up(error)
        except Exception as error:  # noqa: BLE001  whatever it is, following goes on
            self._give_up(error)
        return False

    def _give_up(self, error: Exception) -> None:
        log.error("the work in the background ends until the next start", exc_info=error)
        self._failed = True
        if self._db.in_transaction:
            self._db.rollback()


def _is_ours(error: sqlite3.DatabaseError) -> bool:
    name = getattr(error, "sqlite_errorname", "") or ""
    return not name or name.startswith(_OURS)
