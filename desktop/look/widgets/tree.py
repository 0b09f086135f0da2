"""A tree whose rows are round from edge to edge, as in a side bar."""

from typing import TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QFrame, QStyle, QStyleOptionViewItem, QTreeView, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint

Index: TypeAlias = QModelIndex | QPersistentModelIndex


class Tree(QTreeView):
    """A tree without header and frame; *name* is what a screen reader calls it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("kind", "round")
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(metrics.LARGE)
        self.setMouseTracking(True)
        self.setUniformRowHeights(True)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        side = fonts.grown(metrics.ICON_SMALL)
        self.setIconSize(QSize(side, side))

    @override
    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        ground = QStyleOptionViewItem(options)
        ground.state |= self._state(options, index)
        paint.row(painter, ground)
        super().drawRow(painter, options, index)

    def _state(self, options: QStyleOptionViewItem, index: Index) -> QStyle.StateFlag:
        on = QStyle.StateFlag
        found = on.State_None
        if self.selectionModel().isSelected(index):
            found |= on.State_Selected
        if self.hasFocus() and index == self.currentIndex():
            found |= on.State_HasFocus
        viewport = self.viewport()
        if viewport.underMouse() and options.rect.contains(viewport.mapFromGlobal(QCursor.pos())):
            found |= on.State_MouseOver
        return found
