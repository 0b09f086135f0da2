"""Which part of the conversation alone is shown: chosen, said on a chip, and taken off again."""

from functools import partial
from sqlite3 import Connection

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu

from core.queries import lines
from desktop.models import only
from desktop.models.only import MAIN, WHOLE, Line, Only
from desktop.views.transcript.going import Going
from desktop.views.transcript.header import Band
from desktop.views.transcript.rows_view import RowsView


class Showing(QObject):
    """Has *rows* show one part, and *band* say so; *going* takes it off to get somewhere else."""

    changed = Signal(object)  # Only: what is shown now

    def __init__(self, rows: RowsView, band: Band, going: Going, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._band = band
        self._going = going
        self._said = WHOLE
        self._db: Connection | None = None
        self._conversation = 0
        band.whole_wanted.connect(self.show_whole)
        going.outside.connect(self.show_whole)
        rows.offers.append(self._offer)
        rows.rows.modelReset.connect(self._tell)

    def start(self, db: Connection | None, conversation: int) -> None:
        """Offer the parts of *conversation* from now on."""
        self._db, self._conversation = db, conversation

    @Slot(object)
    def show_only(self, wanted: Only) -> None:
        """Show *wanted*; what is read stays where it is, if it is part of that."""
        model = self._rows.rows
        before = model.only
        if wanted == before or not model.conversation:
            return
        with self._rows.kept():
            model.show_only(wanted)
            if before.agent and wanted == WHOLE:  # or what is read would go away
                self._going.open_lanes(before.agent)
        self._rows.setFocus()

    @Slot()
    def show_whole(self) -> None:
        """Show the whole conversation."""
        self.show_only(WHOLE)

    def renew(self) -> None:
        """Pick the rows anew if branches came or were left behind; else this costs next to none."""
        model = self._rows.rows
        if model.moved():
            with self._rows.kept():
                model.show_only(model.only)

    def offered(self, row: int) -> list[Only]:
        """Return what may be shown alone from the menu of *row*."""
        model = self._rows.rows
        read = model.block_row(row) if 0 <= row < model.rowCount() else None
        found: list[Only] = []
        if read is None or self._db is None:
            return found
        started = read.call.agent if read.call is not None else ""
        if agent := started or read.agent:
            title = lines.agent_title(self._db, self._conversation, agent)
            found.append(Only(Line.AGENT, agent=agent, title=title))
        if read.branch and not read.agent:
            first, said = lines.branch_of(self._db, read.message_id)
            found.append(Only(Line.BRANCH, first, title=said))
        if lines.any_left(self._db, self._conversation):
            found.append(MAIN)
        if model.only != WHOLE:
            found.append(WHOLE)
        return [one for one in found if one != model.only]

    def _offer(self, menu: QMenu) -> None:
        offered = self.offered(self._rows.current_row())
        if offered:
            menu.addSeparator()
        for part in offered:
            menu.addAction(only.offer(part)).triggered.connect(partial(self._choose, part))

    def _choose(self, part: Only, _checked: bool = False) -> None:  # noqa: FBT002,RUF100  Qt's own
        self.show_only(part)

    @Slot()
    def _tell(self) -> None:
        now = self._rows.rows.only
        self._band.say_only(only.caption(now), only.tip(now))
        if now != self._said:
            self._said = now
            self.changed.emit(now)
