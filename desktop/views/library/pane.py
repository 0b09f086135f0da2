"""The pane that lists the conversations: which project, in what order, and the tree."""

from contextlib import AbstractContextManager, nullcontext
from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.events import ConversationChanged
from core.queries import conversations
from core.queries.conversations import ConversationRow, Sort
from desktop.look import metrics, palette, words
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.models.conversation_words import project_name
from desktop.models.conversations import ConversationsModel
from desktop.views.library.arrange_menu import ArrangeMenu
from desktop.views.library.projects import ProjectsPopup
from desktop.views.library.scope_button import ScopeButton
from desktop.views.library.tree import ConversationTree
from desktop.workers.throttle import Throttle

_FIRST_MS: Final = 100  # between two merges of changes while they keep coming
_IMPORT_MS: Final = 300  # the same during an import: rows come faster than anybody reads them
_CROWD: Final = 8  # conversations: if more than these change at once, nobody can follow them all,
_CROWD_MS: Final = 1_500  # and a list that is merged less often leaves time for the rest
_LEAST: Final = 240


class LibraryPane(QWidget):
    """Lists conversations, follows changes, and tells which one the user goes to."""

    opened = Signal(object)  # ConversationRow
    arranged = Signal()  # the user chose another order, grouping or project
    import_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db: Connection | None = None
        self._importing = False
        self._grown: set[str] = set()
        self._stale = False
        self._hidden = 0  # conversations that the menu offers to show
        self.model = ConversationsModel(self)
        self.tree = ConversationTree(self.model, self)
        self.scope = ScopeButton(self)
        self._popup = ProjectsPopup(self)
        self._order = IconButton("sort", self.tr("Order and grouping"), self, size=18)
        self._empty = EmptyState(
            "conversation",
            self.tr("No conversations"),
            "",
            self,
            primary=self.tr("Add folder…"),
        )
        self._pages = QStackedWidget(self)
        self.menu = ArrangeMenu(self)
        self._throttle = Throttle(_FIRST_MS, self)
        self._way: AbstractContextManager[object] = nullcontext()
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._lay_out()
        self.tree.opened.connect(self._open)
        self.scope.clicked.connect(self._choose_project)
        self._popup.chosen.connect(self.show_project)
        self._order.clicked.connect(self._drop_menu)
        self.menu.chosen.connect(self._rearrange)
        self.menu.noise_toggled.connect(self._toggle_noise)
        self._empty.primary_clicked.connect(self.import_wanted)
        self._throttle.due.connect(self._merge)
        self._tick.timeout.connect(self._let_time_pass)
        self.model.modelReset.connect(self._show_page)
        self.model.merged.connect(self._show_page)
        self.model.modelReset.connect(self._wait)
        self.model.merged.connect(self._wait)
        self._wait()
        self._show_page()

    def open_library(self, db: Connection) -> None:
        """List what *db* holds."""
        self._db = db
        self.model.open_library(db)
        self._count()

    def go_first(self, way: AbstractContextManager[object]) -> None:
        """Hold *way* while changes are merged, and while a conversation is opened."""
        self._throttle.within = self._way = self.tree.way = way

    def leave(self) -> None:
        """Read nothing more."""
        self._db = None
        self._tick.stop()
        self._throttle.blockSignals(True)

    def arrange(self, sort: Sort, *, by_project: bool) -> None:
        """Order and group the list so."""
        self.model.arrange(sort=sort, by_project=by_project, project=self.model.project)
        self.menu.choose(sort, by_project=by_project)

    def show_noise(self, noise: bool) -> None:
        """List what a program did for itself, or leave it out."""
        self.model.show_noise(noise)
        self.menu.noise.setChecked(noise)
        self._count()

    @Slot(object)
    def show_project(self, project: str | None) -> None:
        """List the conversations of *project* only, or all if it is None."""
        self.model.arrange(sort=self.menu.sort, by_project=self.menu.by_project, project=project)
        self._count()
        self.menu.choices["by_project"].setEnabled(project is None)
        self.arranged.emit()

    def set_importing(self, importing: bool) -> None:
        """Say whether changes come from an import, which makes nothing live."""
        self._importing = importing
        if not importing:
            self._stale = True
            self._throttle.poke()
            self._throttle.flush()
        self._show_page()

    @Slot(ConversationChanged)
    def take(self, event: ConversationChanged) -> None:
        """Merge a change: the first one at once, a flood of them ten times a second."""
        if self._importing or event.regrouped:
            self._stale = True
        if not self._importing:
            self._grown.add(event.conversation)
        self._throttle.poke()

    def renew(self) -> None:
        """Read again what is listed: something about all of it has changed."""
        self._stale = True
        self._throttle.poke()

    @Slot()
    def _merge(self) -> None:
        if self._db is None:
            return
        if self._stale:
            self._stale = False
            self.model.refresh()
            self._count()
        grown, self._grown = self._grown, set()
        if grown:
            self.model.note_growth(grown)
        calm = _IMPORT_MS if self._importing else _FIRST_MS
        self._throttle.pace(_CROWD_MS if len(grown) > _CROWD else calm)

    @Slot(object)
    def _open(self, row: ConversationRow) -> None:
        with self._way:
            self.opened.emit(row)

    @Slot()
    def _let_time_pass(self) -> None:
        with self._way:
            self.model.let_time_pass()
            self._wait()

    @Slot()
    def _wait(self) -> None:
        """Look again when time changes something: nothing wakes up while nothing is live."""
        wait = self.model.until_change()
        if not self._tick.isActive() or self._tick.remainingTime() > wait:
            self._tick.start(wait)

    def _count(self) -> None:
        if self._db is None:
            return
        project = self.model.project
        hidden, self._hidden = self._hidden, conversations.noise(self._db, project)
        self.menu.count_noise(self._hidden)
        if hidden != self._hidden:
            self._show_page()
        rows = conversations.projects(self._db, noise=self.model.noise)
        shown = [row for row in rows if project in {None, row.path}]
        total = sum(row.conversations for row in shown)
        name = self.tr("All projects") if project is None else project_name(project)
        self.scope.say(name, total)

    @Slot()
    def _show_page(self) -> None:
        if self.model.rowCount():
            self._pages.setCurrentWidget(self.tree)
            return
        if self._importing:
            self._empty.say(
                self.tr("Reading…"), self.tr("Conversations appear here as they are read.")
            )
        elif self._hidden:
            self._empty.say(
                self.tr("No conversations"),
                self.tr(
                    "{0} hidden: the menu above shows what the agent program did by itself."
                ).format(words.count(self._hidden)),
            )
        else:
            self._empty.say(
                self.tr("No conversations"),
                self.tr("Add a folder of transcripts, or drop one anywhere in this window."),
            )
        self._empty.primary.setVisible(not self._importing)
        self._pages.setCurrentWidget(self._empty)

    @Slot()
    def _choose_project(self) -> None:
        if self._db is not None:
            below = self.scope.mapToGlobal(QPoint(0, self.scope.height() + 4))
            found = conversations.projects(self._db, noise=self.model.noise)
            self._popup.drop_down(found, self.model.project, below)

    @Slot()
    def _drop_menu(self) -> None:
        self._count()
        self.menu.popup(self._order.mapToGlobal(QPoint(0, self._order.height() + 4)))

    @Slot(bool)
    def _toggle_noise(self, noise: bool) -> None:
        self.show_noise(noise)
        self.arranged.emit()

    @Slot()
    def _rearrange(self) -> None:
        self.model.arrange(
            sort=self.menu.sort, by_project=self.menu.by_project, project=self.model.project
        )
        self.arranged.emit()

    def _lay_out(self) -> None:
        palette.put_on(self, "panel")
        self.setMinimumWidth(_LEAST)
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SMALL, metrics.SMALL, metrics.SMALL + 2, metrics.SMALL - 1)
        head.setSpacing(metrics.TIGHT)
        head.addWidget(self.scope, 1)
        head.addWidget(self._order)
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Hairline(self))
        layout.addWidget(self._pages, 1)
