"""Upkeep that somebody asked for: one slice at a time on the writer's thread, to be cancelled."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Final

from core.events import EventSink, UpkeepFinished, UpkeepProgressed
from core.queries import health
from core.store import optimising, sorting
from core.store.connection import WritingConnection
from core.store.optimising import Step

log = logging.getLogger(__name__)

_STEPS: Final = 20_000  # of SQLite's machine between two looks at whether it is cancelled


class Task(StrEnum):
    """What can be asked for."""

    OPTIMISE = "optimise"  # statistics, full-text index, free pages, write-ahead log
    CHECK = "check"  # is everything sound?
    REINDEX = "reindex"  # the full-text index anew from the texts
    COMPACT = "compact"  # free pages and write-ahead log only


class Upkeep:
    """One task. `step` belongs to the writer's thread, `cancel` to any."""

    def __init__(self, db: WritingConnection, task: Task, publish: EventSink) -> None:
        """Prepare *task* on *db*; *publish* hears how far it is and how it ended."""
        self._db = db
        self._task = task
        self._publish = publish
        self._found: list[str] = []
        self._sound = True
        self._began = time.monotonic()
        self._lock = threading.RLock()  # a signal's handler may cancel on this very thread
        self._running = False  # a slice is: only then is `db` ours to interrupt
        self._cancelled = False
        steps: dict[Task, Callable[[], Iterator[Step]]] = {
            Task.OPTIMISE: self._optimise,
            Task.CHECK: self._check,
            Task.REINDEX: self._reindex,
            Task.COMPACT: self._compact,
        }
        self._steps = steps[task]()

    @property
    def task(self) -> Task:
        """What is done."""
        return self._task

    def cancel(self) -> None:
        """End it now, inside its statement if need be; what earlier slices did is kept."""
        with self._lock:
            self._cancelled = True
            if self._running:
                self._db.interrupt()

    def step(self) -> bool:
        """Do one slice, which sorts on the disk; return False when there is no other."""
        with sorting.on_disk(self._db):
            return self._step()

    def _step(self) -> bool:
        trouble = ""
        try:
            if self._slice():
                return True
        except sqlite3.DatabaseError as error:
            if not self._cancelled:
                log.warning("upkeep %s: %s", self._task, error)
                trouble = str(error)
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._publish(
            UpkeepFinished(
                self._task, self._cancelled, self._sound and not trouble, tuple(self._found),
                trouble, time.monotonic() - self._began,
            )
        )  # fmt: skip
        return False

    def _slice(self) -> bool:
        with self._lock:
            if self._cancelled:
                return False
            self._running = True
        self._db.set_progress_handler(self._is_cancelled, _STEPS)
        try:
            step = next(self._steps, None)
        finally:
            self._db.give_way()
            with self._lock:
                self._running = False
        if step is None:
            return False
        self._publish(UpkeepProgressed(self._task, step.doing, step.done, step.total))
        return True

    def _is_cancelled(self) -> bool:
        return self._cancelled

    def _optimise(self) -> Iterator[Step]:
        db = self._db
        return chain(optimising.statistics(db), optimising.merged(db), self._compact())

    def _compact(self) -> Iterator[Step]:
        return chain(optimising.compacted(self._db), optimising.emptied(self._db.checkpoints))

    def _reindex(self) -> Iterator[Step]:
        return chain(optimising.rebuilt(self._db), optimising.emptied(self._db.checkpoints))

    def _check(self) -> Iterator[Step]:
        for number, (name, run) in enumerate(health.CHECKS):
            yield Step(name, number, len(health.CHECKS))
            found = run(self._db)
            if self._cancelled:
                return  # it may have failed because of that
            self._sound = self._sound and found.ok
            self._found.append(f"{found.name}: {found.found}")
