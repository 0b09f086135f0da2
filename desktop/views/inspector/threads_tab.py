"""The threads tab: the tree of one conversation, and what narrows it."""

from sqlite3 import Connection

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.queries import structure
from core.queries.structure import Node, NodeKind
from core.queries.turns import Turn
from desktop.look import metrics, palette
from desktop.look.widgets.chips import Chip
from desktop.look.widgets.search_field import SearchField
from desktop.look.words import translate
from desktop.models.thread_filter import ThreadFilter
from desktop.models.threads import ThreadModel
from desktop.views.inspector.blank import Blank
from desktop.views.inspector.delegates import ThreadDelegate
from desktop.views.inspector.thread_tree import ThreadTree

_SIDE = 10


class ThreadsTab(QWidget):
    """Shows what the log records: sessions, prompts, branches, agents, compactions."""

    chosen = Signal(object)  # Node: the user wants to see it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ThreadModel(self)
        self._narrow = ThreadFilter(self)
        self._narrow.setSourceModel(self.model)
        self.field = SearchField(
            translate("inspector", "Filter"), translate("inspector", "Filter threads"), self
        )
        self.branches = Chip(
            translate("inspector", "Only branches"), self, icon="branch", checkable=True
        )
        self.agents = Chip(
            translate("inspector", "Only agents"), self, icon="agent", checkable=True
        )
        self.tree = ThreadTree(translate("inspector", "Threads"), self)
        self.tree.setModel(self._narrow)
        self.tree.setItemDelegate(ThreadDelegate(self.tree))
        self._blank = Blank("thread", self)
        self._lay_out()
        self.field.textChanged.connect(self._ask)
        self.branches.toggled.connect(self._ask)
        self.agents.toggled.connect(self._ask)
        self.tree.gone_to.connect(self._choose)

    def show_conversation(self, db: Connection | None, conversation: int | None) -> None:
        """Show the threads of *conversation*; nothing if it is None."""
        tree: tuple[Node, ...] = ()
        if db is not None and conversation is not None:
            tree = structure.tree(db, conversation)
        self.model.show_tree(tree)
        self.tree.expand_usual()
        self._tell()

    def refresh(self, db: Connection, conversation: int) -> None:
        """Take over what is new; what was open, selected and in sight stays so."""
        tree = structure.tree(db, conversation)
        with self.tree.kept():
            self.model.update_tree(tree)
        self._tell()

    def set_current(self, turn: Turn) -> None:
        """Mark the node of *turn*, and bring it into sight where nothing has to be opened."""
        self.model.set_current(self.model.find(message=turn.mark, agent=turn.agent))
        self.tree.show_softly(self._narrow.mapFromSource(self.model.current))

    def _lay_out(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(6)
        chips.addWidget(self.branches)
        chips.addWidget(self.agents)
        chips.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(_SIDE, 0, _SIDE, metrics.SMALL)
        top.setSpacing(metrics.SMALL)
        top.addWidget(self.field)
        top.addLayout(chips)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self._blank)
        palette.put_on(self.tree, "panel")
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)
        self._tell()

    @Slot()
    def _ask(self) -> None:
        kinds: set[NodeKind] = set()
        if self.branches.isChecked():
            kinds.add(NodeKind.BRANCH)
        if self.agents.isChecked():
            kinds.add(NodeKind.AGENT)
        self._narrow.ask_for(self.field.text(), frozenset(kinds))
        if self._narrow.narrowed:
            self.tree.expandAll()
        else:
            self.tree.expand_usual()
        self._tell()

    def _tell(self) -> None:
        full = self._narrow.rowCount() > 0
        self._pages.setCurrentWidget(self.tree if full else self._blank)
        if self.model.rowCount():
            self._blank.say(translate("inspector", "Nothing in this conversation matches."))
        else:
            self._blank.say(translate("inspector", "No prompts to show."))

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        node = self.model.node_at(self._narrow.mapToSource(index))
        if node is not None:
            self.chosen.emit(node)
