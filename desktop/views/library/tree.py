"""The tree of conversations: keeps its place while rows come and go around it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    QTimerEvent,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QWidget
from typing_extensions import override

from core.queries.conversations import ConversationRow
from desktop.look import palette
from desktop.models.conversations import ConversationsModel, Index
from desktop.views.library.delegate import ConversationDelegate

_AHEAD: Final = 25  # rows before the end at which more are read
_SETTLE_MS: Final = 60  # an arrow key held down opens nothing on its way
# The delegate paints whole rows; what the window's style sheet adds to them has to go.
_BARE: Final = """
QTreeView::item, QTreeView::item:hover, QTreeView::item:selected,
QTreeView::item:selected:!active { background: transparent; border: none; padding: 0; }
QTreeView::branch, QTreeView::branch:hover, QTreeView::branch:selected,
QTreeView::branch:selected:!active { background: transparent; image: none; }
"""


class ConversationTree(QTreeView):
    """Shows a `ConversationsModel`. Going to a conversation opens it."""

    opened = Signal(object)  # ConversationRow: the user wants to see it

    _drawn: ConversationDelegate | None = None  # Qt may tell of fonts before there is one

    def __init__(self, model: ConversationsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = model
        self.way: AbstractContextManager[object] = nullcontext()  # held while rows are laid out
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._at_top = True
        self._shut: set[int] = set()
        self.setAccessibleName(self.tr("Conversations"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setStyleSheet(_BARE)
        palette.put_on(self, "panel")
        self.viewport().setAutoFillBackground(False)
        self._drawn = ConversationDelegate(self)
        self.setItemDelegate(self._drawn)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._open_current)
        self.setModel(model)
        model.modelReset.connect(self._expand)
        model.rowsInserted.connect(self._expand_new)
        model.merging.connect(self._remember_place)
        model.merged.connect(self._return_to_place)
        self.clicked.connect(self._click)
        self.activated.connect(self._activate)
        self.verticalScrollBar().valueChanged.connect(self._read_ahead)
        self._expand()

    def show_key(self, key: str) -> bool:
        """Select conversation *key* without opening it; return False while it is not loaded."""
        index = self._list.index_of(key)
        if not index.isValid():
            self.selectionModel().clear()
            return False
        if index != self.currentIndex():
            self.setCurrentIndex(index)
            self._settle.stop()
            if not self.viewport().rect().intersects(self.visualRect(index)):
                self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.scrollTo(index)
        return True

    def select_first(self) -> ConversationRow | None:
        """Select the first conversation of all without opening it, and return it."""
        first = self._list.index(0, 0, self._list.index(0, 0))
        row = self._list.row_at(first) if first.isValid() else None
        if row is not None:
            self.setCurrentIndex(first)
            self._settle.stop()
        return row

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._settle.start()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and current.isValid():
            self._activate(current)
            return
        letters = {Qt.Key.Key_J: Qt.Key.Key_Down, Qt.Key.Key_K: Qt.Key.Key_Up}
        instead = letters.get(Qt.Key(event.key()))
        if instead is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, instead, event.modifiers()))
            return
        super().keyPressEvent(event)

    @override
    def timerEvent(self, event: QTimerEvent) -> None:
        with self.way:  # most of all it is Qt that lays out every row once more after a merge
            super().timerEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._drawn is not None:
            self._drawn.measure()
            self.scheduleDelayedItemsLayout()

    @Slot()
    def _open_current(self) -> None:
        row = self._list.row_at(self.currentIndex())
        if row is not None:
            self.opened.emit(row)

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if not index.internalId():
            self.setExpanded(index, not self.isExpanded(index))

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        if index.internalId():
            self._settle.stop()
            self._open_current()
        else:
            self.setExpanded(index, not self.isExpanded(index))

    @Slot()
    def _expand(self) -> None:
        self.scrollToTop()
        if self._list.by_project:
            first = self._list.index(0, 0)
            if first.isValid():
                self.expand(first)
        else:
            self.expandAll()

    @Slot(QModelIndex, int, int)
    def _expand_new(self, parent: QModelIndex, first: int, last: int) -> None:
        if parent.isValid() or self._list.by_project:
            return
        for row in range(first, last + 1):
            self.expand(self._list.index(row, 0))

    @Slot()
    def _remember_place(self) -> None:
        self._at_top = self.verticalScrollBar().value() == 0
        top = self.indexAt(QPoint(0, 0))
        self._anchor = None
        if top.isValid() and not self._at_top:
            self._anchor = QPersistentModelIndex(top), self.visualRect(top).top()

    @Slot()
    def _return_to_place(self) -> None:
        if self._anchor is None:
            return
        index, top = self._anchor
        self._anchor = None
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        moved = self.visualRect(index).top() - top
        if moved:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + moved)

    @Slot()
    def _read_ahead(self) -> None:
        last = self.indexAt(QPoint(0, self.viewport().height() - 1))
        if not last.isValid():
            return
        parent = last.parent() if last.internalId() else last
        if self._list.canFetchMore(parent) and self.isExpanded(parent):
            if self._list.rowCount(parent) - last.row() < _AHEAD:
                self._list.fetchMore(parent)
        elif self._list.canFetchMore(QModelIndex()):
            bar = self.verticalScrollBar()
            if bar.maximum() - bar.value() < 2 * self.viewport().height():
                self._list.fetchMore(QModelIndex())
