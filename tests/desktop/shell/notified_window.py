"""The window with notifications on, in a process of its own, for tests on a desktop's bus.

Arguments: a library and a folder of logs. Says as lines of JSON which conversation is on show.
``say TEXT`` on the input shows TEXT as a notification.
"""

import json
import os
import sys
from pathlib import Path
from unittest import mock

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QApplication

from core.queries.conversations import ConversationRow
from desktop import app as application
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.window.tray import Tray

WAIT_MS = 500  # instead of two minutes


class Driver(QObject):
    """Does what the test asks of *window*."""

    def __init__(self, window: MainWindow, logs: Path) -> None:
        super().__init__(window)
        self._window = window
        self._logs = logs
        self._tray = Tray(window.windowIcon(), self)
        window.library_shown.connect(self._add)
        window.import_ended.connect(self._say_ready)
        window.conversation_shown.connect(self._say_shown)
        self._commands = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._commands.activated.connect(self._obey)

    @Slot()
    def _add(self) -> None:
        self._window.add([self._logs])

    @Slot()
    def _say_ready(self) -> None:
        say(ready=True)

    @Slot(object)
    def _say_shown(self, row: ConversationRow) -> None:
        say(shown=row.key)

    @Slot()
    def _obey(self) -> None:
        for line in os.read(0, 1 << 16).decode().splitlines() or [""]:
            word, _, rest = line.partition(" ")
            if word == "say":
                say(taken=self._tray.show(rest))
            elif word == "hide":
                self._tray.hide()
            else:
                self._tray.leave()
                QApplication.exit(0)


def say(**told: object) -> None:
    """Write *told* as a line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main(library: Path, logs: Path) -> None:
    """Show the window until the input ends."""
    qt = application.make_application([])
    kept = Settings(notices=True)
    with (
        mock.patch("desktop.models.waiting.WAIT_MS", WAIT_MS),
        application.assembled(qt, library, kept, roots=tuple) as window,
    ):
        driver = Driver(window, logs)
        window.show()
        application.start_engine(window)
        qt.exec()
        driver.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
