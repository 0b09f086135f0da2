"""Slow reads of the library, off the UI's thread; on each channel only the newest is answered."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal

from core.store.connection import open_reader
from desktop.workers.errands import Abandoned, Errands, Failed, Stale

T = TypeVar("T")

_STEPS: Final = 2_000  # SQLite instructions between two looks at whether anybody still waits


class QueryRunner(QObject):
    """One worker with one read-only connection, opened with the first question."""

    settled = Signal()  # nobody waits for an answer any more

    def __init__(
        self, library: Path, parent: QObject | None = None, *, name: str = "queries"
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._db: Connection | None = None
        self._errands = Errands(name, self, leave=self._hang_up)
        self._errands.settled.connect(self.settled)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._errands.busy

    def ask(
        self,
        channel: str,
        question: Callable[[Connection], T],
        answered: Callable[[T], None],
        failed: Failed | None = None,
    ) -> None:
        """Call *question* with a reader on the worker, and *answered* with the result here.

        A newer question on *channel* stops this one, inside its statement if need be, and then
        nobody is answered. Everything a question reads is of one moment. An error is given to
        *failed*, or raised here if there is none.
        """
        self._errands.ask(channel, partial(self._read, question), answered, failed)

    def forget(self, channel: str) -> None:
        """Stop the question of *channel*, if any; nobody is answered."""
        self._errands.forget(channel)

    def close(self) -> None:
        """Abandon all questions, close the connection and end the worker."""
        self._errands.close()

    def _read(self, question: Callable[[Connection], T], stale: Stale) -> T:
        if self._db is None:
            self._db = open_reader(self._library)
        db = self._db
        db.set_progress_handler(stale, _STEPS)
        try:
            db.execute("BEGIN")
            return question(db)
        except sqlite3.OperationalError as error:
            if stale():
                raise Abandoned from error
            raise
        finally:
            db.set_progress_handler(None, 0)
            if db.in_transaction:
                db.execute("ROLLBACK")

    def _hang_up(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
