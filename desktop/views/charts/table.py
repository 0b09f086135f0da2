"""The table twin of a chart: the same numbers, sorted by a click on a title."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.models.tables import Column, TableModel, Value
from desktop.views.table import Table

_MEASURED: Final = 50  # rows by which the width of a column is measured
_NAME_LEAST: Final = 96  # points of the first column
_NAME_MOST: Final = 240
_ROOM_FOR_ARROW: Final = """
QHeaderView::section { padding: 6px 22px 6px 8px; border-right: none; background: transparent; }
QTableView::item { padding: 2px 22px 2px 8px; }
"""


class ChartTable(Table):
    """Gives the first column what room the numbers leave."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, widest: int = _NAME_MOST
    ) -> None:
        """*widest* is what the first column takes at most where others need room, in points."""
        super().__init__(name, parent)
        self._widest = widest
        self.model_ = TableModel(self)
        self.show_model(self.model_, self.model_)
        self.setSortingEnabled(True)
        self.setStyleSheet(_ROOM_FOR_ARROW)
        self.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        self._unfitted = False  # rows came while nobody looked

    def show_rows(
        self, columns: Sequence[Column], rows: Sequence[tuple[Value, ...]], *, by: int, up: bool
    ) -> None:
        """Show *rows*; the first time they are sorted by column *by*, *up*wards or down."""
        fresh = self.model_.columns != tuple(columns)
        self.model_.show_rows(columns, rows)
        if fresh:
            order = Qt.SortOrder.AscendingOrder if up else Qt.SortOrder.DescendingOrder
            self.sortByColumn(by, order)
        self._unfitted = True
        if self.isVisible():
            self._fit_columns()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unfitted:
            self._fit_columns()

    def _fit_columns(self) -> None:
        self._unfitted = False
        self.resizeColumnsToContents()
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._unfitted:
            self._fit()

    def _fit(self) -> None:
        """Give the first column the room that is left, within bounds."""
        rest = sum(self.columnWidth(at) for at in range(1, len(self.model_.columns)))
        wanted = min(max(_NAME_LEAST, self.sizeHintForColumn(0)), self._widest)
        self.setColumnWidth(0, max(wanted, self.viewport().width() - rest))
