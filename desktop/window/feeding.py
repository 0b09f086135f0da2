"""The local feed as the window has it: on from start to end if the person wants it."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget

from core.events import EngineEvent, LibraryReady
from core.stream.feed import Feed
from core.stream.settings import Choices
from desktop.views.feed.sheet import FeedSheet
from desktop.workers.engine_thread import EngineThread

_LOOK_MS: Final = 500  # between two looks, while the sheet is open and only then


class Feeding(QObject):
    """Turns the feed on and off, and shows its settings over *window*."""

    def __init__(self, library: Path, choices: Choices, *, on: bool) -> None:
        super().__init__()
        self._feed = Feed(library, choices)
        self._on = on
        self._ready = False  # the library is: only then may it be read
        self._sheet: FeedSheet | None = None
        self._window: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def on(self) -> bool:
        """Whether the person wants the feed."""
        return self._on

    @property
    def choices(self) -> Choices:
        """What the person lets tools have."""
        return self._feed.choices

    @property
    def sheet(self) -> FeedSheet | None:
        """The settings, while they are open."""
        return self._sheet

    def publish(self, event: EngineEvent, /) -> None:
        """Take news from the engine, on its thread."""
        self._feed.publish(event)

    def connect_to(self, window: QWidget, engine: EngineThread) -> None:
        """Show the settings over *window* at its command, and begin when *engine* is ready."""
        self._window = window
        engine.library_ready.connect(self._begin)
        action = window.findChild(QAction, "feed")
        if action is not None:
            action.triggered.connect(self.show)

    def leave(self) -> None:
        """Turn the feed off; what the person wants is not changed by that."""
        self._timer.stop()
        self._feed.stop()

    @Slot(bool)
    def turn(self, on: bool) -> None:
        """Turn the feed on or off, from now on and at every start."""
        self._on = on
        if on and self._ready:
            self._feed.start()
        elif not on:
            self._feed.leave()
        self.look()

    @Slot()
    def show(self) -> None:
        """Show the settings."""
        if self._sheet is not None:
            self._sheet.raise_()
            return
        sheet = self._sheet = FeedSheet(self.choices, wanted=self._on, parent=self._window)
        sheet.turned.connect(self.turn)
        sheet.chosen.connect(self._choose)
        sheet.disconnected.connect(self._disconnect)
        sheet.copied.connect(self._copy)
        sheet.finished.connect(self._forget)
        self.look()
        self._timer.start()
        sheet.open()

    @Slot()
    def look(self) -> None:
        """Show how the feed is now."""
        if self._sheet is not None:
            self._sheet.show_state(self._feed.state(), wanted=self._feed.wanted)

    @Slot(LibraryReady)
    def _begin(self, _event: LibraryReady) -> None:
        self._ready = True
        if self._on:
            self._feed.start()
        else:
            self._feed.sweep()

    @Slot(Choices)
    def _choose(self, choices: Choices) -> None:
        self._feed.choose(choices)

    @Slot(int)
    def _disconnect(self, tool: int) -> None:
        self._feed.disconnect(tool)
        self.look()

    @Slot(str)
    def _copy(self, what: str) -> None:
        state = self._feed.state()
        said = state.token if what == "token" else str(state.file or "")
        QGuiApplication.clipboard().setText(said)

    @Slot()
    def _forget(self) -> None:
        self._timer.stop()
        if self._sheet is not None:
            self._sheet.deleteLater()
            self._sheet = None
