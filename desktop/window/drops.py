"""Files and folders that are dragged over the window and dropped on it."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.views.drop_overlay import DropOverlay
from desktop.workers.errands import Errands


class Drops(QObject):
    """Watches what Qt tells the *window* of a drag, from `open` on."""

    def __init__(self, errands: Errands, window: QWidget) -> None:
        super().__init__(window)
        self.overlay = DropOverlay(errands, window)
        self._window = window
        self._open = False
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def open(self) -> None:
        """Take what is dropped from now on."""
        self._open = True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDropEvent):
                self._enter(event)
            case QEvent.Type.DragMove if isinstance(event, QDropEvent):
                event.setAccepted(self.overlay.isVisible())
            case QEvent.Type.DragLeave:
                self.overlay.leave()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self._drop(event)
            case QEvent.Type.Resize:
                self.overlay.setGeometry(self._window.rect())
                return False
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                return self._take_back(event)
            case _:
                return False
        return True

    def _enter(self, event: QDropEvent) -> None:
        paths = _paths(event) if self._open else []
        event.setAccepted(bool(paths))
        if paths:
            event.acceptProposedAction()
            self.overlay.hover(paths)

    def _drop(self, event: QDropEvent) -> None:
        if self.overlay.isVisible():
            event.acceptProposedAction()
            self.overlay.drop()

    def _take_back(self, event: QKeyEvent) -> bool:
        covered = event.key() == Qt.Key.Key_Escape and self.overlay.isVisible()
        if covered:
            self.overlay.leave()
        return covered


def _paths(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
