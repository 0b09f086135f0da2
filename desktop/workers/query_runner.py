"""Slow reads of the library, off the UI's thread; on each channel only the newest is answered."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from core.store.readers import Readers, Superseded
from desktop.workers.errands import Abandoned, Errands, Failed, Stale

T = TypeVar("T")


class QueryRunner(QObject):
    """One worker; every question is asked of a connection that a pool of readers lends."""

    settled = Signal()  # nobody waits for an answer any more

    def __init__(
        self,
        library: Path,
        parent: QObject | None = None,
        *,
        name: str = "queries",
        readers: Readers | None = None,
    ) -> None:
        """Ask for the purpose called *name*; without *readers* the worker has a pool of its own."""
        super().__init__(parent)
        self._purpose = name
        self._own = readers is None
        self.readers = Readers(library, most=1) if readers is None else readers
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
        self.readers.interrupt()

    def forget(self, channel: str) -> None:
        """Stop the question of *channel*, if any; nobody is answered."""
        self._errands.forget(channel)
        self.readers.interrupt()

    def close(self) -> None:
        """Abandon all questions and end the worker."""
        self._errands.close()

    def _read(self, question: Callable[[Connection], T], stale: Stale) -> T:
        try:
            with self.readers.lend(self._purpose, stale=stale) as db:
                return question(db)
        except Superseded as stopped:
            raise Abandoned from stopped

    def _hang_up(self) -> None:
        if self._own:
            self.readers.close()
