"""Old conversations in the window: its sheet, taking back, and the end of what was removed."""

import time
from functools import partial
from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core import removal
from core.events import LibraryReady, RemovalFinished, RemovalKind
from core.queries import conversations
from core.removal import Forget, Order, Plan, Removed, TakeBack
from desktop.views.removal.sheet import RemovalSheet
from desktop.window.parts import Parts

_DAY_MS: Final = 86_400_000


class Removing(QObject):
    """Gives a person's orders to the engine, and shows what comes of them.

    What is removed is looked at when the library opens, behind each order, and once a day
    while anything waits to be deleted for good; otherwise nothing runs.
    """

    def __init__(self, parts: Parts, window: QWidget) -> None:
        """Work with *parts*, for the commands of *window*."""
        super().__init__(window)
        self._engine, self._queries = parts.engine, parts.queries
        self._window = window
        self._last: tuple[int, ...] = ()  # removals of the last order
        self._put_off = False  # deleting for good was stopped or failed: until the next start
        self.sheet: RemovalSheet | None = None
        self._daily = QTimer(self)
        self._daily.setSingleShot(True)
        self._daily.setInterval(_DAY_MS)
        self._daily.timeout.connect(self._look)
        self._undo = window.findChild(QAction, "undo_removal")
        show = window.findChild(QAction, "remove_old")
        if self._undo is not None and show is not None:
            self._undo.setEnabled(False)
            self._undo.triggered.connect(self.undo)
            show.triggered.connect(self.show)
        self._engine.library_ready.connect(self._begin)
        self._engine.removal_finished.connect(self._end)

    @Slot()
    def show(self) -> None:
        """Show the sheet."""
        self._queries.ask("projects", conversations.projects, self._show)

    def _show(self, projects: list[conversations.ProjectRow]) -> None:
        if self.sheet is not None:
            self.sheet.raise_()
            return
        sheet = self.sheet = RemovalSheet([one.path for one in projects], self._window)
        sheet.asked.connect(self._ask)
        sheet.ordered.connect(self._order)
        sheet.cancelled.connect(self._engine.cancel_upkeep)
        sheet.finished.connect(self._forget_sheet)
        self._engine.removal_progressed.connect(sheet.show_progress)
        self._engine.removal_finished.connect(sheet.show_end)
        sheet.ask()
        self._look()
        sheet.open()

    @Slot()
    def undo(self) -> None:
        """Take back all of the last order."""
        if self._last:
            self._order(TakeBack(self._last))

    @Slot(int, str)
    def _ask(self, days: int, project: str) -> None:
        question = partial(removal.plan, days=days, now=_now(), project=project)
        self._queries.ask("removal plan", question, self._show_plan)

    def _show_plan(self, plan: Plan) -> None:
        if self.sheet is not None:
            self.sheet.show_plan(plan)

    @Slot(object)
    def _order(self, order: Order) -> None:
        self._engine.maintain(order)

    @Slot(LibraryReady)
    def _begin(self, _event: LibraryReady) -> None:
        self._look()

    @Slot()
    def _look(self) -> None:
        """Look at what was removed, and have deleted for good what has been so for long enough."""
        self._queries.ask("removed", _looked, self._take)

    def _take(self, removed: Removed) -> None:
        waiting = [row for row in removed.rows if row.gone_at is None]
        latest = max((row.removed_at for row in waiting), default=0)
        self._last = tuple(row.id for row in waiting if row.removed_at == latest)
        if self._undo is not None:
            self._undo.setEnabled(bool(self._last))
        if self.sheet is not None:
            self.sheet.show_removed(removed)
        if waiting:
            self._daily.start()
        if removed.due and not self._put_off:
            self._order(Forget())

    @Slot(RemovalFinished)
    def _end(self, event: RemovalFinished) -> None:
        if event.kind is RemovalKind.FORGOTTEN:
            self._put_off = event.cancelled or bool(event.trouble)
        if event.kind is RemovalKind.TAKEN_BACK:
            self._engine.read_prices()  # they may be others than then
            if event.paths:
                self._engine.add(event.paths, watch=False)  # what is new in their files
        self._look()
        if self.sheet is not None:
            self.sheet.ask()

    @Slot()
    def _forget_sheet(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None


def _looked(db: Connection) -> Removed:
    return removal.removed(db, _now())


def _now() -> int:
    return round(time.time() * 1000)
