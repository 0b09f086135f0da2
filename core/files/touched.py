"""Files that may have changed and wait to be read, each of them once."""

import threading
from collections.abc import Callable, Container
from pathlib import Path


class Touched:
    """Takes news from any thread and keeps it in order; a flood about one file is one entry."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """Call *wake*, on the thread that brings the news, when the first one begins to wait."""
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: dict[Path, None] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, path: Path) -> None:
        """Note that *path* may have changed."""
        with self._lock:
            first = not self._waiting
            self._waiting[path] = None
        if first:
            self._wake()

    def take(self, besides: Container[Path | None] = ()) -> tuple[Path, ...]:
        """Return all that wait, first come first, and forget them; *besides* go on waiting."""
        with self._lock:
            found = tuple(path for path in self._waiting if path not in besides)
            for path in found:
                del self._waiting[path]
        return found

    def remind(self) -> None:
        """Wake once more if anything still waits."""
        if self:
            self._wake()
