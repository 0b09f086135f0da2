"""The frame of a chart: its question, its definition, the chart and the table twin."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.popover import Popover
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel
from desktop.look.words import translate
from desktop.models.tables import Column, Value
from desktop.views.charts.plot import Plot
from desktop.views.charts.table import ChartTable

CHART: Final = "chart"
TABLE: Final = "table"


class Card(QWidget):
    """*title* is the question that *plot* answers; *definition* says what exactly is counted."""

    def __init__(
        self,
        title: str,
        definition: str,
        plot: Plot,
        *,
        legend: QWidget | None = None,
        option: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.plot = plot
        self._definition = definition
        self._title = ElidedLabel(title, self, size=fonts.HEADING, weight=QFont.Weight.DemiBold)
        self._caption = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._explain = IconButton(
            "question", translate("charts", "What is counted?"), self, size=metrics.ICON_SMALL
        )
        self.copying = IconButton(
            "copy", translate("charts", "Copy table"), self, size=metrics.ICON_SMALL
        )
        self.mode = Segmented(
            translate("charts", "Shown as"),
            [
                (CHART, translate("charts", "Chart"), "chart"),
                (TABLE, translate("charts", "Table"), "table"),
            ],
            self,
        )
        self.table = ChartTable(title, self)
        self.empty = EmptyState("chart", translate("charts", "Reading…"), "", self)
        self._legend = legend
        self._option = option
        self._pages = QStackedWidget(self)
        self._full = False
        self._lay_out()
        plot.setAccessibleName(title)
        self._explain.clicked.connect(self._open_definition)
        self.copying.clicked.connect(self.table.copy)
        self.mode.chosen.connect(self._turn)
        self._turn()

    @property
    def definition(self) -> str:
        """What exactly is counted."""
        return self._definition

    @property
    def has_data(self) -> bool:
        """Whether a chart is shown, and not why there is none."""
        return self._full

    def say(self, caption: str, summary: str) -> None:
        """Show the chart: *caption* names its units, *summary* says in a sentence what it shows."""
        self._caption.setText(caption)
        self.plot.setAccessibleDescription(summary)
        self.table.setAccessibleDescription(summary)
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
        self.table.show_rows(columns, rows, by=by, up=up)

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
        for page in (self.plot, self.table, self.empty):
            self._pages.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(metrics.TIGHT)
        head.addWidget(self._title)
        head.addWidget(self._explain)
        head.addStretch(1)
        head.addWidget(self.copying)
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
        layout.addWidget(self._pages, 1)
        if self._legend is not None:
            layout.addWidget(self._legend)

    @Slot()
    def _turn(self) -> None:
        table = self.mode.current == TABLE
        full = self.table if table else self.plot
        self._pages.setCurrentWidget(full if self._full else self.empty)
        self.copying.setVisible(table and self._full)
        self.mode.setEnabled(self._full)
        self._caption.setVisible(self._full)
        for extra in (self._legend, self._option):
            if extra is not None:
                extra.setVisible(self._full and (extra is self._option or not table))

    @Slot()
    def _open_definition(self) -> None:
        Popover(self._definition, self).open_below(self._explain)
