"""The frame of a chart: its question, its definition, the chart and the table twin."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.menu import Menu
from desktop.look.widgets.popover import Popover
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel
from desktop.look.words import translate
from desktop.models.tables import Column, Value
from desktop.views.charts.asking import Answer
from desktop.views.charts.leads import Goal
from desktop.views.charts.plot import Plot
from desktop.views.charts.table import ChartTable

CHART: Final = "chart"
TABLE: Final = "table"


class Card(QWidget):
    """*title* is the question that *body* answers; *definition* says what exactly is counted.

    *body* is a `Plot`, or whatever else shows the answer.
    """

    goal_wanted = Signal(object)  # what lies behind a mark or a row: a Lead or a Place
    export_wanted = Signal(str)  # png, svg or csv

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        title: str,
        definition: str,
        body: QWidget,
        *,
        legend: QWidget | None = None,
        option: QWidget | None = None,
        listed: bool = False,
    ) -> None:
        super().__init__()
        self.body = body
        self.title = title
        self._marks: tuple[Goal, ...] = ()
        self._rows: tuple[Goal, ...] = ()
        self._definition = definition
        self._title = ElidedLabel(title, self, size=fonts.HEADING, weight=QFont.Weight.DemiBold)
        self._caption = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._explain = IconButton(
            "question", translate("charts", "What is counted?"), self, size=metrics.ICON_SMALL
        )
        self.copying = IconButton(
            "copy", translate("charts", "Copy table"), self, size=metrics.ICON_SMALL
        )
        self.exporting = IconButton(
            "export", translate("charts", "Save chart or table"), self, size=metrics.ICON_SMALL
        )
        self.mode = Segmented(
            translate("charts", "Shown as"),
            [
                (CHART, *_called(listed=listed)),
                (TABLE, translate("charts", "Table"), "table"),
            ],
            self,
        )
        self._table: ChartTable | None = None  # until it is wanted: most cards never show it
        self._filling: Callable[[ChartTable], None] | None = None  # what it is to show then
        self._summary = ""
        self.empty = EmptyState("chart", translate("charts", "Reading…"), "", self)
        self._legend = legend
        self._option = option
        self.pages = QStackedWidget(self)
        self._full = False
        self._lay_out()
        body.setAccessibleName(title)
        self._explain.clicked.connect(self._open_definition)
        self.copying.clicked.connect(self._copy)
        self.exporting.clicked.connect(self._open_exports)
        self.mode.chosen.connect(self._turn)
        if isinstance(body, Plot):
            body.chosen.connect(self._follow_mark)
        self._turn()

    @property
    def plot(self) -> Plot:
        """The chart, of a card that has one."""
        assert isinstance(self.body, Plot)
        return self.body

    @property
    def table(self) -> ChartTable:
        """The table twin; the first one to ask has it made."""
        if self._table is None:
            table = self._table = ChartTable(self.title, self)
            self.pages.addWidget(table)
            table.setAccessibleDescription(self._summary)
            table.chosen.connect(self._follow_row)
            if self._filling is not None:
                self._filling(table)
        return self._table

    @property
    def caption(self) -> str:
        """The line below the title: units, and what is left out."""
        return self._caption.text()

    @property
    def legend(self) -> QWidget | None:
        """What tells the colours apart, if anything does."""
        return self._legend

    @property
    def definition(self) -> str:
        """What exactly is counted."""
        return self._definition

    @property
    def has_data(self) -> bool:
        """Whether a chart is shown, and not why there is none."""
        return self._full

    def show_answer(self, answer: Answer[Any]) -> None:
        """Show *answer*, or say why there is nothing to show."""
        raise NotImplementedError

    def say(self, caption: str, summary: str) -> None:
        """Show the chart: *caption* names its units, *summary* says in a sentence what it shows."""
        self._caption.setText(caption)
        self.body.setAccessibleDescription(summary)
        self._summary = summary
        if self._table is not None:
            self._table.setAccessibleDescription(summary)
        self._full = True
        self._turn()

    def fill_table(
        self,
        columns: Sequence[Column],
        rows: Sequence[tuple[Value, ...]],
        *,
        by: int = 0,
        up: bool = True,
    ) -> None:
        """Give the table twin its rows, sorted by column *by* unless the user chose another."""

        def fill(table: ChartTable) -> None:
            table.show_rows(columns, rows, by=by, up=up)

        self._filling = fill
        if self._table is not None:
            fill(self._table)

    def lead(self, marks: Sequence[Goal], rows: Sequence[Goal] = ()) -> None:
        """Say what lies behind each mark of the chart, and behind each row of the table."""
        self._marks, self._rows = tuple(marks), tuple(rows)
        if isinstance(self.body, Plot):
            self.body.leading = frozenset(
                at for at, goal in enumerate(self._marks) if goal is not None
            )

    def say_empty(self, title: str, sentence: str) -> None:
        """Say why there is nothing to show."""
        self._caption.setText("")
        self.empty.say(title, sentence)
        self._full = False
        self._turn()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.card(self)

    def _lay_out(self) -> None:
        for page in (self.body, self.empty):
            self.pages.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(metrics.TIGHT)
        head.addWidget(self._title)
        head.addWidget(self._explain)
        head.addStretch(1)
        head.addWidget(self.copying)
        head.addWidget(self.exporting)
        head.addWidget(self.mode)
        under = QHBoxLayout()
        under.setSpacing(metrics.SMALL)
        under.addWidget(self._caption, 1)
        if self._option is not None:
            under.addWidget(self._option)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        layout.addLayout(head)
        layout.addLayout(under)
        layout.addWidget(self.pages, 1)
        if self._legend is not None:
            layout.addWidget(self._legend)

    @Slot()
    def _turn(self) -> None:
        table = self.mode.current == TABLE
        full = self.table if table else self.body
        self.pages.setCurrentWidget(full if self._full else self.empty)
        self.copying.setVisible(table and self._full)
        self.exporting.setEnabled(self._full)
        self.mode.setEnabled(self._full)
        self._caption.setVisible(self._full)
        for extra in (self._legend, self._option):
            if extra is not None:
                extra.setVisible(self._full and (extra is self._option or not table))

    @Slot()
    def _copy(self) -> None:
        self.table.copy()

    @Slot(int)
    def _follow_mark(self, number: int) -> None:
        self._follow(self._marks, number)

    @Slot(int)
    def _follow_row(self, row: int) -> None:
        self._follow(self._rows, self.table.model_.number(row))

    def _follow(self, goals: tuple[Goal, ...], number: int) -> None:
        if number < len(goals) and goals[number] is not None:
            self.goal_wanted.emit(goals[number])

    @Slot()
    def _open_exports(self) -> None:
        menu = Menu(parent=self)
        for kind, text in (
            ("png", translate("charts", "Save chart as PNG…")),
            ("svg", translate("charts", "Save chart as SVG…")),
            ("csv", translate("charts", "Save table as CSV…")),
        ):
            menu.addAction(text).triggered.connect(self._emitter(kind))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.exporting.mapToGlobal(QPoint(0, self.exporting.height())))

    def _emitter(self, kind: str) -> Callable[[], None]:
        def emit() -> None:
            self.export_wanted.emit(kind)

        return emit

    @Slot()
    def _open_definition(self) -> None:
        Popover(self._definition, self).open_below(self._explain)


def _called(*, listed: bool) -> tuple[str, str]:
    """Return what the body of a card is called, and its icon."""
    if listed:
        return translate("charts", "List"), "todo"
    return translate("charts", "Chart"), "chart"
