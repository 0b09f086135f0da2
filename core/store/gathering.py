"""Transactions of several calls: many small ones cost much more than a few larger ones.

Most of the difference is in the search index, which is cut into a piece for each of them.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from sqlite3 import Connection

from core.errors import StaleSliceError
from core.store.connection import commit
from core.store.patiently import patiently
from core.store.presence import Presence


class Gathering:
    """The transactions of the one writer.

    *begin* and *finish* do what is done once for a transaction, at its beginning and its end;
    *forget* drops what is remembered of one that was undone.
    """

    def __init__(
        self,
        db: Connection,
        begin: Callable[[], None],
        finish: Callable[[], None],
        forget: Callable[[], None],
    ) -> None:
        """Begin and end the transactions of *db*."""
        self._db = db
        self._begin = begin
        self._finish = finish
        self._forget = forget
        self._presence = Presence(db)
        self.active = False  # inside of `together`
        self.ended: Callable[[], bool] = lambda: False  # whether nobody waits for one any more

    @contextmanager
    def together(self) -> Generator[None]:
        """Make one transaction of what is written in the body until each `flush`.

        What was not flushed when the body ends or raises is as if it had never been.
        """
        self.active = True
        try:
            yield
        finally:
            self.active = False
            if self._db.in_transaction:
                self._undo()

    @contextmanager
    def apart(self) -> Generator[None]:
        """Let each `transaction` in the body, inside of `together`, be one. Flush before."""
        active, self.active = self.active, False
        try:
            yield
        finally:
            self.active = active

    @contextmanager
    def until(self, ended: Callable[[], bool]) -> Generator[None]:
        """Wait for another program that writes, as the body needs it, but not once *ended*."""
        before, self.ended = self.ended, ended
        try:
            yield
        finally:
            self.ended = before

    def apply(self, work: Callable[[Connection], bool]) -> bool:
        """Return what *work*, a transaction of its own, does; for between two others."""
        return patiently(partial(work, self._db), self.ended)

    def flush(self) -> None:
        """Commit what was gathered, if anything was."""
        if self._db.in_transaction:
            try:
                self._commit()
            except BaseException:
                self._undo()
                raise

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make a transaction of the body, or a part of the one that is gathered."""
        if not self._db.in_transaction:
            patiently(partial(self._db.execute, "BEGIN IMMEDIATE"), self.ended)
            self._begin()
        try:
            yield
            if not self.active:
                self._commit()
        except StaleSliceError:  # found out before anything of it was written
            if not self.active:
                self._undo()
            raise
        except BaseException:
            self._undo()
            raise

    def _commit(self) -> None:
        self._finish()
        self._presence.check()
        commit(self._db)

    def _undo(self) -> None:
        if self._db.in_transaction:  # a full disk has already rolled it back
            self._db.execute("ROLLBACK")
        self._forget()
