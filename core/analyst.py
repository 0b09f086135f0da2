"""Analyses what is due, a session at a time: the one writer's side of `core.pieces`."""

import logging
import sqlite3
import time
from collections.abc import Callable
from sqlite3 import Connection
from typing import Final

from core.analysis.terms import Terms
from core.pieces import REVISION, Made, make
from core.queries import pieces as queries
from core.store import analysis_problems
from core.store import pieces as store
from core.store.connection import transaction
from core.store.pieces import CONTEXT, TOOLS
from core.unhurried import unhurried

log = logging.getLogger(__name__)

ANALYSES: Final = {"context": CONTEXT, "tools": TOOLS}  # what problems are noted under
_LOOKED: Final = 50  # sessions that are looked up at once


class Analyst:
    """Analyses the sessions that are due, one at a time. Belongs to the thread of the writer."""

    def __init__(self, db: Connection) -> None:
        """Work in *db*, an open and migrated library that only this thread writes to."""
        self._db = db
        self._queue: list[int] = []
        self._begun = False
        self.terms = Terms()

    def next(self, but: Callable[[int], bool] = lambda _: False) -> int | None:
        """Return the session that is to be analysed next; None if none is due.

        Those that *but* says yes of are left for another time.
        """
        if not self._begun:
            self._begun = True
            with transaction(self._db):
                store.outdated(self._db, REVISION)
        if not self._queue:
            found = queries.due(self._db, _LOOKED)
            self._queue = [one for one in found[::-1] if not but(one)]
        while self._queue:
            session = self._queue.pop()
            if queries.is_due(self._db, session):
                return session
        return None

    def made(self, session: int, db: Connection | None = None) -> Made | None:
        """Return what is due of *session*, read by *db*, or by the writer."""
        return make(db or self._db, session, self.terms)

    def keep(self, made: Made) -> None:
        """Keep what was *made*, of which nothing has changed since."""
        with transaction(self._db):
            store.keep(self._db, made.change, REVISION, int(time.time() * 1000))
            store.done(self._db, made.change.session)
            self._tell(made.change.conversation, dict(made.errors))

    def give_up(self, session: int, error: Exception) -> None:
        """Note that *session* could not be read; it is tried again when it changes."""
        found = queries.session(self._db, session)
        with transaction(self._db):
            store.done(self._db, session)
            if found is not None:
                self._tell(found[1], dict.fromkeys(ANALYSES, error))

    def _tell(self, conversation: int, errors: dict[str, Exception]) -> None:
        for analysis, bit in ANALYSES.items():
            error = errors.get(analysis)
            if error is not None:
                log.error("conversation %d cannot be analysed", conversation, exc_info=error)
                analysis_problems.note(self._db, conversation, analysis, error)
            elif not store.failed(self._db, conversation, bit):
                analysis_problems.forget(self._db, conversation, analysis)


def catch_up(
    db: Connection, most: int | None = None, *, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Analyse and keep what is due; return how many sessions that were.

    *db* is the writer. At most *most* are analysed, and none once *go_on* says no.
    """
    with unhurried():
        return _caught_up(Analyst(db), most, go_on)


def _caught_up(analyst: Analyst, most: int | None, go_on: Callable[[], bool]) -> int:
    done = 0
    while go_on() and (most is None or done < most):
        session = analyst.next()
        if session is None:
            break
        try:
            made = analyst.made(session)
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  one bad session stops no other
            analyst.give_up(session, error)
        else:
            if made is not None:
                analyst.keep(made)
        done += 1
    return done
