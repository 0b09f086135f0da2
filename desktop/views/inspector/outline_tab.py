"""The outline tab: every prompt of the conversation, one after the other."""

from sqlite3 import Connection

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.queries import structure
from core.queries.structure import Node
from core.queries.turns import Turn
from desktop.look import palette
from desktop.look.words import translate
from desktop.models.outline import OutlineModel, OutlineRow, Role
from desktop.views.inspector.blank import Blank
from desktop.views.inspector.delegates import OutlineDelegate

# The delegate paints whole rows; what the window's style sheet adds to them has to go.
_BARE = """
QListView::item, QListView::item:hover, QListView::item:selected,
QListView::item:selected:!active { background: transparent; border: none; padding: 0; }
"""


class OutlineTab(QWidget):
    """Numbered prompts with what came of them."""

    chosen = Signal(object)  # Node: the user wants to see it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = OutlineModel(self)
        self.list = _List(self)
        self.list.setModel(self.model)
        self._blank = Blank("prompt", self)
        self._blank.say(translate("inspector", "No prompts to show."))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._blank)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.list.gone_to.connect(self._choose)

    def show_conversation(self, db: Connection | None, conversation: int | None) -> None:
        """Show the prompts of *conversation*; nothing if it is None."""
        self.model.clear()
        if db is not None and conversation is not None:
            self.model.show_nodes(structure.outline(db, conversation))
        self._tell()

    def refresh(self, db: Connection, conversation: int) -> None:
        """Take over what is new."""
        bar = self.list.verticalScrollBar()
        before = bar.value()
        at = self.list.currentIndex().data(Role.ROW)
        self.model.show_nodes(structure.outline(db, conversation))
        if isinstance(at, OutlineRow) and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.find(at.node.message))
        self.list.executeDelayedItemsLayout()
        bar.setValue(before)
        self._tell()

    def set_current(self, turn: Turn) -> None:
        """Mark the prompt of *turn*, and bring it into sight."""
        index = self.model.set_current(turn.mark)
        if index.isValid():
            self.list.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def _tell(self) -> None:
        full = self.model.rowCount() > 0
        self._pages.setCurrentWidget(self.list if full else self._blank)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = index.data(Role.ROW)
        if isinstance(row, OutlineRow):
            node: Node = row.node
            self.chosen.emit(node)


class _List(QListView):
    gone_to = Signal(QModelIndex)  # the user clicked the row, or pressed Return on it

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("inspector", "Outline"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(OutlineDelegate(self))
        self.setStyleSheet(_BARE)
        palette.put_on(self, "panel")
        self.clicked.connect(self._go)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.currentIndex().isValid():
            self._go(self.currentIndex())
            return
        super().keyPressEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex)
    def _go(self, index: QModelIndex) -> None:
        self.gone_to.emit(index)
