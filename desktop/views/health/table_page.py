"""One part of the data health: a table, or why there is nothing in it."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from desktop.look import fonts
from desktop.look.widgets.empty_state import EmptyState
from desktop.views.table import Copied, Table

_WIDTH: Final = 90  # points of a column, unless it is given others
# Titles stand over what they are of: cells have three points more around their words.
_ROOM_FOR_ARROW: Final = """
QHeaderView::section { padding: 6px 23px 6px 11px; }
QTableView::item { padding: 2px 20px 2px 8px; }
"""


class TablePage(QStackedWidget):
    """Shows *model* as a table called *name*, or *empty* while it has no rows.

    *widths* are those of its columns in points; the last one takes what is left. Long texts of
    the columns *middle* are cut in the middle, as paths are.
    """

    def __init__(  # noqa: PLR0913  what makes one table another
        self,
        name: str,
        model: QAbstractItemModel,
        copied: Copied,
        empty: EmptyState,
        widths: Mapping[int, int],
        *,
        middle: tuple[int, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.empty = empty
        self.model = model
        self._widths: Mapping[int, int] = widths
        self.table = Table(name, self, ground="window")
        self.table.show_model(model, copied)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        self.table.setStyleSheet(_ROOM_FOR_ARROW)
        for column in middle:
            self.table.setItemDelegateForColumn(column, _CutInTheMiddle(self.table))
        self.addWidget(self.table)
        self.addWidget(empty)
        model.modelReset.connect(self.turn)
        self.turn()

    def sort_by(self, column: int = -1, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Let the user sort; to begin with by *column*, or not at all if it is -1."""
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.horizontalHeader().setSortIndicator(column, order)
        self.table.setSortingEnabled(True)

    @Slot()
    def turn(self) -> None:
        """Show the table if there is anything in it."""
        there = self.model.rowCount() > 0
        self.setCurrentWidget(self.table if there else self.empty)
        if there:
            self._fit()

    def _fit(self) -> None:
        """Give columns their widths when they first appear."""
        head = self.table.horizontalHeader()
        for column in range(self.model.columnCount() if self._widths else 0):
            width = fonts.grown(self._widths.get(column, _WIDTH))
            self.table.setColumnWidth(column, max(width, head.sectionSizeHint(column)))
        self._widths = {}


class _CutInTheMiddle(QStyledItemDelegate):
    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle
