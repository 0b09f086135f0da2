"""The rows of a transcript that were read lately, and which of them have to be read again."""

from collections import OrderedDict
from collections.abc import Sequence
from sqlite3 import Connection
from typing import Final

from core.model import Outcome
from core.queries import transcript
from core.queries.transcript import BlockRow

_KEPT: Final = 400
_PAGE: Final = 32  # rows read at a time


class RowCache:
    """Reads from *db*: each read is one bounded range of an index."""

    def __init__(self, db: Connection | None = None) -> None:
        self._db = db
        self._kept: OrderedDict[int, BlockRow] = OrderedDict()
        self._waiting: set[int] = set()  # calls read before their result was there
        self._last = 0
        self._last_left = False  # whether that row was on a branch left behind

    def __len__(self) -> int:
        return len(self._kept)

    def row(self, ids: Sequence[int], number: int) -> BlockRow | None:
        """Return row *number* of those with *ids*; None if the library no longer has it."""
        found = self._kept.get(ids[number])
        if found is not None:
            self._kept.move_to_end(found.id)
            return found
        first = number - number % _PAGE
        missing = [id_ for id_ in ids[first : first + _PAGE] if id_ not in self._kept]
        for row in self._read(missing):
            self._keep(row)
        return self._kept.get(ids[number])

    def clear(self) -> None:
        """Forget all rows."""
        self._kept.clear()
        self._waiting.clear()
        self._last, self._last_left = 0, False

    def ends_with(self, block: int) -> None:
        """Remember *block* as the last row there is."""
        self._last, self._last_left = block, self._left_behind(block)

    def answered(self) -> list[int]:
        """Read the calls again that had no result; return those that have one now."""
        found: list[int] = []
        for row in self._read(sorted(self._waiting)[-_KEPT:]):
            if row.call is not None and row.call.outcome is not Outcome.NONE:
                self._waiting.discard(row.id)
                self._kept[row.id] = row
                found.append(row.id)
        return found

    def renewed(self) -> list[int]:
        """Read the rows again where sessions begin; return those that say something else now."""
        found: list[int] = []
        for row in self._read([id_ for id_ in self._kept if id_ < 0]):
            if self._kept[row.id] != row:
                self._kept[row.id] = row
                found.append(row.id)
        return found

    def rewound(self) -> bool:
        """Return whether rows were left behind since they were read; all are forgotten then.

        The row that was the last one tells: who goes back leaves at least that one.
        """
        left = self._left_behind(self._last)
        if left == self._last_left:
            return False
        self._last_left = left
        self._kept.clear()
        return True

    def _left_behind(self, block: int) -> bool:
        return any(row.abandoned for row in self._read([block]))

    def _keep(self, row: BlockRow) -> None:
        self._kept[row.id] = row
        self._kept.move_to_end(row.id)
        if row.call is not None and row.call.outcome is Outcome.NONE:
            self._waiting.add(row.id)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def _read(self, ids: Sequence[int]) -> list[BlockRow]:
        return transcript.rows(self._db, ids) if self._db is not None and ids else []
