"""After an import: what it needed of memory goes back to the system."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from core.events import ImportFinished
from desktop import thrift
from desktop.workers.errands import Errands, Stale

_WAIT_MS: Final = 1_000  # by then every pane has shown what came
_CHANNEL: Final = "tidying"


class Tidying(QObject):
    """Lets memory go some time after an import that read something, off the UI's thread."""

    def __init__(self, errands: Errands, parent: QObject) -> None:
        super().__init__(parent)
        self._errands = errands
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._tidy)

    @Slot(object)
    def note_import(self, event: ImportFinished) -> None:
        """Note that an import ended."""
        if event.files_changed:
            self._timer.start()

    def leave(self) -> None:
        """Leave everything as it is."""
        self._timer.stop()

    @Slot()
    def _tidy(self) -> None:
        self._errands.ask(_CHANNEL, _give_back, _done)


def _give_back(_stale: Stale) -> None:
    thrift.give_back_memory()


def _done(_nothing: None) -> None:
    pass
