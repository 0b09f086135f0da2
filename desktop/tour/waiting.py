"""How a walk waits: here, and only here, loops are spun inside others, since nobody looks on."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEventLoop, QTimer

from desktop.tour.errors import TourError

_PATIENCE_MS: Final = 120_000
_SETTLE_MS: Final = 120


def when(signal: object) -> Callable[[], None]:
    """Listen to *signal* from now on; call what is returned to wait until it has come."""
    heard: list[bool] = []
    loop = QEventLoop()

    def hear(*_: object) -> None:
        heard.append(True)
        loop.quit()

    signal.connect(hear)  # type: ignore[attr-defined]  # a bound Signal

    def wait() -> None:
        if not heard:
            _spin(loop, _PATIENCE_MS)
        signal.disconnect(hear)  # type: ignore[attr-defined]  # a bound Signal
        if not heard:
            raise TourError(f"{signal} never came")

    return wait


def settle() -> None:
    """Let everything that is due happen: layouts, paints, timers of the next moment."""
    _spin(QEventLoop(), _SETTLE_MS)


def _spin(loop: QEventLoop, limit_ms: int) -> None:
    QTimer.singleShot(limit_ms, loop, loop.quit)
    loop.exec()
