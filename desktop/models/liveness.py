"""Which conversations are being written now, and what their agents do."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from sqlite3 import Connection
from typing import Final

from core.measures.endings import Ending
from core.queries import live
from core.queries.conversations import ConversationRow
from core.queries.live import Doing
from desktop.models import live_words

LIVE_MS: Final = 120_000  # how long after its last growth a conversation counts as live
_SECOND: Final = 1_000
_DAY: Final = 86_400_000
_TOLD: Final = frozenset({Ending.WAITING, Ending.PENDING})


class Liveness:
    """Remembers who grew; *clock* tells ms since the epoch."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.known: set[str] = set()  # keys of what was live when it was last looked
        self._grew: dict[str, int] = {}  # key of a conversation: when we saw it grow
        self._doing: dict[str, tuple[ConversationRow, Doing | None]] = {}
        self._waiting: frozenset[str] = frozenset()  # keys of what the person was told of

    def note(self, key: str) -> None:
        """Note that conversation *key* grew just now."""
        self._grew[key] = self._clock()
        self.known.add(key)

    def is_live(self, row: ConversationRow) -> bool:
        """Return whether *row* grew within the last two minutes."""
        last = max(self._grew.get(row.key, 0), row.ended_at or 0)
        return 0 <= self._clock() - last < LIVE_MS

    def wait(self, keys: Iterable[str]) -> frozenset[str]:
        """Note that *keys* wait for the person, however long; return those that this is news of."""
        before, self._waiting = self._waiting, frozenset(keys)
        return before ^ self._waiting

    def waits(self, row: ConversationRow) -> bool:
        """Return whether *row* waits for the person: it is live, or he was told of it."""
        live = row.ending == Ending.WAITING and self.is_live(row)
        return live or (row.key in self._waiting and row.ending in _TOLD)

    def look(self, rows: Iterable[ConversationRow]) -> set[str]:
        """Find out which of *rows* are live; return the keys of those that no longer are."""
        now = self._clock()
        self._grew = {key: at for key, at in self._grew.items() if now - at < LIVE_MS}
        before, self.known = self.known, {row.key for row in rows if self.is_live(row)}
        self._doing = {key: kept for key, kept in self._doing.items() if key in self.known}
        return before - self.known

    def until_change(self, rows: Iterable[ConversationRow], today: date) -> int:
        """Return the ms until time alone changes one of *rows*: a second, or the rest of *today*.

        Who is no longer live is still among the known, to be found by the next `look`.
        """
        self.known |= {row.key for row in rows if self.is_live(row)}
        if self.known:
            return _SECOND
        end = datetime.combine(today + timedelta(days=1), time()).timestamp()
        return min(max(_SECOND, int(end * 1000) - self._clock()), _DAY)

    @property
    def clocks(self) -> set[str]:
        """Keys of those whose words tell a time that runs, as far as anybody has read them."""
        return {key for key, (_, doing) in self._doing.items() if doing is not None}

    def state(self, db: Connection | None, row: ConversationRow) -> str:
        """Return what *row* does now in a few words; "" if it is not live and does not wait."""
        live = self.is_live(row)
        if db is None or not (live or self.waits(row)):
            return ""
        doing = self._open_call(db, row)
        if doing is not None and not live:
            doing = replace(doing, at=None)  # nothing ticks for a clock here
        return live_words.state(row, doing, self._clock())

    def _open_call(self, db: Connection, row: ConversationRow) -> Doing | None:
        """Return the open call of *row*; read once for each change of it."""
        if row.ending != Ending.PENDING:
            self._doing.pop(row.key, None)
            return None
        known = self._doing.get(row.key)
        if known is None or known[0] != row:
            known = self._doing[row.key] = (row, live.doing(db, row.id))
        return known[1]
