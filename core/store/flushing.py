"""Has the disk take what is in the write-ahead log while more is added to it.

A checkpoint waits until the disk has all of the log. In an import that was a twentieth of its time:
16 MB had gathered in the system's memory by then. What is taken early is not taken again.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection
from threading import Event, Thread
from typing import Final

from core.store import wal
from core.store.connection import WritingConnection

_PAUSE: Final = 0.05  # seconds
_FLUSH: Final[Callable[[int], None] | None] = getattr(os, "fdatasync", None)  # not everywhere


@contextmanager
def flushed(
    db: Connection, flush: Callable[[int], None] | None = _FLUSH, pause: float = _PAUSE
) -> Generator[None]:
    """Let a thread hand the log of the writer *db* to the disk with *flush* during the body.

    SQLite is not asked for anything, and no lock of its is on that file. Without *flush*, or a
    log, nothing is done.
    """
    if flush is None or not isinstance(db, WritingConnection):
        yield
        return
    over = Event()
    given = (db.checkpoints.library, flush, over, pause)
    thread = Thread(target=_run, args=given, name="flushing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _run(library: Path, flush: Callable[[int], None], over: Event, pause: float) -> None:
    # What the disk refuses here is refused to the checkpoint that follows, which tells of it.
    with suppress(OSError):
        log = os.open(wal.log_of(library), os.O_RDONLY)
        try:
            while not over.wait(pause):
                flush(log)
        finally:
            os.close(log)
