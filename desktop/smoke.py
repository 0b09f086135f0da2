"""A first look at the window by itself, for checks of what is shipped."""

import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow

_LIMIT_MS: Final = 60_000


class Smoke(QObject):
    """Waits until the window shows what it was started with, writes that down and closes it."""

    def __init__(self, window: MainWindow, out: Path, importing: bool) -> None:
        super().__init__(window)
        self.code = 1
        self._window = window
        self._out = out
        self._imported = not importing
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._end)
        self._limit.start(_LIMIT_MS)
        window.import_ended.connect(self._note_import)
        window.conversation_shown.connect(self._look)

    @Slot(object)
    def _note_import(self, _event: object) -> None:
        self._imported = True
        self._look()

    @Slot()
    def _look(self) -> None:
        seen = self._window.seen()
        if self._imported and seen["rows"] and seen["transcript_rows"]:
            self.code = 0
            self._end()

    @Slot()
    def _end(self) -> None:
        self._limit.stop()
        seen = self._window.seen()
        platform = QApplication.platformName()
        told = {**seen, "platform": platform, "title": self._window.windowTitle()}
        self._out.write_text(json.dumps(told) + "\n", encoding="utf-8")
        self._window.close()
