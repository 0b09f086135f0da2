"""The threads tab: the tree of one conversation, and what narrows it."""

from collections.abc import Sequence
from sqlite3 import Connection

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.queries.structure import Node, NodeKind
from core.queries.turns import Turn
from desktop.look import metrics, palette
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.chips import Chip
from desktop.look.widgets.menu import Menu
from desktop.look.widgets.search_field import SearchField
from desktop.look.words import translate
from desktop.models import threads_read
from desktop.models.only import MAIN, WHOLE, Only, of_node
from desktop.models.thread_filter import ThreadFilter
from desktop.models.thread_groups import ThreadNode
from desktop.models.threads import ThreadModel
from desktop.views.inspector.blank import Blank
from desktop.views.inspector.delegates import ThreadDelegate
from desktop.views.inspector.thread_card import ThreadCard
from desktop.views.inspector.thread_menu import Doer, thread_menu
from desktop.views.inspector.thread_tree import ThreadTree

_SIDE = 10


class ThreadsTab(QWidget):
    """Shows what the log records: sessions, prompts, branches, agents, compactions.

    Prompts stand under the thread they are guessed to be of, where there are several.
    """

    chosen = Signal(object)  # Node: the user wants to see it
    split_wanted = Signal(object)  # Node: a prompt at which a thread is to begin
    merge_wanted = Signal(object)  # ThreadNode: it goes on with the thread before
    rename_wanted = Signal(object)  # ThreadNode
    only_wanted = Signal(object)  # Only: the part that alone is to be shown in the transcript
    sensitivity_wanted = Signal(object)  # QWidget: what it is to be shown below

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ThreadModel(self)
        self._narrow = ThreadFilter(self)
        self._narrow.setSourceModel(self.model)
        self.field = SearchField(
            translate("inspector", "Filter"), translate("inspector", "Filter threads"), self
        )
        self.branches = Chip(
            translate("inspector", "Branches"), self, icon="branch", checkable=True
        )
        self.agents = Chip(translate("inspector", "Agents"), self, icon="agent", checkable=True)
        self.finely = IconButton("settings", translate("inspector", "How finely to cut"), self)
        self.tree = ThreadTree(translate("inspector", "Threads"), self)
        self.tree.setModel(self._narrow)
        self.tree.setItemDelegate(ThreadDelegate(self.tree))
        self.card = ThreadCard(self)
        self._doer = Doer(
            self.split_wanted.emit,
            self.merge_wanted.emit,
            self.rename_wanted.emit,
            self.only_wanted.emit,
        )
        self._only = WHOLE  # what the transcript shows
        self._blank = Blank("thread", self)
        self._lay_out()
        self.field.textChanged.connect(self._ask)
        self.branches.toggled.connect(self._ask)
        self.agents.toggled.connect(self._ask)
        self.tree.gone_to.connect(self._choose)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._offer)
        self.card.merge_wanted.connect(self.merge_wanted)
        self.card.rename_wanted.connect(self.rename_wanted)
        self.card.closed.connect(self._close_card)
        self.finely.clicked.connect(self._ask_finely)

    def show_conversation(self, db: Connection | None, conversation: int | None) -> None:
        """Show the threads of *conversation*; nothing if it is None."""
        tree: tuple[Node, ...] = ()
        if db is not None and conversation is not None:
            tree = threads_read.read(db, conversation).tree
        self.show_tree(tree)

    def show_tree(self, tree: Sequence[Node]) -> None:
        """Show the *tree* of another conversation."""
        self.card.show_thread(None)
        self.model.show_tree(tree)
        self.tree.expand_usual()
        self._tell()

    def wait(self) -> None:
        """Show nothing of another conversation yet: its tree is being read."""
        self.show_tree(())
        self._blank.say(translate("inspector", "Reading the threads…"))

    def refresh(self, db: Connection, conversation: int) -> None:
        """Take over what is new; what was open, selected and in sight stays so."""
        self.update_tree(threads_read.read(db, conversation).tree)

    def update_tree(self, tree: Sequence[Node]) -> None:
        """Take over what is new in *tree*; what was open, selected and in sight stays so."""
        with self.tree.kept():
            self.model.update_tree(tree)
        if self.card.node is not None:
            found = self.model.find_thread(self.card.node.message)
            self.card.show_thread(found)
        self._tell()

    def menu_at(self, index: QModelIndex) -> Menu | None:
        """Return what can be done at *index* of the tree; None where there is nothing to do."""
        at = self._narrow.mapToSource(index)
        node = self.model.node_at(at)
        return None if node is None else thread_menu(self._doer, node, self.tree, self._parts(at))

    @Slot(object)
    def set_only(self, shown: Only) -> None:
        """Take *shown* as what alone the transcript shows."""
        self._only = shown

    def _parts(self, index: QModelIndex) -> list[Only]:
        """Return what may be shown alone at *index* of the model."""
        found: list[Only] = []
        above = index
        while above.isValid() and not found:
            node = self.model.node_at(above)
            part = of_node(node) if node is not None else None
            found += [part] if part is not None else []
            above = above.parent()
        if self.model.branched:
            found.append(MAIN)
        return [one for one in (*found, WHOLE) if one != self._only]

    def shown_at(self, index: QModelIndex) -> QModelIndex:
        """Return where *index* of the model is in the tree; invalid if it is left out."""
        return self._narrow.mapFromSource(index)

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
        chips.addWidget(self.finely)
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
        layout.addWidget(self.card)
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
            self.card.show_thread(node if isinstance(node, ThreadNode) else None)
            QTimer.singleShot(0, self.tree, self._keep_in_sight)  # the card has taken its room then
            self.chosen.emit(node)

    @Slot()
    def _ask_finely(self) -> None:
        self.sensitivity_wanted.emit(self.finely)

    @Slot()
    def _keep_in_sight(self) -> None:
        self.tree.scrollTo(self.tree.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    @Slot()
    def _close_card(self) -> None:
        self.card.show_thread(None)
        self.tree.setFocus()

    @Slot(QPoint)
    def _offer(self, at: QPoint) -> None:
        menu = self.menu_at(self.tree.indexAt(at))
        if menu is not None:
            menu.popup(self.tree.viewport().mapToGlobal(at))
