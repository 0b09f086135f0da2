"""The table twin of a chart: the same numbers, sorted by a click on a title."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.models.tables import Column, TableModel, Value
from desktop.views.table import Table

_NAME_LEAST: Final = 96  # points of the first column
_NAME_MOST: Final = 240
_ROOM_FOR_ARROW: Final = """
QHeaderView::section { padding: 6px 22px 6px 8px; border-right: none; background: transparent; }
QTableView::item { padding: 2px 22px 2px 8px; }
"""


class ChartTable(Table):
    """Gives the first column what room the numbers leave."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.model_ = TableModel(self)
        self.show_model(self.model_, self.model_)
        self.setSortingEnabled(True)
        self.setStyleSheet(_ROOM_FOR_ARROW)

    def show_rows(
        self, columns: Sequence[Column], rows: Sequence[tuple[Value, ...]], *, by: int, up: bool
    ) -> None:
        """Show *rows*; the first time they are sorted by column *by*, *up*wards or down."""
        fresh = self.model_.columns != tuple(columns)
        self.model_.show_rows(columns, rows)
        if fresh:
            order = Qt.SortOrder.AscendingOrder if up else Qt.SortOrder.DescendingOrder
            self.sortByColumn(by, order)
        self.resizeColumnsToContents()
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the first column the room that is left, within bounds."""
        rest = sum(self.columnWidth(at) for at in range(1, len(self.model_.columns)))
        wanted = min(max(_NAME_LEAST, self.sizeHintForColumn(0)), _NAME_MOST)
        self.setColumnWidth(0, max(wanted, self.viewport().width() - rest))
