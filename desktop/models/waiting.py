"""Which conversations have waited for the person for two minutes, and which were told of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.measures.endings import Ending
from core.queries.conversations import Bucket, ConversationRow
from desktop.models.liveness import LIVE_MS

WAIT_MS: Final = LIVE_MS  # of quiet after which the person is told


@dataclass(frozen=True, slots=True)
class Notices:
    """What the person wants to be told of."""

    on: bool = False
    pending: bool = False  # calls without a result too: a guess, they may just take long


class Waits:
    """Remembers who grew and who was told of; *clock* tells ms since the epoch.

    To hear of a change costs a look into a table, however many conversations there are.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._heard: dict[str, int] = {}  # key of a conversation: when it grew last
        # A program may write something after its last word: that is no other wait.
        self._told: dict[str, tuple[int, str]] = {}
        self.standing: dict[str, ConversationRow] = {}  # told of and not answered, oldest first

    def hear(self, key: str, at: int | None = None) -> None:
        """Note that conversation *key* grew at *at*, or just now."""
        self._heard[key] = self._clock() if at is None else at

    def until_due(self) -> int | None:
        """Return the ms until somebody may have waited for long enough; None: nobody waits."""
        if not self._heard:
            return None
        left = min(self._heard.values()) + WAIT_MS - self._clock()
        return min(max(left, 0), WAIT_MS)  # the clock may have been set back

    def due(self) -> list[str]:
        """Return the keys of those that have been quiet for long enough, and forget them."""
        now = self._clock()
        found = [key for key, at in self._heard.items() if now - at >= WAIT_MS]
        for key in found:
            del self._heard[key]
        return found

    def begin(self, row: ConversationRow, wanted: Notices) -> bool:
        """Note that *row* has been quiet for long enough; return whether that is to be told."""
        if not waits(row, wanted) or self._told.get(row.key) == _mark(row):
            return False
        self._told[row.key] = _mark(row)
        self.standing[row.key] = row
        return True

    def look(self, key: str, row: ConversationRow | None) -> bool:
        """Compare conversation *key*, now *row*, with what was told; return whether it waits on."""
        known = self.standing.get(key)
        if known is None:
            return False
        if row is not None and _mark(row) == _mark(known):
            return True
        del self.standing[key]
        return False

    def end(self, key: str) -> bool:
        """Note that the person has seen conversation *key*; return whether it was told of."""
        return self.standing.pop(key, None) is not None

    def limit(self, wanted: Notices) -> None:
        """Let only that stand which is *wanted*, and expect nothing if that is nothing."""
        if not wanted.on:
            self._heard.clear()
        self.standing = {
            key: row for key, row in self.standing.items() if wanted.on and waits(row, wanted)
        }


def waits(row: ConversationRow, wanted: Notices) -> bool:
    """Return whether *row* waits for the person, as far as its records tell."""
    if row.bucket != Bucket.WHOLE:
        return False
    return row.ending == Ending.WAITING or (wanted.pending and row.ending == Ending.PENDING)


def _mark(row: ConversationRow) -> tuple[int, str]:
    return row.messages, row.ending
