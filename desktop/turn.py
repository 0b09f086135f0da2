"""Who has the library when a window starts: nobody else, another window, or a command."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from core.errors import HeldError, StoreError
from core.store.connection import reserve
from core.store.locking import WINDOW, Hold, holder, lock_of, sentence, take
from desktop.main_window import MainWindow
from desktop.workers.call import Call

_GRACE_S: Final = (
    1.0  # of nothing to be seen: a window that has it and is silent may only just open
)
_ANSWER_MS: Final = 300  # for one that is there, until it is shown that it is waited for
_SOON_S: Final = 0.1
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
        self._call = Call(library, paths, self)
        self._call.heard.connect(self._hear)
        self._hold: Hold | None = None
        self._window: MainWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._again)
        self.answered = False  # another window shows it, and has heard what is to be read
        self.held = ""  # who else writes to it, in a sentence
        until = time.monotonic() + _GRACE_S
        self._try(_ANSWER_MS)
        while self.held and holder(library).what == WINDOW and time.monotonic() < until:
            sleep(_SOON_S)
            self._try(_ANSWER_MS)

    def begin(self, window: MainWindow) -> None:
        """Start the engine of *window*: now, or when nobody else has the library any more."""
        self._window = window
        window.closing.connect(self._timer.stop)
        window.closing.connect(self._call.leave)
        if self.held:
            window.trouble.wait(self.held)
            self._timer.start()
        else:
            self._settle()

    @Slot()
    def _again(self) -> None:
        self._try(0)
        self._settle()

    @Slot()
    def _hear(self) -> None:
        self.answered, self.held = True, ""
        self._settle()

    def _settle(self) -> None:
        if self._window is None or self.held:
            return
        self._timer.stop()
        if self.answered:
            self._window.close()
        else:
            self._start(self._window)

    def _start(self, window: MainWindow) -> None:
        self._call.leave()
        window.engine.engine.hold, self._hold = self._hold, None
        window.engine.start()

    def _try(self, patience: int) -> None:
        """Look who has it; one that answers is waited for as many milliseconds as *patience* is."""
        self.held = ""
        try:
            if lock_of(
                self._library
            ).exists():  # while it is held SQLite, which waits, is not asked
                take(self._library, WINDOW).release()
            self._hold = reserve(self._library, WINDOW, patience=0)
        except HeldError:
            if not self._call.wait(patience):
                self.held = sentence(self._library, holder(self._library))
        except StoreError:
            return
        else:  # where there are no locks another window may be there all the same
            if self._hold.trouble:
                self._call.wait(patience)
