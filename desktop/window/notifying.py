"""Tells the person what waits for him: once, quietly, and nothing of what is in it."""

import time
from collections.abc import Callable
from sqlite3 import Connection
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from core.events import ConversationChanged, FilesFound, ImportFinished
from core.queries import conversations
from core.queries.conversations import ConversationRow
from desktop.models import waiting_words
from desktop.models.waiting import WAIT_MS, Notices, Waits
from desktop.views.library.pane import LibraryPane
from desktop.views.notices.sheet import NoticesSheet
from desktop.views.status import StatusLine
from desktop.window.tray import Tray
from desktop.workers.engine_thread import EngineThread

_LATEST: Final = 32  # conversations that are looked at when an import ends


class Sight(Protocol):
    """What the person has in front of him."""

    @property
    def current(self) -> ConversationRow | None:
        """The conversation on show."""
        ...

    @property
    def library(self) -> Connection | None:
        """The reader of this thread; None until the library is open."""
        ...

    @property
    def page(self) -> str:
        """The page on show."""
        ...

    def isActiveWindow(self) -> bool:  # noqa: N802  Qt's name
        """Return whether the window is the one that gets the keys."""
        ...


class Notifying(QObject):
    """Waits two minutes behind the last growth of a conversation, and looks at it then.

    A timer runs only while something has grown within that time, and never while it is off.
    """

    opened = Signal(object)  # ConversationRow that the person wants to see

    def __init__(
        self,
        wanted: Notices,
        tray: Tray,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        super().__init__()
        self.wanted = wanted
        self.sheet: NoticesSheet | None = None
        self._tray = tray
        self._clock = clock
        self._waits = Waits(clock)
        self._importing = False
        self._sight: Sight | None = None
        self._status: StatusLine | None = None
        self._list: LibraryPane | None = None
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.look)
        tray.clicked.connect(self._come)

    def connect_to(
        self, sight: Sight, status: StatusLine, pane: LibraryPane, engine: EngineThread
    ) -> None:
        """Hear what *engine* says, and tell it in *status*, *pane* and on the desktop."""
        self._sight, self._status, self._list = sight, status, pane
        status.waiting_wanted.connect(self.open_longest)
        engine.files_found.connect(self._begin_import)
        engine.import_finished.connect(self._end_import)
        engine.conversation_changed.connect(self._note_change)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            # Queued: by then the window knows itself that it is in front.
            later = Qt.ConnectionType.QueuedConnection
            app.focusWindowChanged.connect(self._note_front, later)
        action = status.window().findChild(QAction, "notices")
        if action is not None:
            action.triggered.connect(self.show)

    def leave(self) -> None:
        """Tell nothing more."""
        self.timer.stop()
        self._tray.leave()
        self._sight = None

    @Slot()
    def show(self) -> None:
        """Show the settings."""
        if self.sheet is not None:
            self.sheet.raise_()
            return
        window = None if self._status is None else self._status.window()
        sheet = self.sheet = NoticesSheet(self.wanted, able=self._tray.able, parent=window)
        sheet.chosen.connect(self.choose)
        sheet.tried.connect(self._try)
        sheet.finished.connect(self._forget)
        sheet.open()

    @Slot(Notices)
    def choose(self, wanted: Notices) -> None:
        """Tell what is *wanted* from now on."""
        self.wanted = wanted
        self._waits.limit(wanted)
        self._note_latest()
        self._tell()
        self._wait()

    @Slot()
    def look(self) -> None:
        """Look at what has been quiet for two minutes, and tell what of it waits."""
        db = self._library
        new: list[ConversationRow] = []
        for key in self._waits.due():
            row = None if db is None else conversations.one(db, key)
            if row is not None and self._waits.begin(row, self.wanted):
                if self._is_seen(key):
                    self._waits.end(key)
                else:
                    new.append(row)
        if new:
            self._tray.show(waiting_words.notification(new))
            if self._status is not None:
                QApplication.alert(self._status.window())
        self._tell()
        self._wait()

    @Slot(object)
    def note_shown(self, row: ConversationRow) -> None:
        """Note that the person looks at *row*."""
        if self._waits.end(row.key):
            self._tell()

    @Slot()
    def _note_front(self) -> None:
        """Note that the person looks at what is on show, if the window is in front of him."""
        row = None if self._sight is None else self._sight.current
        if row is not None and self._is_seen(row.key):
            self.note_shown(row)

    @Slot()
    def open_longest(self) -> None:
        """Ask for the conversation that has waited longest."""
        db = self._library
        for key in list(self._waits.standing):
            row = None if db is None else conversations.one(db, key)
            self._waits.end(key)
            if row is not None:
                self.opened.emit(row)
                break
        self._tell()

    @Slot()
    def _come(self) -> None:
        """Bring the window to the front, and what waits with it."""
        if self._status is not None:
            window = self._status.window()
            if window.isMinimized():
                window.showNormal()
            window.raise_()
            window.activateWindow()
        self.open_longest()

    @property
    def _library(self) -> Connection | None:
        return None if self._sight is None else self._sight.library

    @Slot(FilesFound)
    def _begin_import(self, _event: FilesFound) -> None:
        self._importing = True

    @Slot(ImportFinished)
    def _end_import(self, _event: ImportFinished) -> None:
        self._importing = False
        for key in list(self._waits.standing):
            self._look_again(key)
        self._note_latest()
        self._wait()

    @Slot(ConversationChanged)
    def _note_change(self, event: ConversationChanged) -> None:
        """Note growth; what an import brings is old, but for the latest at its end."""
        key = event.conversation
        if not self.wanted.on or self._importing:
            return
        self._waits.hear(key)
        self._look_again(key)
        if not self.timer.isActive():
            self._wait()

    def _look_again(self, key: str) -> None:
        """Take back what was told of conversation *key* if it no longer waits."""
        db = self._library
        if db is None or key not in self._waits.standing:
            return
        if not self._waits.look(key, conversations.one(db, key)):
            self._tell()

    def _note_latest(self) -> None:
        """Note what was written within the last two minutes, as its records tell."""
        db = self._library
        if db is None or not self.wanted.on:
            return
        now = self._clock()
        for row in conversations.page(db, limit=_LATEST):
            if row.ended_at is not None and 0 <= now - row.ended_at < WAIT_MS:
                self._waits.hear(row.key, row.ended_at)

    def _is_seen(self, key: str) -> bool:
        """Return whether the person has conversation *key* in front of him."""
        sight = self._sight
        if sight is None or sight.current is None or sight.current.key != key:
            return False
        return sight.page == "library" and sight.isActiveWindow()

    def _tell(self) -> None:
        """Tell in the window what waits, and take back what the desktop tells if nothing does."""
        standing = self._waits.standing
        if not standing:
            self._tray.hide()
        if self._sight is not None and self._status is not None and self._list is not None:
            rows = list(standing.values())
            self._status.show_waiting(waiting_words.badge(rows), waiting_words.meaning())
            self._list.model.show_waiting(standing)

    def _wait(self) -> None:
        left = self._waits.until_due()
        if left is None or self._sight is None:
            self.timer.stop()
        else:
            self.timer.start(left)

    @Slot()
    def _try(self) -> None:
        if not self._tray.show(waiting_words.example()) and self.sheet is not None:
            self.sheet.show_able(able=False)

    @Slot()
    def _forget(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None
        self._tell()  # takes back what was only shown to be seen
