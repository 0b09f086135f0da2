"""Goes to a row wherever it is hidden: behind a filter, or among the rows of an agent."""

from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from core.queries import within
from core.queries.locating import Location
from desktop.delegates.folding import Density
from desktop.views.transcript.header import Band
from desktop.views.transcript.rows_view import RowsView

_DEEPEST: Final = 32  # agents started by agents


class Going(QObject):
    """Goes through *rows*, and has *band* show what was filtered out."""

    outside = Signal()  # the way leads out of the part that alone is shown: show all of it
    agent_missed = Signal(str)  # an agent whose rows are nowhere in this conversation

    def __init__(self, rows: RowsView, band: Band, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._band = band
        self._db: Connection | None = None
        self._conversation = 0
        self._failures: set[int] | None = None
        rows.failure_wanted.connect(self.to_failure)

    def start(self, db: Connection | None, conversation: int) -> None:
        """Go through *conversation* from now on."""
        self._db, self._conversation = db, conversation
        self._failures = None

    def forget_failures(self) -> None:
        """Ask the library again which calls failed."""
        self._failures = None

    def to(self, place: Location | None, wanted: tuple[str, ...]) -> None:
        """Go to *place* if it is in this conversation, and mark the words *wanted* there."""
        if place is None or place.conversation_id != self._conversation:
            return
        model, block, agent = self._rows.rows, place.block, place.agent
        if model.row_of(block) < 0 and not model.keeper()(self._gate(block, agent)):
            self.outside.emit()
        if model.row_of(block) < 0 and agent and not self.open_lanes(agent):
            self.agent_missed.emit(agent)
            return
        if model.row_of(block) < 0:
            self._show_hidden(block, agent)
        if (row := model.row_of(block)) >= 0:
            self._rows.set_words(wanted, block)
            self._rows.reveal(row)

    @Slot(bool)
    def to_failure(self, forward: bool) -> None:
        """Go to the next row that failed, or without *forward* to the one before."""
        if self._db is None or not self._conversation:
            return
        if self._failures is None:
            self._failures = within.failures(self._db, self._conversation)
        ids = self._rows.rows.spine.ids
        start = self._rows.current_row()
        start = start if start >= 0 else self._rows.scroller.top - 1
        way = range(start + 1, len(ids)) if forward else range(start - 1, -1, -1)
        for row in way:
            if ids[row] in self._failures:
                self._rows.reveal(row, flash=False)
                return

    def _show_hidden(self, block: int, agent: str) -> None:
        """Take away the filters that hide *block*, which is among *agent*'s rows."""
        if self._rows.density is Density.PROMPTS:
            self._band.density.choose(Density.COMFORTABLE)
        if self._rows.rows.row_of(block) < 0:
            self._band.system.setChecked(True)
            self._rows.set_system_visible(True)
        if agent:
            self.open_lanes(agent)

    def _gate(self, block: int, agent: str) -> int:
        """Return the row that *block* of *agent* is below, once all that hides it is open."""
        assert self._db is not None
        shown = self._rows.rows.only.agent
        for _ in range(_DEEPEST):
            if agent == shown:
                break
            found = within.call_of_agent(self._db, self._conversation, agent)
            if found is None:
                break
            block, agent = found
        return block

    def open_lanes(self, agent: str) -> bool:
        """Open the rows of *agent*, and of those that started it; return whether that went."""
        assert self._db is not None
        chain: list[tuple[int, str]] = []
        lane = agent
        while lane not in {"", self._rows.rows.only.agent} and len(chain) < _DEEPEST:
            found = within.call_of_agent(self._db, self._conversation, lane)
            if found is None:
                return False
            chain.append((found[0], lane))
            lane = found[1]
        model = self._rows.rows
        for block, name in reversed(chain):
            if not model.lane_open(block):
                model.open_lane(block, name)
                if (row := model.row_of(block)) >= 0:
                    self._rows.folds.choose(block, opened=True)
                    self._rows.renew(row)
        return True
