"""Large documents that change all the time are kept now and then, not all the time."""

import time
from collections.abc import Callable
from typing import Final

from core.store.archive import Member

REST: Final = 30.0  # seconds between two beginnings


class Resting(Exception):  # noqa: N818  no error: it says that a file has its turn later
    """A document was begun a short while ago."""

    def __init__(self, until: float) -> None:
        """Say that its turn comes at *until*, by the clock that was asked."""
        super().__init__(until)
        self.until = until


class Restlessness:
    """When each large document was begun last: one that changes meanwhile has to begin again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Go by *clock*, in seconds."""
        self._clock = clock
        self._begun: dict[Member, float] = {}

    def begin(self, member: Member) -> None:
        """Note that *member* is begun now.

        Raises:
            Resting: it was begun less than `REST` ago.
        """
        now = self._clock()
        self._begun = {one: at for one, at in self._begun.items() if at + REST > now}
        if member in self._begun:
            raise Resting(self._begun[member] + REST)
        self._begun[member] = now
