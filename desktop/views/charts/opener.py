"""Goes where a mark of a chart leads: to a place, or to the list of the rows behind it."""

from collections.abc import Callable
from datetime import tzinfo

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.queries.behind import Cases
from desktop.views.charts.asking import Queries
from desktop.views.charts.behind_sheet import BehindSheet
from desktop.views.charts.leads import Goal, Lead, Place


class Opener(QObject):
    """Shows one list at a time, over *window*."""

    opened = Signal(str, int)  # key of a conversation, row id of the message to open it at or 0

    def __init__(self, queries: Queries, zone: tzinfo | None, window: QWidget) -> None:
        super().__init__(window)
        self._queries = queries
        self._zone = zone
        self._window = window
        self.sheet: BehindSheet | None = None

    @Slot(object)
    def go(self, goal: Goal) -> None:
        """Go to *goal*."""
        if isinstance(goal, Place):
            self.opened.emit(goal.conversation, goal.message)
        elif isinstance(goal, Lead):
            sheet = self.sheet = BehindSheet(goal, self._zone, self._window)
            sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            sheet.opened.connect(self.opened)
            sheet.finished.connect(self._forget)
            sheet.open()
            show: Callable[[Cases], None] = self._show
            self._queries.ask("charts.behind", goal.ask, show, self._fail)

    def _show(self, cases: Cases) -> None:
        if self.sheet is not None:
            self.sheet.show_cases(cases)

    def _fail(self, error: Exception) -> None:
        if self.sheet is not None:
            self.sheet.show_failure(str(error))

    @Slot()
    def _forget(self) -> None:
        self.sheet = None
