"""Looks at the few files that are being written now, many times a second.

The system's notices may come late, together or, on network folders, never; a look at a file's
size costs a few microseconds. While nothing grows there is no timer at all.
"""

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.files.patience import NoAnswerError, Patience

LIVE_S = 120.0  # how long after its last growth a file is looked at
MOST = 32  # files; the ones that have not grown for longest give way
_PAUSES = (  # seconds since something grew, and between two looks until then
    (10.0, 0.025),
    (30.0, 0.1),
    (LIVE_S, 0.5),
)


@dataclass(slots=True)
class _Live:
    facts: tuple[int, int, int]
    grew: float


class LivePoll:
    """Calls back with files that changed since they were noted. Its thread starts when needed."""

    def __init__(
        self,
        changed: Callable[[Path], None],
        clock: Callable[[], float] = time.monotonic,
        patience: Patience | None = None,
    ) -> None:
        """Call *changed*, on a thread of its own, with every file that is not what it was.

        A file that does not answer within the *patience* there is counts as gone.
        """
        self._changed = changed
        self._clock = clock
        self._patience = patience
        self._files: dict[Path, _Live] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def note(self, path: Path) -> None:
        """Look at *path*, which has just grown, for the next two minutes."""
        facts = self._facts(path)
        if facts is None:
            return
        with self._wake:
            slow = self.pause() != _PAUSES[0][1]
            self._files.pop(path, None)
            self._files[path] = _Live(facts, self._clock())
            while len(self._files) > MOST:
                del self._files[next(iter(self._files))]
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
            elif slow:
                self._wake.notify()

    @property
    def busy(self) -> bool:
        """Whether any file grew within the last two minutes."""
        return bool(self._files)

    def quiet(self) -> float:
        """Return the seconds since anything grew; infinite if that is more than two minutes."""
        newest = max((live.grew for live in list(self._files.values())), default=None)
        return math.inf if newest is None else self._clock() - newest

    def pause(self) -> float | None:
        """Return the seconds until the next look; None: there is nothing to look at."""
        newest = max((live.grew for live in self._files.values()), default=None)
        if newest is None:
            return None
        quiet = self._clock() - newest
        return next((pause for until, pause in _PAUSES if quiet < until), _PAUSES[-1][1])

    def look(self) -> None:
        """Look at every file once, and forget those that have been quiet for too long."""
        with self._wake:
            files = list(self._files.items())
        for path, live in files:
            facts = self._facts(path)
            if facts is None or self._clock() - live.grew >= LIVE_S:
                self._files_without(path, live)
            if facts != live.facts:
                live.facts = facts or live.facts
                self._changed(path)

    def close(self) -> None:
        """End the thread; returns when it has ended, or is stuck on a file system."""
        with self._wake:
            self._closed = True
            self._wake.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(1)

    def _facts(self, path: Path) -> tuple[int, int, int] | None:
        if self._patience is None:
            return _facts(path)
        try:
            return self._patience.ask(path, partial(_facts, path))
        except NoAnswerError:
            return None

    def _files_without(self, path: Path, live: _Live) -> None:
        with self._wake:
            if self._files.get(path) is live:  # not noted again meanwhile
                del self._files[path]

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._files and not self._closed:
                    self._wake.wait()
                if not self._closed:
                    self._wake.wait(self.pause())
                if self._closed:
                    return
            self.look()


def _facts(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  called forty times a second
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
