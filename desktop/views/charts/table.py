"""The table beside a chart: sorted by a click on a title, copied with the usual key."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget
from typing_extensions import override

from desktop.look import icons, metrics, palette
from desktop.look.widgets.menu import Menu
from desktop.look.words import translate
from desktop.models.chart_tables import ChartTable, Column, Role, Value

_NAME_LEAST: Final = 96  # points of the first column
_NAME_MOST: Final = 240
_ROOM_FOR_ARROW: Final = """
QHeaderView::section { padding: 6px 22px 6px 8px; border-right: none; background: transparent; }
QTableView::item { padding: 2px 22px 2px 8px; }
"""


class Table(QTableView):
    """Rows of a `ChartTable`. Copies the selected ones, or all if there are none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = ChartTable(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model_)
        self._sorted.setSortRole(Role.VALUE)
        self.setModel(self._sorted)
        self.setAccessibleName(name)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(metrics.ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.setStyleSheet(_ROOM_FOR_ARROW)
        palette.put_on(self, "card")
        copying = QAction(icons.icon("copy"), translate("charts", "Copy"), self)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copying.triggered.connect(self.copy)
        self.addAction(copying)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

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

    @Slot()
    def copy(self) -> None:
        """Put the selected rows, or all, on the clipboard as tab-separated values."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        shown = chosen or range(self._sorted.rowCount())
        rows = [self._sorted.mapToSource(self._sorted.index(row, 0)).row() for row in shown]
        QGuiApplication.clipboard().setText(self.model_.tsv(rows))

    @Slot(QPoint)
    def _open_menu(self, where: QPoint) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.viewport().mapToGlobal(where))
