"""Work that is too long for the thread of the writer, done on another one with a reader."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Generic, TypeVar

from core.store.connection import open_reader

T = TypeVar("T")


class Aside(Generic[T]):
    """Does one thing at a time beside the thread that it belongs to.

    What is read is the library as it was when the work began: whoever takes the result finds
    out whether that is still so.
    """

    def __init__(self, library: Path, wake: Callable[[], None]) -> None:
        """Read the library at *library*; *wake* is called when a piece of work has ended."""
        self._library = library
        self._wake = wake
        self._thread: threading.Thread | None = None
        self._reader: Connection | None = None
        self._result: T | Exception | None = None
        self.ended = False  # whether there is a result to take

    @property
    def busy(self) -> bool:
        """Whether something is being done, or its result was not taken."""
        return self._thread is not None

    def start(self, work: Callable[[Connection], T]) -> None:
        """Begin *work*; nothing else may be in hand."""
        self._result, self.ended = None, False
        self._thread = threading.Thread(
            target=self._run, args=(work,), name="analysis", daemon=True
        )
        self._thread.start()

    def taken(self) -> T | Exception | None:
        """Return what came of the work, once it has `ended`; None while it goes on."""
        if self._thread is None or not self.ended:
            return None
        self._thread.join()
        self._thread = None
        return self._result

    def close(self) -> None:
        """Stop what is being done at its next look at the library; nothing comes of it."""
        if self._reader is not None:
            self._reader.interrupt()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, work: Callable[[Connection], T]) -> None:
        try:
            with closing(open_reader(self._library)) as db:
                self._reader = db
                db.execute("BEGIN")  # one state of the library, whatever is written meanwhile
                try:
                    self._result = work(db)
                finally:
                    self._reader = None
        except Exception as error:  # noqa: BLE001  given to whoever takes the result
            self._result = error
        self.ended = True
        self._wake()
