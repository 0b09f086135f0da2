"""The drawer that lists what could not be read, line by line."""

from sqlite3 import Connection

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.look import fonts, metrics, palette
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.models.problems import Column, ProblemsModel


class ProblemsDrawer(QWidget):
    """A table of problems, and a cross to close it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Problems"))
        palette.put_on(self, "window")
        self.model = ProblemsModel(self)
        self.table = QTableView(self)
        self._pages = QStackedWidget(self)
        self._empty = EmptyState(
            "ok",
            self.tr("No problems"),
            self.tr("Every line that was read could be understood."),
            self,
        )
        self._lay_out()
        self.model.modelReset.connect(self._show_page)
        self._show_page()

    def open_library(self, db: Connection) -> None:
        """List the problems of *db*."""
        self.model.open_library(db)

    @Slot()
    def _show_page(self) -> None:
        there = self.model.rowCount() > 0
        self._pages.setCurrentWidget(self.table if there else self._empty)

    def _lay_out(self) -> None:
        table = self.table
        table.setAccessibleName(self.tr("Problems"))
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(metrics.ROW)
        table.setModel(self.model)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.setStyleSheet("QHeaderView::section { padding-left: 11px; }")  # as the cells have it
        table.setColumnWidth(Column.PLACE, 270)
        table.setColumnWidth(Column.REASON, 500)
        title = Text(self.tr("Problems"), self, weight=QFont.Weight.DemiBold)
        said = ElidedLabel(
            self.tr("Lines that are not as they should be. Everything else was read."),
            self,
            size=fonts.SMALL,
            tone="muted",
        )
        cross = IconButton("close", self.tr("Close problems"), self, size=metrics.ICON_SMALL)
        cross.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.setContentsMargins(metrics.MEDIUM, metrics.TIGHT, metrics.SMALL, metrics.TIGHT)
        top.setSpacing(metrics.MEDIUM)
        top.addWidget(title)
        top.addWidget(said, 1)
        top.addWidget(cross)
        self._pages.addWidget(table)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(Hairline(self))
        layout.addWidget(self._pages, 1)
