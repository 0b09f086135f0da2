"""The rows of one conversation that are visible now, agents' own rows among them.

Holds ids and sizes of all rows, but the text of a few hundred only; see `core.queries.transcript`.
"""

import sqlite3
from array import array
from collections.abc import Callable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.model import Kind
from core.queries import transcript
from core.queries.transcript import KINDS, BlockRow, Spine
from desktop.look import words
from desktop.models import lanes, row_words, spines
from desktop.models.lanes import Lane
from desktop.models.line_rows import LineRows
from desktop.models.only import WHOLE, Only
from desktop.models.pictures import Pictures
from desktop.models.row_cache import RowCache

Index = QModelIndex | QPersistentModelIndex

_NO_INDEX: Final = QModelIndex()
_TYPED: Final = frozenset(KINDS.index(kind) for kind in (Kind.PROMPT, Kind.QUEUED))


class Role(IntEnum):
    """What a view may ask for besides Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole  # the BlockRow


class TranscriptModel(QAbstractListModel):
    """Reads on the UI thread: each read is one bounded range of an index."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = ""
        self.conversation = 0
        self.pictures = Pictures()
        self.spine = Spine()  # of the visible rows
        self.depths: array[int] = array("B")
        self._db: sqlite3.Connection | None = None
        self._main = Spine()  # of all rows of the conversation's own lane, or of one agent's
        self._line = LineRows()
        self._lanes: dict[int, Lane] = {}
        self.cache = RowCache()
        self._last = 0
        self._system_visible = self._prompts_only = False

    def open_library(self, db: sqlite3.Connection | None) -> None:
        """Read from *db* from now on; it stays the caller's."""
        self._db = self.pictures.db = db
        self.cache = RowCache(db)
        self.clear()

    def show_conversation(self, conversation: int, project: str) -> None:
        """Hold the rows of *conversation*."""
        assert self._db is not None
        self.beginResetModel()
        self._forget()
        self.conversation, self.project = conversation, project
        self._read_main()
        self._flatten()
        self.endResetModel()

    def clear(self) -> None:
        """Hold no rows."""
        self.beginResetModel()
        self._forget()
        self._main = Spine()
        self._flatten()
        self.endResetModel()

    @property
    def system_count(self) -> int:
        """How many rows are the agent program's own."""
        return sum(self._main.saids.count(code) for code in spines.SYSTEM)

    @property
    def system_visible(self) -> bool:
        """Whether the agent program's own rows are among the visible ones."""
        return self._system_visible

    def filter(self, *, system_visible: bool, prompts_only: bool) -> None:
        """Show the agent program's own rows if *system_visible*, and prompts alone if asked."""
        if (system_visible, prompts_only) == (self._system_visible, self._prompts_only):
            return
        self.beginResetModel()
        self._system_visible, self._prompts_only = system_visible, prompts_only
        if prompts_only:
            self._lanes.clear()
        self._flatten()
        self.endResetModel()

    @property
    def only(self) -> Only:
        """The part that alone is shown; `WHOLE` if all of the conversation is."""
        return self._line.only

    def show_only(self, only: Only) -> None:
        """Show the rows of *only*, as they are now."""
        self.beginResetModel()
        other, upto = only.agent != self.only.agent, max(self._main.messages, default=0)
        self._line.start(self._db, self.conversation, only, upto)
        if other:
            self._read_main()
        self._flatten()
        self.endResetModel()

    def moved(self) -> bool:
        """Return whether branches came or went, so that other rows are to be shown."""
        return self._line.moved()

    def keeper(self) -> Callable[[int], bool]:
        """Return what tells of a block whether it is in the part that is shown, if unfiltered."""
        return self._line.keeps(self._main)

    def grow(self) -> int:
        """Read what was added at the end, and return how many rows that made visible."""
        if self._db is None or not self.conversation:
            return 0
        self._renew()
        for lane in [one for one in self._lanes.values() if not one.copied]:
            self._grow_lane(lane)
        added = transcript.spine(self._db, self.conversation, self.only.agent, self._last)
        more = added
        if min(added.ids, default=0) < 0:  # where a session begins: it may be known already
            more = spines.without(added, {id_ for id_ in self._main.ids if id_ < 0})
        if not len(more):
            return 0
        self._last = max(more.ids)
        self.cache.ends_with(self._last)
        spines.extend(self._main, more)
        self._line.grow(more)
        shown = self._filtered(self._line.of(more))
        if len(shown):
            first = len(self.spine)
            self.beginInsertRows(_NO_INDEX, first, first + len(shown) - 1)
            spines.extend(self.spine, shown)
            self.depths.extend(bytes(len(shown)))
            self.endInsertRows()
        return len(shown)

    def intact(self) -> bool:
        """Return whether the library still has the rows; a log that was replaced has others."""
        ends = {*self._main.ids[:1], *self._main.ids[-1:]}
        return self._db is None or len(transcript.rows(self._db, sorted(ends))) == len(ends)

    def block_row(self, row: int) -> BlockRow | None:
        """Return the *row*-th visible row; None if the library no longer has it."""
        return self.cache.row(self.spine.ids, row)

    def row_of(self, block: int) -> int:
        """Return the row that shows *block*, -1 if none does."""
        try:
            return self.spine.ids.index(block)
        except ValueError:
            return -1

    def text(self, block: int) -> str:
        """Return the whole text of *block*."""
        return transcript.text(self._db, block) if self._db is not None else ""

    def is_prompt(self, row: int) -> bool:
        """Return whether a person typed *row* as a prompt."""
        return self.spine.saids[row] in _TYPED

    def lane_open(self, block: int) -> bool:
        """Return whether the rows of the agent that call *block* started are visible."""
        return block in self._lanes

    def open_lane(self, block: int, agent: str) -> int:
        """Show *agent*'s rows below the call *block*; return how many there are."""
        row = self.row_of(block)
        if row < 0 or block in self._lanes or self._db is None:
            return 0
        if agent in lanes.agents(self._lanes, self.spine.ids, self.depths, row):
            return 0
        found = transcript.spine(self._db, self.conversation, agent)
        return self._open(row, Lane(agent, block, lanes.below(self.depths, row), found))

    def open_inherited(self, block: int) -> int:
        """Show what the session whose row is *block* inherits below it; return how many rows."""
        row = self.row_of(block)
        if row < 0 or block in self._lanes or self._db is None:
            return 0
        found = transcript.inherited(self._db, -block)
        deep = lanes.below(self.depths, row)
        return self._open(row, Lane("", block, deep, found, copied=True))

    def close_lane(self, block: int) -> None:
        """Hide the rows below the call *block*, and those below them."""
        lane = self._lanes.pop(block, None)
        row = self.row_of(block)
        if lane is None or row < 0:
            return
        first, end = row + 1, lanes.end(self.depths, row)
        for inner in list(self._lanes):
            if inner in self.spine.ids[first:end]:
                del self._lanes[inner]
        if end > first:
            self.beginRemoveRows(_NO_INDEX, first, end - 1)
            spines.remove(self.spine, first, end)
            del self.depths[first:end]
            self.endRemoveRows()

    def sentence(self, row: int) -> str:
        """Return what a screen reader says for *row*."""
        return row_words.sentence(self.block_row(row), self.project)

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.spine)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self.spine):
            return None
        match role:
            case Role.ROW:
                return self.block_row(index.row())
            case Qt.ItemDataRole.DisplayRole:
                found = self.block_row(index.row())
                return words.one_line(found.text, row_words.LONGEST) if found is not None else ""
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.sentence(index.row())
            case _:
                return None

    def _forget(self) -> None:
        self.conversation, self.project, self._last = 0, "", 0
        self._line.start(None, 0, WHOLE)
        self._lanes.clear()
        self.cache.clear()

    def _read_main(self) -> None:
        assert self._db is not None
        self._main = transcript.spine(self._db, self.conversation, self.only.agent)
        self._last = max(self._main.ids, default=0)
        self.cache.ends_with(self._last)

    def _open(self, row: int, lane: Lane) -> int:
        self._lanes[lane.call] = lane
        shown = self._filtered(lane.spine)
        self._insert(row + 1, shown, lane.depth)
        return len(shown)

    def _insert(self, row: int, more: Spine, depth: int) -> None:
        if not len(more):
            return
        self.beginInsertRows(_NO_INDEX, row, row + len(more) - 1)
        spines.insert(self.spine, row, more)
        self.depths[row:row] = array("B", bytes([depth]) * len(more))
        self.endInsertRows()

    def _grow_lane(self, lane: Lane) -> None:
        assert self._db is not None
        last = max(lane.spine.ids, default=0)
        more = transcript.spine(self._db, self.conversation, lane.agent, after=last)
        if len(more):
            spines.extend(lane.spine, more)
            self._insert(
                lanes.end(self.depths, self.row_of(lane.call)), self._filtered(more), lane.depth
            )

    def _filtered(self, rows: Spine) -> Spine:
        return spines.filtered(
            rows, system_visible=self._system_visible, prompts_only=self._prompts_only
        )

    def _renew(self) -> None:
        """Read rows again that are no longer what they were."""
        for block in (*self.cache.answered(), *self.cache.renewed()):
            if (row := self.row_of(block)) >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))
        if self.cache.rewound() and len(self.spine):
            self.dataChanged.emit(self.index(0), self.index(len(self.spine) - 1))

    def _flatten(self) -> None:
        """Make the visible rows anew from all lanes."""
        self.spine = self._filtered(self._line.of(self._main))
        if self.spine is self._main:
            self.spine = spines.copied(self._main)
        self.depths = array("B", bytes(len(self.spine)))
        waiting = sorted(self._lanes.values(), key=lanes.depth)
        for lane in waiting:
            row = self.row_of(lane.call)
            if row < 0:
                del self._lanes[lane.call]
                continue
            shown = self._filtered(lane.spine)
            spines.insert(self.spine, row + 1, shown)
            self.depths[row + 1 : row + 1] = array("B", bytes([lane.depth]) * len(shown))
