"""What the engine is doing at this moment, as heard from what it publishes and is asked for."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    EventSink,
    FilesFound,
    ImportFinished,
    WatchDegraded,
    WatchRestored,
)


@dataclass(frozen=True, slots=True)
class Beat:
    """The engine at one moment. Times in seconds."""

    importing: bool = False
    waiting: int = 0  # files that were written to and not read since
    lag: float = 0.0  # since the oldest of them was written to; 0 if none waits
    last_lag: float | None = None  # from the notice to the end of reading, of the last file read
    commits: int = 0  # that changed a conversation, since the start
    degraded: str = ""  # why not everything is watched, or ""
    failed: str = ""  # why the engine has ended, or ""


class Pulse:
    """Takes news from any thread, and passes events on at once."""

    def __init__(self, publish: EventSink, clock: Callable[[], float] = time.monotonic) -> None:
        """Give to *publish* what is heard; *clock* tells seconds."""
        self._publish = publish
        self._clock = clock
        self._lock = threading.Lock()
        self._touched: dict[Path, float] = {}
        self._beat: Beat = Beat()

    def __call__(self, event: EngineEvent, /) -> None:
        """Hear *event*, and pass it on."""
        with self._lock:
            self._hear(event)
        self._publish(event)

    def touched(self, path: Path) -> None:
        """Note that *path* was written to."""
        with self._lock:
            self._touched.setdefault(path, self._clock())

    def read(self, path: Path) -> None:
        """Note that *path* was read to its end after all that was heard of it."""
        with self._lock:
            at = self._touched.pop(path, None)
            if at is not None:
                self._beat = replace(self._beat, last_lag=self._clock() - at)

    def beat(self) -> Beat:
        """Return how things are at this moment."""
        with self._lock:
            oldest = min(self._touched.values(), default=None)
            lag = 0.0 if oldest is None else self._clock() - oldest
            return replace(self._beat, waiting=len(self._touched), lag=lag)

    def _hear(self, event: EngineEvent) -> None:
        beat = self._beat
        match event:
            case FilesFound():
                self._beat = replace(beat, importing=True)
            case ImportFinished():
                self._beat = replace(beat, importing=False)
            case ConversationChanged():
                self._beat = replace(beat, commits=beat.commits + 1)
            case WatchDegraded(reason):
                self._beat = replace(beat, degraded=reason)
            case WatchRestored():
                self._beat = replace(beat, degraded="")
            case EngineFailed(reason):
                self._beat = replace(beat, importing=False, failed=reason)
            case _:
                pass
