"""The inspector: three views of one conversation beside its transcript."""

from sqlite3 import Connection

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from core.queries import conversations
from core.queries.conversations import ConversationRow
from core.queries.structure import Node, NodeKind
from core.queries.turns import Turn, turn_of
from desktop.look import metrics, palette
from desktop.look.widgets.segmented import Segmented
from desktop.look.words import translate
from desktop.models.threads_read import GROWN, LONG, ThreadsRead
from desktop.views.inspector.blank import Blank
from desktop.views.inspector.details_tab import DetailsTab
from desktop.views.inspector.outline_tab import OutlineTab
from desktop.views.inspector.threads_tab import ThreadsTab

_WIDTH = 320
_NARROWEST, _WIDEST = 280, 420


class Inspector(QWidget):
    """Reads on the UI thread, and only for the tab that is in sight.

    The threads of a long conversation are asked for, where somebody reads them elsewhere.
    """

    message_chosen = Signal(int)  # row id of the message to show
    agent_chosen = Signal(str)  # lane to show
    threads_wanted = Signal(int)  # conversation; they come by `take`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db: Connection | None = None
        self._row: ConversationRow | None = None
        self._turn = Turn(0, "")
        self._fresh: set[QWidget] = set()  # tabs that show what there is
        self._awaited = False  # the threads of another conversation than the tab shows
        self.reads_threads = True  # False: `threads_wanted` is answered by `take`
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._turn_to)
        self.threads = ThreadsTab(self)
        self.outline = OutlineTab(self)
        self.details = DetailsTab(self)
        self.tabs = Segmented(
            translate("inspector", "Inspector"),
            [
                ("threads", translate("inspector", "Threads")),
                ("outline", translate("inspector", "Outline")),
                ("details", translate("inspector", "Details")),
            ],
            self,
        )
        self._blank = Blank("inspector", self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.tabs.chosen.connect(self._turn_to)
        self.threads.chosen.connect(self._choose)
        self.outline.chosen.connect(self._choose)
        self._turn_to()

    def open_library(self, db: Connection) -> None:
        """Read from *db*, a connection of the UI's thread, from now on."""
        self._db = db
        self.show_conversation(None)

    def show_conversation(self, row: ConversationRow | None) -> None:
        """Show *row* from now on, or that none is chosen."""
        same = row is not None and self._row is not None and row.id == self._row.id
        self._row = row
        if same:
            self._read_again()
            return
        self._turn = Turn(0, "")
        self._fresh.clear()
        self._awaited = False
        if row is not None and row.messages > LONG:
            self._later.start()
        else:
            self._turn_to()

    @Slot()
    def refresh(self) -> None:
        """Read again what is shown: it has grown. What is open, chosen and in sight stays so."""
        if self._db is not None and self._row is not None:
            self._row = conversations.by_id(self._db, self._row.id) or self._row
            self._read_again()

    @Slot(int)
    def set_current(self, message: int) -> None:
        """Mark the prompt whose turn holds *message*; the focus stays where it is."""
        if self._db is None or self._row is None:
            return
        turn = turn_of(self._db, message)
        if turn != self._turn:
            self._turn = turn
            self._mark()

    @Slot(object)
    def take(self, found: ThreadsRead) -> None:
        """Show what was *found*, unless another conversation is shown by now."""
        if self._row is None or found.conversation != self._row.id:
            return
        if self._awaited:
            self._awaited = False
            self.threads.show_tree(found.tree)
        elif self.threads in self._fresh:
            self.threads.update_tree(found.tree)
        self._mark()

    def _elsewhere(self, most: int) -> bool:
        """Whether there are more than *most* messages, and somebody else reads their threads."""
        long = self._row is not None and self._row.messages > most
        return long and not self.reads_threads

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 600)

    def _lay_out(self) -> None:
        palette.put_on(self, "panel")
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self._blank.say(translate("inspector", "Choose a conversation to see its threads."))
        for page in (self.threads, self.outline, self.details, self._blank):
            self._pages.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SMALL, metrics.SMALL, metrics.SMALL, metrics.SMALL)
        head.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        self.setFocusProxy(self.tabs)

    @Slot()
    def _turn_to(self) -> None:
        """Show the chosen tab, read now if it has not been."""
        if self._row is None or self._db is None:
            self._pages.setCurrentWidget(self._blank)
            return
        shown: dict[str, QWidget] = {
            "threads": self.threads,
            "outline": self.outline,
            "details": self.details,
        }
        page = shown[self.tabs.current]
        if page not in self._fresh:
            self._fresh.add(page)
            if page is self.threads and self._elsewhere(LONG):
                self.threads.wait()
                self._awaited = True
                self.threads_wanted.emit(self._row.id)
            elif page is self.threads:
                self.threads.show_conversation(self._db, self._row.id)
            elif page is self.outline:
                self.outline.show_conversation(self._db, self._row.id)
            else:
                self.details.show_conversation(self._db, self._row)
        self._pages.setCurrentWidget(page)
        self._mark()

    def _read_again(self) -> None:
        """Read for the tab in sight; the others follow when they are turned to."""
        if self._db is None or self._row is None:
            return
        page = self._pages.currentWidget()
        if page is self.threads and page in self._fresh and self._elsewhere(GROWN):
            self.threads_wanted.emit(self._row.id)
        elif page is self.threads and page in self._fresh:
            self.threads.refresh(self._db, self._row.id)
        elif page is self.outline and page in self._fresh:
            self.outline.refresh(self._db, self._row.id)
        elif page is self.details:
            self.details.show_conversation(self._db, self._row)
        self._fresh &= {page}
        self._turn_to()

    def _mark(self) -> None:
        page = self._pages.currentWidget()
        if page is self.threads:
            self.threads.set_current(self._turn)
        elif page is self.outline:
            self.outline.set_current(self._turn)

    @Slot(object)
    def _choose(self, node: Node) -> None:
        if node.kind is NodeKind.AGENT:
            self.agent_chosen.emit(node.agent)
        elif node.message:
            self.message_chosen.emit(node.message)
