"""Analyses kept up to date in the background: what tools did, and what was said.

Newest conversations come first. A piece takes about 30 ms of the writer's thread; what would
take longer is made on another thread by a reader, and kept only if nothing of it has changed.
Afterwards such a conversation rests for twenty times as long as that took: one that is written
to all the time costs a twentieth of a core, however long it is.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

from core import contexts, insights
from core.analysis.tools_part import REVISION
from core.contexts import Analyst, Made
from core.events import AnalysisChanged, EventSink
from core.queries import contexts as queries
from core.queries import insights as parts
from core.queries import totals
from core.store import contexts as store
from core.store import tool_parts
from core.store.connection import transaction
from core.weaving.aside import Aside

LONG: Final = 400  # messages of a conversation from which it is analysed on another thread
REST: Final = 20  # times as long as it took, before a long conversation is analysed again
_LOOKED: Final = 50  # conversations that are looked up at once

_Told: TypeAlias = str | Made


@dataclass(frozen=True, slots=True)
class _Job:
    """One analysis of one conversation."""

    analysis: str
    conversation: int
    messages: int
    take: Callable[[], None]  # note that it is made somewhere else
    make: Callable[[Connection], _Told]
    keep: Callable[[_Told | Exception], bool]  # False: it is out of date


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
        self._aside: Aside[_Told] = Aside(library, wake)
        self._job: _Job | None = None  # that is made aside
        self._tools: list[tuple[int, int]] = []  # conversations and their messages, newest last
        self._wake = wake
        self._clock = clock
        self._began = 0.0  # when the job in hand was begun
        self._resting: dict[tuple[str, int], float] = {}  # analysis and conversation: until when
        self._alarm: threading.Timer | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is made on another thread; `wake` is called when it is."""
        return self._job is not None

    def step(self) -> bool:
        """Do one piece of work; return False if there is none, or none before `wake`."""
        if self._job is not None:
            return self._take(self._job)
        job = self._next()
        if job is None:
            self._set_alarm()
            return False
        if job.messages > LONG:
            with transaction(self._db):
                job.take()
            self._job, self._began = job, self._clock()
            self._aside.start(job.make)
            return True
        try:
            told: _Told | Exception = job.make(self._db)
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  kept as a problem of the conversation
            told = error
        self._finish(job, told)
        return True

    def close(self) -> None:
        """End what is made on another thread; it stays due."""
        self._aside.close()
        self._job = None
        if self._alarm is not None:
            self._alarm.cancel()

    def _take(self, job: _Job) -> bool:
        told = self._aside.taken()
        if told is None:
            return False
        self._job = None
        now = self._clock()
        self._resting[job.analysis, job.conversation] = now + REST * (now - self._began)
        if isinstance(told, sqlite3.OperationalError):
            return False  # the reader was in somebody's way; it is still due
        self._finish(job, told)
        return True

    def _finish(self, job: _Job, told: _Told | Exception) -> None:
        if not job.keep(told):
            return
        key = parts.key(self._db, job.conversation)
        if key:
            self._publish(AnalysisChanged(totals.last_event(self._db), key))

    def _rests(self, analysis: str, conversation: int) -> bool:
        until = self._resting.get((analysis, conversation))
        if until is not None and until <= self._clock():
            del self._resting[analysis, conversation]
            return False
        return until is not None

    def _set_alarm(self) -> None:
        """Have `step` called again when the next conversation has rested, if one does."""
        if not self._resting or (self._alarm is not None and self._alarm.is_alive()):
            return
        left = min(self._resting.values()) - self._clock()
        self._alarm = threading.Timer(max(0.05, left), self._wake)
        self._alarm.daemon = True
        self._alarm.start()

    def _next(self) -> _Job | None:
        return self._next_tools() or self._next_terms() or self._next_context()

    def _next_tools(self) -> _Job | None:
        if not self._tools:
            found = parts.missing(self._db, REVISION, _LOOKED)
            self._tools = [one for one in found[::-1] if not self._rests(insights.ANALYSIS, one[0])]
        if not self._tools:
            return None
        id_, messages = self._tools.pop()
        return _Job(
            insights.ANALYSIS,
            id_,
            messages,
            partial(tool_parts.take, self._db, id_),
            partial(insights.made, conversation=id_),
            partial(self._keep_tools, id_, long=messages > LONG),
        )

    def _keep_tools(self, id_: int, told: _Told | Exception, *, long: bool) -> bool:
        assert not isinstance(told, Made)
        with transaction(self._db):
            if long and not tool_parts.is_taken(self._db, id_):
                return False
            insights.keep(self._db, id_, told)
        return True

    def _next_terms(self) -> _Job | None:
        new = self._analyst.new()
        if not new:
            return None
        id_ = new[0]
        return _Job(
            "terms",
            id_,
            queries.size(self._db, id_),
            lambda: None,  # terms of a little earlier do as well
            partial(contexts.terms_of, conversation=id_, terms=self._analyst.terms),
            partial(self._keep_terms, id_),
        )

    def _keep_terms(self, id_: int, told: _Told | Exception) -> bool:
        if isinstance(told, Exception):
            self._analyst.give_up(id_, told)
            return True
        with transaction(self._db):
            self._analyst.keep_terms(id_, str(told))
        return False

    def _next_context(self) -> _Job | None:
        id_ = self._analyst.next(lambda one: self._rests(contexts.ANALYSIS, one))
        if id_ is None:
            return None
        messages = queries.size(self._db, id_)
        return _Job(
            contexts.ANALYSIS,
            id_,
            messages,
            partial(store.take, self._db, id_),
            partial(contexts.made, conversation=id_, terms=self._analyst.terms),
            partial(self._keep_context, id_, long=messages > LONG),
        )

    def _keep_context(self, id_: int, told: _Told | Exception, *, long: bool) -> bool:
        if long and not store.is_taken(self._db, id_):
            return False
        if isinstance(told, Exception):
            self._analyst.give_up(id_, told)
        else:
            assert isinstance(told, Made)
            self._analyst.keep(id_, told)
        return True
