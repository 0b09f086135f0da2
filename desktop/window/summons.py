"""What the window does when Clew is started a second time with its library."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desktop.workers.doorbell import Doorbell

_SOON_MS: Final = 300  # behind the first picture, which need not wait for it


class Summons(QObject):
    """Brings *window* to the front, and has it *add* what the second start named."""

    def __init__(
        self, library: Path, window: QWidget, add: Callable[[Sequence[Path]], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._add = add
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self.bell = Doorbell(library, self)
        self._soon.timeout.connect(self.bell.hang)
        self.bell.rung.connect(self._come)

    @Slot()
    def listen(self) -> None:
        """Hear second starts, soon."""
        self._soon.start()

    @Slot()
    def leave(self) -> None:
        """Hear nobody any more."""
        self._soon.stop()
        self.bell.leave()

    @Slot(object)
    def _come(self, paths: Sequence[Path]) -> None:
        window = self._window
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        QApplication.alert(window)  # where the desktop lets nobody push to the front
        if paths:
            self._add(paths)
