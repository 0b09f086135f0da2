"""A window that goes first: whoever works on another thread stands back while it is painted."""

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QWidget
from typing_extensions import override

from core.courtesy import RightOfWay


class FirstWindow(QMainWindow):
    """Holds the right of way while it paints and lays out what is in it.

    Qt paints in the same turn of its loop in which something changed, before it looks at input
    and timers. After work that held the right of way, painting is left to the next turn, so that
    nobody waits for both; one turn later is far below anything that can be seen.
    """

    def __init__(self, way: RightOfWay, parent: QWidget | None = None) -> None:
        self._way = way  # before Qt sends the first event
        super().__init__(parent)
        self.put_off = 0  # how often painting was; tests count these
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._paint_later)
        self._twice = False  # painting was put off twice in a row

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            with self._way:
                return super().event(event)
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        if self._way.used:
            self._way.used = False
            self.put_off += 1
            self._later.start()
            return True
        self._paint()
        return True

    @Slot()
    def _paint_later(self) -> None:
        """Paint, unless more was done in this very turn; then in the next one whatever happens."""
        if self._way.used and not self._twice:
            self._twice = True
            self._later.start()
            return
        self._twice = False
        self._paint()

    def _paint(self) -> None:
        with self._way:
            super().event(QEvent(QEvent.Type.UpdateRequest))
        self._way.used = False
