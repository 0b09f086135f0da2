"""Picks from the rows of a conversation those of its main line, or of one branch."""

from collections.abc import Callable
from itertools import compress
from sqlite3 import Connection
from typing import Final

from core.queries import lines
from core.queries.lines import Fork
from core.queries.transcript import Spine
from desktop.models import spines
from desktop.models.only import WHOLE, Line, Only

_NONE: Final[frozenset[int]] = frozenset()


class LineRows:
    """Knows the messages of the branches that are shown, or of those that are not."""

    def __init__(self) -> None:
        self.only = WHOLE
        self._db: Connection | None = None
        self._conversation = 0
        self._forks: tuple[Fork, ...] = ()
        self._named = _NONE  # messages of the branches asked about
        self._upto = 0

    def start(self, db: Connection | None, conversation: int, only: Only, upto: int = 0) -> None:
        """Pick *only* of *conversation* from now on; message *upto* is its last so far."""
        self._db, self._conversation, self.only = db, conversation, only
        self._forks = ()
        self._named = _NONE
        self._upto = upto
        if self._splits and db is not None:
            self._forks = lines.forks(db, conversation)
            self._named = lines.messages(db, self._asked())

    def moved(self) -> bool:
        """Return whether branches came or were left behind since the start: then start again."""
        if not self._splits or self._db is None:
            return False
        return lines.forks(self._db, self._conversation) != self._forks

    def grow(self, rows: Spine) -> None:
        """Look up the messages of new *rows*."""
        if self._splits and self._db is not None and len(rows):
            self._named |= lines.messages(self._db, self._asked(), self._upto)
            self._upto = max(self._upto, *rows.messages)

    def of(self, rows: Spine) -> Spine:
        """Return those of *rows* that are picked; *rows* itself if all are."""
        if not self._splits:
            return rows
        wanted, named = self.only.line is Line.BRANCH, self._named
        return spines.picked(rows, [(message in named) is wanted for message in rows.messages])

    def keeps(self, rows: Spine) -> Callable[[int], bool]:
        """Return what tells of a block whether it is among the picked ones of *rows*.

        Blocks of agents that are not among *rows* go with the whole and with the main line.
        """
        if self.only.line is Line.WHOLE:
            return bool
        if self.only.line is Line.MAIN:
            named = self._named
            mask = [message in named for message in rows.messages]
            hidden = frozenset(compress(rows.ids, mask))
            return lambda block: block not in hidden
        shown = frozenset[int](self.of(rows).ids)
        return lambda block: block in shown

    @property
    def _splits(self) -> bool:
        return self.only.line in {Line.MAIN, Line.BRANCH}

    def _asked(self) -> tuple[Fork, ...]:
        if self.only.line is Line.MAIN:
            return lines.left(self._forks)
        return lines.below(self._forks, self.only.message)
