"""News in a flood, told at once and then no more than so often."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from PySide6.QtCore import QObject, QTimer, Signal, Slot


class Throttle(QObject):
    """Emits `due` at the first poke, then at most once in *every_ms* as long as pokes come.

    With *spare* it may be that many times ahead of this: news that come a little too soon behind
    the last are told at once, and only a flood waits. Over any time it emits no more for it but
    *spare* times.
    """

    due = Signal()

    def __init__(
        self,
        every_ms: int,
        parent: QObject | None = None,
        *,
        spare: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Go by *clock*, in seconds, where there is anything to spare."""
        super().__init__(parent)
        # What is done about the news is done inside of this, such as a right of way.
        self.within: AbstractContextManager[object] = nullcontext()
        self._spare = spare
        self._clock = clock
        self._free = clock()  # when all that may be spared is there again
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._again)
        self._poked = False

    def pace(self, every_ms: int) -> None:
        """Emit at most once in *every_ms* from now on."""
        if every_ms != self._timer.interval():
            self._timer.setInterval(every_ms)  # one that runs begins anew

    def poke(self) -> None:
        """Say that there is news."""
        if self._timer.isActive() and not self._is_spared():
            self._poked = True
            return
        self._tell()

    def flush(self) -> None:
        """Emit `due` now if anything is waiting for it."""
        self._timer.stop()
        self._again()

    def _is_spared(self) -> bool:
        every = self._timer.interval() / 1000
        if not self._spare or self._poked:
            return False
        return self._free - self._clock() <= self._spare * every

    @Slot()
    def _again(self) -> None:
        if self._poked:
            self._poked = False
            self._tell()

    def _tell(self) -> None:
        self._free = max(self._free, self._clock()) + self._timer.interval() / 1000
        self._timer.start()
        with self.within:
            self.due.emit()
