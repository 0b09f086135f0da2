"""Hears when a file system is mounted or unmounted: no watch of a folder tells of that."""

import os
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_TABLE = Path("/proc/self/mountinfo")  # Linux: becomes readable by priority when it changes


class Mounts:
    """Calls back after every change of what is mounted; asleep until then. Linux only."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Call *changed* on a thread of its own."""
        self._changed = changed
        self._thread: threading.Thread | None = None
        self._end = -1  # a pipe's end that ends the thread

    def start(self) -> None:
        """Begin to listen; where there is nothing to listen to, nothing happens."""
        if self._thread is not None or not sys.platform.startswith("linux"):
            return
        try:
            table = os.open(_TABLE, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        ended, self._end = os.pipe()
        self._thread = threading.Thread(
            target=self._run, args=(table, ended), name="mounts", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            os.close(self._end)
            self._thread.join()
            self._thread = None

    def _run(self, table: int, ended: int) -> None:
        poll = select.poll()
        poll.register(table, select.POLLPRI)
        poll.register(ended, select.POLLHUP)
        while ended not in {descriptor for descriptor, _ in poll.poll()}:
            self._changed()
        os.close(table)
        os.close(ended)
