"""Analyses kept up to date in the background: what was said, and what tools did.

The newest conversations come first, a session at a time. What is read takes about 30 ms of the
writer's thread; what would take longer is made on another thread by a reader, and kept only if
nothing of it has changed. Afterwards such a session rests for twenty times as long as that took:
one that is written to all the time costs a twentieth of a core, however long its last turns are.
"""

import math
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

from core import pieces
from core.analyst import Analyst
from core.events import AnalysisChanged, EventSink
from core.pieces import Made
from core.queries import insights, totals
from core.queries import pieces as queries
from core.store import pieces as store
from core.store.connection import transaction
from core.weaving.aside import Aside

LONG: Final = 400  # messages to read from which a session is analysed on another thread
REST: Final = 20  # times as long as it took, before such a session is analysed again

_Told: TypeAlias = Made | Exception | None


class Analysing:
    """Belongs to the thread of the writer."""

    def __init__(
        self,
        db: Connection,
        library: Path,
        publish: EventSink,
        wake: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Work in *db*, the open library at *library*; *publish* hears of what is new.

        *wake*, which any thread may call, has `step` called again. *clock* tells seconds.
        """
        self._db = db
        self._publish = publish
        self._analyst = Analyst(db)
        self._aside: Aside[Made | None] = Aside(library, wake)
        self._session: int | None = None  # that is read aside
        self._wake = wake
        self._clock = clock
        self._began = 0.0  # when the session in hand was begun
        self._resting: dict[int, float] = {}  # session: until when
        self._alarm: threading.Timer | None = None
        self._rings = -math.inf  # when that does

    @property
    def waiting(self) -> bool:
        """Whether something is made on another thread; `wake` is called when it is."""
        return self._session is not None

    def step(self) -> bool:
        """Do one piece of work; return False if there is none, or none before `wake`."""
        if self._session is not None:
            return self._take(self._session)
        now = self._clock()
        self._resting = {one: until for one, until in self._resting.items() if until > now}
        session = self._analyst.next(self._resting.__contains__)
        if session is None:
            self._set_alarm(now)
            return False
        if queries.work(self._db, session, LONG + 1) > LONG:
            with transaction(self._db):
                store.take(self._db, session)
            self._session, self._began = session, self._clock()
            self._aside.start(partial(pieces.make, session=session, terms=self._analyst.terms))
            return True
        try:
            made: _Told = self._analyst.made(session)
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  kept as a problem of the conversation
            made = error
        self._keep(session, made)
        return True

    def close(self) -> None:
        """End what is made on another thread; it stays due."""
        self._aside.close()
        self._session = None
        if self._alarm is not None:
            self._alarm.cancel()

    def _take(self, session: int) -> bool:
        if not self._aside.ended:
            return False
        made = self._aside.taken()
        self._session = None
        now = self._clock()
        self._resting[session] = now + REST * (now - self._began)
        if isinstance(made, sqlite3.OperationalError):
            return True  # the reader was in somebody's way; it is still due, and others may be
        if store.is_taken(self._db, session):
            self._keep(session, made)
        return True

    def _keep(self, session: int, made: _Told) -> None:
        found = queries.session(self._db, session)
        if isinstance(made, Exception):
            self._analyst.give_up(session, made)
        elif made is not None and found is not None:  # else it is gone, with what it said
            self._analyst.keep(made)
        if found is not None:
            key, _ = insights.owner(self._db, found[1])
            self._publish(AnalysisChanged(totals.last_event(self._db), key))

    def _set_alarm(self, now: float) -> None:
        """Have `step` called again when a session that is due may have rested, if one rests."""
        if not self._resting or self._rings > now or not queries.due(self._db, 1):
            return
        self._rings = min(self._resting.values())
        self._alarm = threading.Timer(self._rings - now, self._wake)
        self._alarm.daemon = True
        self._alarm.start()
