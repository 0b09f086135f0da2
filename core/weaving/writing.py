"""Writes what becomes of a conversation, lane by lane, in pieces that end when they are told to."""

from collections.abc import Callable, Iterator
from sqlite3 import Connection

from core.store import threads as store
from core.threads.woven import Rows
from core.weaving.conversation import Conversation

_PATIENT = 3  # times that a lane is begun again because it has grown before it is done at once


class Writing:
    """Knows what the library holds of *one*, and how far its rows have been worked out.

    A lane's rows are written as soon as they are known. Until all are, the conversation is due.
    """

    def __init__(self, one: Conversation) -> None:
        self._one = one
        self._held: dict[str, Rows] | None = None
        self._steps: Iterator[tuple[str, Rows] | None] | None = None
        self._begun = 0

    def begin_again(self) -> None:
        """Drop what is half done: the conversation has taken something in."""
        self._steps = None

    def go_on(self, db: Connection, spent: Callable[[], bool] = bool) -> bool:
        """Write lanes until *spent* says so, asked after each bit; return whether all is done."""
        if self._held is None:
            self._held = store.read(db, self._one.id)
        if self._steps is None:
            self._steps = self._one.steps(db)
            self._begun += 1
        for found in self._steps:
            if found is not None:
                key, rows = found
                store.write(db, self._one.id, self._held.get(key, Rows()), rows)
                self._held[key] = rows
            if self._begun <= _PATIENT and spent():
                return False
        for key in self._held.keys() - self._one.lanes.keys():
            store.write(db, self._one.id, self._held.pop(key), Rows())
        self._steps, self._begun = None, 0
        return True
