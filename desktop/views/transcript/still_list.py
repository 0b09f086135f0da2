"""A list view that keeps its rows still on the screen while it finds out how tall they are.

Being an item view it brings Qt's accessibility, current row and model wiring; Qt tells lists by
their class, so it has to be a `QListView`. All of that class's own geometry is stepped over, by
calling `QAbstractItemView` where a base is called: no view of Qt knows rows of guessed heights.
"""

from array import array
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget
from typing_extensions import override

from desktop.views.transcript.scroller import Hint, Scroller

_STEP: Final = 24  # pixels for an arrow of the scroll bar; the wheel takes three
_TELL_MS: Final = 120
_HINTS: Final = {
    QAbstractItemView.ScrollHint.PositionAtTop: Hint.TOP,
    QAbstractItemView.ScrollHint.PositionAtBottom: Hint.BOTTOM,
    QAbstractItemView.ScrollHint.PositionAtCenter: Hint.CENTER,
}

Index = QModelIndex | QPersistentModelIndex


class StillList(QListView):
    """Scrolls over the rows of *model*; how tall they are says who inherits this."""

    top_changed = Signal(int)  # the first row in view; throttled
    end_left = Signal(bool)  # whether the end is out of view now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scroller = Scroller(self.measured)
        self._value = 0
        self._was_at_end = True
        self._moving = False  # more is about to move
        self._tell = QTimer(self, interval=_TELL_MS, singleShot=True)
        self._tell.timeout.connect(self._tell_top)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAutoScroll(False)

    def measured(self, row: int) -> int:
        """Return the height of *row*."""
        raise NotImplementedError

    def guessed(self, first: int = 0, end: int | None = None) -> "array[int]":
        """Return about how tall the rows from *first* to *end* are; costs next to nothing."""
        raise NotImplementedError

    def renew(self, row: int) -> None:
        """Measure *row* again before it is painted the next time."""
        self.scroller.heights.doubt(row)

    @override
    def setModel(self, model: QAbstractItemModel | None) -> None:
        QAbstractItemView.setModel(self, model)
        if model is not None:
            model.rowsRemoved.connect(self._forget_removed)

    @property
    def at_end(self) -> bool:
        """Whether the end of the last row is in view."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 2

    def to_end(self) -> None:
        """Go to the end of the last row."""
        self.scroller.to_end(self.viewport().height())
        self.settle()

    def scroll_by(self, pixels: int) -> None:
        """Move what is in view up by *pixels*."""
        self.scroller.move(pixels)
        self.settle()

    @contextmanager
    def settled_once(self) -> Generator[None]:
        """Settle once, at the end of the body: what only passes through is not laid out."""
        self._moving = True
        try:
            yield
        finally:
            self._moving = False
            self.settle()

    def settle(self) -> None:
        """Measure what is in view and tell the scroll bar; call after anything moved."""
        if self._moving:
            return
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        self.scroller.settle(height)
        blocked = bar.blockSignals(True)
        bar.setPageStep(max(1, height - 40))
        bar.setSingleStep(_STEP)
        bar.setRange(0, max(0, self.scroller.total - height))
        if not bar.isSliderDown():
            bar.setValue(self.scroller.value)
        self._value = bar.value()
        bar.blockSignals(blocked)
        bar.update()
        self.viewport().update()
        if not self._tell.isActive():
            self._tell.start()
        if self.at_end != self._was_at_end:
            self._was_at_end = self.at_end
            self.end_left.emit(not self.at_end)

    # What Qt asks.

    @override
    def keyboardSearch(self, search: str) -> None:
        pass

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        bar = self.verticalScrollBar()
        value = bar.value()
        moved = value - self._value
        if value == bar.maximum() and moved > 0:
            self.scroller.to_end(self.viewport().height())
        elif value == 0 or abs(moved) > 3 * self.viewport().height():
            self.scroller.jump(value)
        else:
            self.scroller.move(moved)
        self._value = value
        self.settle()

    @override
    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        row = index.row()
        if index.isValid() and row < len(self.scroller.heights):
            self.scroller.bring(row, self.viewport().height(), _HINTS.get(hint, Hint.SEEN))
            self.settle()

    @override
    def visualRect(self, index: Index) -> QRect:
        row = index.row()
        if not index.isValid() or row >= len(self.scroller.heights):
            return QRect()
        y = self.scroller.y(row)
        return QRect(0, y, self.viewport().width(), self.scroller.heights[row])

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.scroller.row_at(point.y())
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

    @override
    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.scroller.value

    @override
    def isIndexHidden(self, index: Index) -> bool:
        return False

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        if index.isValid():
            self.selectionModel().select(index, command)

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for row, y in self.scroller.visible:
            if selection.contains(self.model().index(row, 0)):
                region += QRect(0, y, self.viewport().width(), self.scroller.heights[row])
        return region

    @override
    def updateGeometries(self) -> None:
        QAbstractItemView.updateGeometries(self)
        self.settle()

    @override
    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    @override
    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    @override
    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        heights = self.scroller.heights
        heights.insert(start, self.guessed(start, end + 1))
        self.scroller.inserted(start, end - start + 1)
        if end + 1 < len(heights):
            self.renew(end + 1)  # what it says above itself depends on the row before
        QAbstractItemView.rowsInserted(self, parent, start, end)
        self.settle()

    @Slot(QModelIndex, int, int)
    def _forget_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        count = last - first + 1
        self.scroller.heights.remove(first, count)
        self.scroller.removed(first, count)
        if first < len(self.scroller.heights):
            self.renew(first)
        self.settle()

    @Slot()
    def _tell_top(self) -> None:
        if self.scroller.visible:
            self.top_changed.emit(self.scroller.top)
