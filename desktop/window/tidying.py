"""With an import, or when something was shown: what it took of memory goes back."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from core import code_pages
from core.events import ImportFinished
from desktop import thrift
from desktop.window.frame import Frame
from desktop.window.parts import Parts
from desktop.workers.errands import Stale

_SOON_MS: Final = 300  # by then most of what was needed once has been
_WAIT_MS: Final = 1_000  # by then every pane has shown what came
_AT_ONCE: Final = "letting code go"  # apart: a channel keeps only what was asked last
_LATER: Final = "giving memory back"
_MOST: Final = 24 << 20  # bytes of code, little more than comes back at once


class Tidying(QObject):
    """Lets go of code soon after something was noted, and once more when a second has passed.

    What is noted: the start, *actions*, and that another page or conversation is on show. When an
    import has found its files code goes at once: what the window began with is of no use to it. A
    second after it memory goes back, too. The work is done off the UI's thread.
    """

    def __init__(
        self, parts: Parts, frame: Frame, actions: Iterable[QAction], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._errands = parts.errands
        self._read = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._tidy)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._let_go)
        for action in actions:
            action.triggered.connect(self.note)
        parts.engine.files_found.connect(self._let_go)
        frame.charts.made.connect(self.note)
        frame.pages.currentChanged.connect(self.note)
        frame.transcript.model.modelReset.connect(self.note)
        self.note()

    @Slot(object)
    def note_import(self, event: ImportFinished) -> None:
        """Note that an import ended."""
        if event.files_changed:
            self._read = True
            self.note()

    @Slot()
    def note(self) -> None:
        """Note that something may have been shown that was not on show before."""
        self._soon.start()
        self._timer.start()

    def leave(self) -> None:
        """Leave everything as it is."""
        self._soon.stop()
        self._timer.stop()

    @Slot()
    def _let_go(self) -> None:
        self._errands.ask(_AT_ONCE, partial(_give_back, False), _done)

    @Slot()
    def _tidy(self) -> None:
        read, self._read = self._read, False
        self._errands.ask(_LATER, partial(_give_back, read), _done)


def _give_back(read: bool, _stale: Stale) -> None:
    if read:
        thrift.give_back_memory()
    code_pages.let_go(_MOST)


def _done(_nothing: None) -> None:
    pass
