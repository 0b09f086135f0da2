"""Follows roots for the engine, and tells how that goes when it changes."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from core.events import EventSink, WatchDegraded, WatchRestored
from core.files.live import LivePoll
from core.files.patience import Patience
from core.files.watch import Watcher


class Lookout:
    """Owns the watcher. For the engine's thread; the two callbacks come on others."""

    def __init__(
        self, touched: Callable[[Path], None], look: Callable[[], None], publish: EventSink
    ) -> None:
        """Call *touched* with files that may have changed, *look* to have `look_around` called."""
        self._look = look
        self._publish = publish
        self._doubted = threading.Event()  # a look was asked for and has not begun
        self._trouble = ""  # as it was last told
        self.patience = Patience(self._doubt)  # with what may not answer
        self._watcher = Watcher(touched, self._doubt, self.patience)

    @property
    def live(self) -> LivePoll:
        """What looks at files that are written now."""
        return self._watcher.live

    def follow(self, roots: Iterable[Path]) -> None:
        """Follow *roots* too."""
        self._watcher.add(roots)
        self._tell()

    def look_around(self) -> tuple[Path, ...]:
        """Follow all roots as they are now; return those in which anything may have happened."""
        self._doubted.clear()
        mended = self._watcher.mend()
        self._tell()
        return mended.again

    def close(self) -> None:
        """Follow nothing any more; returns when the threads have ended."""
        self._watcher.close()
        self.patience.close()

    def _doubt(self) -> None:
        """Ask for one look, for any number of reasons."""
        if not self._doubted.is_set():
            self._doubted.set()
            self._look()

    def _tell(self) -> None:
        trouble = self._watcher.trouble
        if trouble != self._trouble:
            self._trouble = trouble
            self._publish(WatchDegraded(trouble) if trouble else WatchRestored())
