"""For how long the window could not answer while something else went on."""

import statistics
import time
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Slot

_BEAT_MS: Final = 5


class Beat(QObject):
    """A timer that notes how late it is rung."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []  # ms
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        """Begin."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """End, and return how long the gaps between two rings were."""
        self._timer.stop()
        gaps = sorted(self.gaps) or [0.0]
        return {
            "p50": round(statistics.median(gaps), 1),
            "p99": round(gaps[int(len(gaps) * 0.99)], 1),
            "max": round(gaps[-1], 1),
        }

    @Slot()
    def _note(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now
