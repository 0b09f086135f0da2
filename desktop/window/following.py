"""An import that fills an empty window: its newest conversation is on show until the user acts."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QAction, QWindow
from typing_extensions import override

from desktop.window.frame import Frame
from desktop.window.reading import Reading

_ACTS: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.KeyPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Following(QObject):
    """Keeps the first conversation of the list on show, as long as nobody has chosen one."""

    def __init__(
        self, frame: Frame, reading: Reading, actions: Iterable[QAction], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._reading = reading
        self._active = False
        self._window: QWindow | None = None
        frame.list.model.merged.connect(self._show_newest)
        for action in actions:  # the key of a command never arrives as a key press
            action.triggered.connect(self.stop)

    @Slot()
    def begin(self) -> None:
        """Follow from now on, unless a conversation is on show already."""
        if self._reading.current is not None or self._active:
            return
        self._active = True
        # All that the user does comes to the system's window first, whichever widget gets it.
        self._window = self._frame.window().windowHandle()
        if self._window is not None:  # pyright: ignore[reportUnnecessaryComparison]  before show()
            self._window.installEventFilter(self)

    @Slot()
    def stop(self) -> None:
        """Leave on show what is on show."""
        self._active = False
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS:
            self.stop()
        return False

    @Slot()
    def _show_newest(self) -> None:
        if self._active:
            self._reading.show_first(instead=True)
