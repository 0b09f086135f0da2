"""Upkeep and orders: one after the other, in slices, each told of at its end."""

import threading
from collections import deque

from core.events import EventSink
from core.monitoring.upkeep import Upkeep
from core.removal import Chore, Removing, begun
from core.store.connection import WritingConnection


class Chores:
    """What is to be done on the library. `cancel` and `halt` are for any thread, the rest is not.

    None is dropped: whoever asked for one waits for what is published at its end.
    """

    def __init__(self, publish: EventSink) -> None:
        """Begin with none; *publish* hears how far each is and how it ended."""
        self._publish = publish
        self._halted = threading.Event()  # of what is asked from now on
        self._asked: deque[tuple[Chore, threading.Event]] = deque()  # the first may be in hand
        self._doing: Upkeep | Removing | None = None

    @property
    def halt(self) -> threading.Event:
        """What cancels a chore that is asked for now."""
        return self._halted

    def cancel(self) -> None:
        """End all that was asked for so far, the one in hand inside its statement if need be.

        What was done stays; what has not begun is told of as cancelled when its turn comes.
        """
        self._halted, halted = threading.Event(), self._halted
        halted.set()
        if (doing := self._doing) is not None:
            doing.cancel()

    def add(self, chore: Chore, halted: threading.Event) -> bool:
        """Let *chore* wait for its turn, unless *halted*; return whether it is the only one.

        What is asked for twice in a row is done once.
        """
        asked = (chore, halted)
        if not self._asked or self._asked[-1] != asked:
            self._asked.append(asked)
            return len(self._asked) == 1
        return False

    def step(self, db: WritingConnection) -> bool:
        """Do a slice of the first one on *db*; return whether there is more to do."""
        if not self._asked:
            return False
        chore, halted = self._asked[0]
        if self._doing is None:
            self._doing = begun(db, chore, self._publish)
            if halted.is_set():  # looked at behind that, so that no `cancel` comes between
                self._doing.cancel()
        if not self._doing.step():
            self._doing = None
            self._asked.popleft()
        return bool(self._asked)
