"""One conversation: header, find bar and rows, and what they have to do with each other."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedLayout, QWidget

from core.queries import conversations, locating, within
from core.queries.conversations import ConversationRow
from core.store.connection import open_reader
from desktop.delegates.folding import Density
from desktop.look import palette, words
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.words import translate
from desktop.models.transcript import TranscriptModel
from desktop.views.transcript.find_bar import FindBar
from desktop.views.transcript.finding import Finding
from desktop.views.transcript.going import Going
from desktop.views.transcript.header import Band, Header
from desktop.views.transcript.links import LinkQuestion
from desktop.views.transcript.pill import Pill
from desktop.views.transcript.relating import Relating
from desktop.views.transcript.rows_view import RowsView
from desktop.views.transcript.shortcuts import bind
from desktop.views.transcript.showing import Showing
from desktop.views.transcript.sides import Sides
from desktop.views.transcript.threads_shown import ThreadsShown

_FRAME_MS: Final = 33  # growth is shown at most so often


class TranscriptView(QWidget):
    """Shows one conversation, or why there is none."""

    message_shown = Signal(int)  # row id of the message at the top; throttled
    agent_requested = Signal(str)  # an agent whose rows are nowhere in this conversation
    copied = Signal(str)  # the start of what is on the clipboard now
    raw_wanted = Signal(object)  # row id of a message whose record is to be shown
    raw_block_wanted = Signal(object)  # likewise, of a block

    def __init__(self, library: Path | str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TranscriptModel(self)
        self.header = Header(self)
        self.sides = Sides(self.header, self)
        self.find_bar = FindBar(self)
        self.band = Band(self)
        self.rows = RowsView(self.model, self)
        self.pill = Pill(self.rows)
        self.empty = EmptyState(
            "conversation",
            translate("TranscriptView", "No conversation is open"),
            translate("TranscriptView", "Choose one from the list to read it here."),
            self,
        )
        self._db: sqlite3.Connection | None = None
        self._own: sqlite3.Connection | None = None
        self._row: ConversationRow | None = None
        self.threads = ThreadsShown(self.rows, self)
        self.going = Going(self.rows, self.band, self)
        self.showing = Showing(self.rows, self.band, self.going, self)
        self.relating = Relating(self.rows, self)
        self.finding = Finding(self.find_bar, self.rows, self.jump_to_block, self)
        self._news = 0  # rows that came while the end was out of view
        self._following = False
        self._grow_again = False
        self._growing = False  # the end goes away then, but not because the user left it
        self._frame = QTimer(self, interval=_FRAME_MS, singleShot=True)
        self._lay_out()
        self._connect()
        palette.put_on(self, "window")
        self.find_bar.hide()
        self._show_page()
        if library is not None:
            self._own = open_reader(Path(library))
            self.open_library(self._own)

    # What the window asks for.

    def open_library(self, db: sqlite3.Connection) -> None:
        """Read from *db* from now on. It stays the caller's and has to outlive this view."""
        self._db = db
        self.clear()
        self.model.open_library(db)

    def show_conversation(
        self,
        row: ConversationRow,
        *,
        at_message: int | None = None,
        words: tuple[str, ...] = (),  # noqa: ARG002,RUF100  the name is part of the interface
    ) -> None:
        """Show *row* from its start, or from the message *at_message* with *words* marked."""
        assert self._db is not None
        same = self._row is not None and self._row.id == row.id
        self._row = row
        if not same or not self.model.rowCount():
            self._start(self._db, row.id)
            self._news = 0
            self.rows.today = date.today()  # noqa: DTZ011  the user's own day is meant
            self.rows.folds.clear()
            self.rows.set_words(())
            self.model.show_conversation(row.id, row.project)
            self.threads.start(self._db, row.id)
            self._set_following(False)
        else:
            self._grow()
        self.header.show_conversation(row, within.git_branch(self._db, row.id))
        self.band.set_system_count(self.model.system_count)
        self._show_page()
        self.pill.say(self._news)
        if at_message is not None:
            self.jump_to_message(at_message, words)
        elif words:
            self.rows.set_words(words)
        self._show_top(self.rows.scroller.top)

    def clear(self) -> None:
        """Show that nothing is open."""
        self._row = None
        self._start(None, 0)
        self.rows.thumbnails.clear()
        self._news = 0
        self.rows.folds.clear()
        self.model.clear()
        self.threads.start(None, 0)
        self.set_live(False)
        self._show_page()

    @Slot()
    def grow(self) -> None:
        """Read what was added to the conversation; at once, but at most 30 times a second."""
        if self._frame.isActive():
            self._grow_again = True
            return
        self._frame.start()
        self._grow()

    @Slot(bool)
    def set_live(self, live: bool) -> None:
        """Say whether the conversation is being written now."""
        self.header.set_live(live)

    @Slot(bool)
    def set_system_visible(self, visible: bool) -> None:
        """Show the agent program's own rows, or hide them."""
        self.band.system.setChecked(visible)
        self.rows.set_system_visible(visible)

    def jump_to_message(self, message_row_id: int, words: tuple[str, ...] = ()) -> None:
        """Go to the message, open what hides it, and mark *words*."""
        if self._db is not None:
            self.sides.show_rows()
            self.going.to(locating.locate(self._db, message_row_id), words)

    def jump_to_block(self, block_id: int, words: tuple[str, ...] = ()) -> None:
        """Go to the block's row, open what hides it, and mark *words*."""
        if self._db is not None:
            self.sides.show_rows()
            self.going.to(locating.locate_block(self._db, block_id), words)

    @Slot()
    def open_find(self) -> None:
        """Show the find bar and go to its field."""
        if self._row is not None:
            self.sides.show_rows()
            self.find_bar.open()

    @Slot()
    def find_next(self) -> None:
        """Go to the next row that holds what is looked for."""
        self.finding.find_next()

    @Slot()
    def find_previous(self) -> None:
        """Go to the row before that holds what is looked for."""
        self.finding.find_previous()

    # How the parts work together.

    def _lay_out(self) -> None:
        rows = self.threads.side_by_side()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.sides.page((self.band, self.find_bar), rows))
        self.setFocusProxy(self.rows)

    def _connect(self) -> None:
        self.band.density_chosen.connect(self._set_density)
        self.band.system_toggled.connect(self.set_system_visible)
        self.header.follow_toggled.connect(self._set_following)
        self.header.find_wanted.connect(self.open_find)
        self.showing.changed.connect(self.finding.find_again)
        self.relating.message_wanted.connect(self.jump_to_message)
        self.going.agent_missed.connect(self.agent_requested)
        self.rows.top_changed.connect(self._show_top)
        self.rows.end_left.connect(self._leave_end)
        self.rows.link_clicked.connect(self._ask_link)
        self.rows.raw_wanted.connect(self.raw_wanted)
        self.rows.raw_block_wanted.connect(self.raw_block_wanted)
        self.rows.copied.connect(self.copied)
        self.rows.density_wanted.connect(self.band.density.choose)
        self.rows.follow_wanted.connect(self._toggle_following)
        self.pill.clicked.connect(self.rows.to_end)
        self._frame.timeout.connect(self._grow_if_asked)
        find = QKeySequence(QKeySequence.StandardKey.Find), self.open_find
        on = QKeySequence("F3"), self.find_next
        back = QKeySequence("Shift+F3"), self.find_previous
        bind(self, (find, on, back))

    def _start(self, db: sqlite3.Connection | None, conversation: int) -> None:
        for part in (self.finding, self.going, self.showing, self.relating):
            part.start(db, conversation)

    def _show_page(self) -> None:
        self._pages.setCurrentIndex(0 if self._row is None else 1)

    def _grow(self) -> None:
        if self._db is None or self._row is None:
            return
        self._growing = True
        try:
            added = self._grow_rows(self._row, stick=self.rows.at_end or self._following)
        finally:
            self._growing = False
        if added:
            self.going.forget_failures()
        fresh = conversations.by_id(self._db, self._row.id)
        if fresh is not None and fresh != self._row:
            self._row = fresh
            self.header.show_conversation(fresh, within.git_branch(self._db, fresh.id))
        self.band.set_system_count(self.model.system_count)
        self.pill.say(self._news)

    def _grow_rows(self, row: ConversationRow, *, stick: bool) -> int:
        """Read what was added; with *stick* the end stays in view. Return how many rows came."""
        added = 0
        with self.rows.settled_once():
            if self.model.intact():
                self.showing.renew()
                added = self.model.grow()
            else:
                self.rows.thumbnails.clear()
                self.model.show_conversation(row.id, row.project)
            if stick:
                self.rows.to_end()
            else:
                self._news += added
        return added

    @Slot()
    def _grow_if_asked(self) -> None:
        if self._grow_again:
            self._grow_again = False
            self.grow()

    @Slot(bool)
    def _leave_end(self, left: bool) -> None:
        if self._growing:
            return
        if left:
            self._set_following(False)
        else:
            self._news = 0
        self.pill.say(self._news)

    @Slot(bool)
    def _set_following(self, following: bool) -> None:
        self._following = following
        self.header.set_following(following)
        if following:
            self.rows.to_end()

    @Slot()
    def _toggle_following(self) -> None:
        self._set_following(not self._following)

    @Slot(str)
    def _set_density(self, key: str) -> None:
        self.rows.set_density(Density(key))

    @Slot(int)
    def _show_top(self, row: int) -> None:
        if not 0 <= row < self.model.rowCount():
            self.band.say("")
            return
        for number in range(row, max(-1, row - 8), -1):  # rows without a time are few
            read = self.model.block_row(number)
            if read is not None and read.at is not None:
                self.band.say(words.day(read.at, self.rows.today))
                break
        self.message_shown.emit(self.model.spine.messages[row])

    @Slot(str)
    def _ask_link(self, address: str) -> None:
        LinkQuestion(address, self.window()).open()
