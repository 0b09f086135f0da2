"""Lets one thread go first: others that share Python's lock with it wait while it is at work.

Two threads that both run Python take turns of a fixed length, so work of 8 ms takes 16 beside a
busy engine, and a frame is late. Here the busy one stands back instead, and nobody works less.
"""

import threading
import time
from typing import Final

_PATIENCE: Final = 0.02  # seconds for which others wait at most, and then go on for as long


class RightOfWay:
    """Held by the one thread that goes first, as a context manager; the others `give` it.

    Only one thread may hold it; it never waits itself, and holds it over what it nests.
    """

    def __init__(self, patience: float = _PATIENCE) -> None:
        """Let others wait for *patience* seconds at most."""
        self._patience = patience
        self._held = threading.Lock()
        self._depth = 0
        self._mine = False  # not if another thread was just finding out that nobody holds it
        self._until = 0.0  # clock before which nobody waits again
        self.used = False  # it was held; whoever does something about that says so no longer
        self.given = 0  # how often somebody stood back

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._mine = self._held.acquire(blocking=False)

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        self.used = True
        if self._depth == 0 and self._mine:
            self._mine = False
            self._held.release()

    def give(self) -> None:
        """Wait while it is held, but not for long, nor again soon after a wait that was in vain.

        Costs a tenth of a microsecond while nobody holds it, so it may stand in inner loops.
        """
        if not self._held.locked() or time.monotonic() < self._until:
            return
        self.given += 1
        if self._held.acquire(timeout=self._patience):
            self._held.release()
        else:
            self._until = time.monotonic() + self._patience
