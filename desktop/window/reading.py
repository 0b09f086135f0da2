"""Which conversation is on show, and which ones were before."""

from collections.abc import Mapping
from sqlite3 import Connection

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from core.events import ConversationChanged
from core.queries import conversations, lines
from core.queries.conversations import ConversationRow
from core.queries.search import Hit
from desktop.look.words import one_line
from desktop.trail import Trail
from desktop.window.frame import Frame


class Reading(QObject):
    """Shows one conversation in list, transcript and inspector, and keeps up with it."""

    shown = Signal(object)  # ConversationRow
    troubled = Signal(str)  # why what was asked for cannot be shown

    def __init__(self, frame: Frame, actions: Mapping[str, QAction], parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._back, self._forward = actions["back"], actions["forward"]
        self._db: Connection | None = None
        self._trail = Trail()
        self._grew = False  # the conversation on show, since its transcript was last looked at
        self._importing = False
        self.current: ConversationRow | None = None
        self._show_trail()

    def open_library(self, db: Connection) -> None:
        """Read from *db* from now on."""
        self._db = db

    def leave(self) -> None:
        """Read nothing more."""
        self._db = None

    def set_importing(self, importing: bool) -> None:
        """Say whether changes come from an import, which makes nothing live."""
        self._importing = importing

    def show(
        self, row: ConversationRow, words: tuple[str, ...] = (), *, instead: bool = False
    ) -> None:
        """Show the conversation *row* with *words* marked.

        With *instead*, going back leads to what was there before the one that it replaces.
        """
        self.current = row
        if instead:
            self._trail.swap(row.key)
        else:
            self._trail.go(row.key)
        self._show_trail()
        frame = self._frame
        frame.show_page("library")
        frame.list.tree.show_key(row.key)
        frame.transcript.show_conversation(row, words=words)
        self._show_live(row)
        frame.inspector.show_conversation(row)
        title = one_line(row.title, 80) or self.tr("Untitled")
        frame.window().setWindowTitle(f"{title} – Clew")
        self.shown.emit(row)

    def choose(self, row: ConversationRow) -> None:
        """Show the conversation *row* unless it is on show already."""
        if not self._is_on_show(row):
            self.show(row)

    def show_first(self, *, instead: bool = False) -> None:
        """Show the first conversation of the list, if there is one and the list is on show."""
        if self._frame.page != "library":
            return
        row = self._frame.list.tree.select_first()
        if row is not None and (self.current is None or row.key != self.current.key):
            self.show(row, instead=instead)

    @Slot(object, object)
    def show_hit(self, hit: Hit, words: tuple[str, ...]) -> None:
        """Show the message that *hit* is in, with *words* marked."""
        if self._db is None:
            return
        row = conversations.one(self._db, hit.conversation)
        if row is None:
            self.troubled.emit(
                self.tr("This conversation is no longer in the library. Search again.")
            )
            return
        if not self._is_on_show(row):
            self.show(row, words)
        self._frame.transcript.jump_to_block(hit.block, words)
        self._frame.transcript.setFocus()

    def show_message(self, conversation: str, message: int) -> None:
        """Show *conversation*, by its key, at *message*, a row id; at its beginning if 0."""
        if self._db is None:
            return
        row = conversations.one(self._db, conversation)
        if row is None:
            self.troubled.emit(self.tr("This conversation is no longer in the library."))
            return
        if not self._is_on_show(row):
            self.show(row)
        if message:
            self._frame.transcript.jump_to_message(message)
        self._frame.transcript.setFocus()

    @Slot(str)
    def show_agent(self, agent: str) -> None:
        """Show what *agent* did in the conversation on show."""
        if self._db is None or self.current is None:
            return
        first = lines.first_of_agent(self._db, self.current.id, agent)
        if first:
            self._frame.transcript.jump_to_message(first)
        else:
            self.miss_agent(agent)

    @Slot(str)
    def miss_agent(self, _agent: str) -> None:
        """Say that there is nothing to show of an agent."""
        self._frame.status.say(self.tr("No transcript of this agent was found"))

    @Slot()
    def go_back(self) -> None:
        """Show the conversation that was opened before this one."""
        self._follow_trail(-1)

    @Slot()
    def go_forward(self) -> None:
        """Show the conversation that the user went back from."""
        self._follow_trail(1)

    def take(self, event: ConversationChanged) -> bool:
        """Note a change; return whether it may concern the conversation on show."""
        if self.current is None:
            self.show_first()
            return False
        mine = event.conversation == self.current.key
        self._grew |= mine
        return mine or event.regrouped

    @Slot()
    def catch_up(self) -> None:
        """Show what was added to the conversation on show, or another one if it is gone."""
        if self._db is None or self.current is None:
            return
        row = conversations.one(self._db, self.current.key)
        if row is None or row.messages == 0:  # it was joined with another one
            self.current = None
            self.show_first()
            return
        if row != self.current or self._grew:
            self._grew = False
            self.current = row
            self._frame.transcript.grow()
        self._show_live(row)

    def show_live(self) -> None:
        """Say whether what is on show is being written now, as the list has it."""
        if self.current is not None:
            self._show_live(self.current)

    @Slot()
    def mark(self) -> None:
        """Mark the conversation on show in a list that was read anew."""
        if self.current is not None:
            self._frame.list.tree.show_key(self.current.key)

    def _is_on_show(self, row: ConversationRow) -> bool:
        current = self.current
        return current is not None and current.key == row.key and self._frame.page == "library"

    def _show_live(self, row: ConversationRow) -> None:
        live = self._frame.list.model.is_live(row) and not self._importing
        self._frame.transcript.set_live(live)

    def _follow_trail(self, by: int) -> None:
        key = self._trail.step(by)
        row = conversations.one(self._db, key) if self._db is not None and key else None
        if row is not None:
            self.show(row)
        self._show_trail()

    def _show_trail(self) -> None:
        self._back.setEnabled(self._trail.can_go_back)
        self._forward.setEnabled(self._trail.can_go_forward)
