"""Who has the library when a window starts: nobody else, another window, or a command."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from core.errors import HeldError, StoreError
from core.store.connection import reserve
from core.store.locking import WINDOW, Hold, holder, sentence
from desktop.main_window import MainWindow
from desktop.workers import doorbell

_GRACE_S: Final = 3.0  # for a window that has it and does not answer: it may only just open
_AGAIN_MS: Final = 500


class Turn(QObject):
    """Asks for *library* at once; *paths* are what the command line named.

    Where it cannot be opened at all it is nobody's: the engine comes upon the same, and says why.
    """

    def __init__(
        self, library: Path, paths: Sequence[Path], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__()
        self._library = library
        self._paths = paths
        self._hold: Hold | None = None
        self._window: MainWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._again)
        self.answered = False  # another window shows it, and has heard what is to be read
        self.held = ""  # who else writes to it, in a sentence
        until = time.monotonic() + _GRACE_S
        self._try()
        while self.held and holder(library).what == WINDOW and time.monotonic() < until:
            sleep(_AGAIN_MS / 1000)
            self._try()

    def begin(self, window: MainWindow) -> None:
        """Start the engine of *window*: now, or when nobody else has the library any more."""
        self._window = window
        window.closing.connect(self._timer.stop)
        if self.held:
            window.trouble.wait(self.held)
            self._timer.start()
        else:
            self._start(window)

    @Slot()
    def _again(self) -> None:
        self._try()
        if self._window is None or self.held:
            return
        self._timer.stop()
        if self.answered:
            self._window.close()
        else:
            self._start(self._window)

    def _start(self, window: MainWindow) -> None:
        window.engine.engine.hold, self._hold = self._hold, None
        window.engine.start()

    def _try(self) -> None:
        self.held = ""
        try:
            self._hold = reserve(self._library, WINDOW, patience=0)
        except HeldError:
            self.answered = doorbell.ring(self._library, self._paths)
            if not self.answered:
                self.held = sentence(self._library, holder(self._library))
        except StoreError:
            return
        else:  # where there are no locks another window may be there all the same
            unsure = bool(self._hold.trouble)
            self.answered = unsure and doorbell.ring(self._library, self._paths)
