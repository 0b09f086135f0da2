"""A table whose rows can be chosen with the keyboard and copied with the usual key."""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget
from typing_extensions import override

from desktop.look import icons, metrics, palette
from desktop.look.palette import Surface
from desktop.look.widgets.menu import Menu
from desktop.look.words import translate

_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Copied(Protocol):
    """What knows its rows as tab-separated values."""

    def tsv(self, rows: Sequence[int]) -> str:
        """Return *rows*, as they are shown, below their titles."""
        ...


class Table(QTableView):
    """Copies the selected rows, or all if there are none, as tab-separated values."""

    chosen = Signal(int)  # the row that was double-clicked, or on which Enter was pressed

    def __init__(
        self, name: str, parent: QWidget | None = None, *, ground: Surface = "card"
    ) -> None:
        super().__init__(parent)
        self._copied: Copied | None = None
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(metrics.ROW)
        self.horizontalHeader().setHighlightSections(False)
        palette.put_on(self, ground)
        copying = QAction(icons.icon("copy"), translate("Table", "Copy"), self)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copying.triggered.connect(self.copy)
        self.addAction(copying)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.doubleClicked.connect(self._choose)

    def show_model(self, model: QAbstractItemModel, copied: Copied) -> None:
        """Show *model* from now on; its rows are copied as *copied*, the same, writes them."""
        self.setModel(model)
        self._copied = copied

    @Slot()
    def copy(self) -> None:
        """Put the selected rows, or all, on the clipboard as tab-separated values."""
        if self._copied is None:
            return
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = chosen or range(self.model().rowCount())
        QGuiApplication.clipboard().setText(self._copied.tsv(rows))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    @Slot(QPoint)
    def _open_menu(self, where: QPoint) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.viewport().mapToGlobal(where))
