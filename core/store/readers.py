"""A small pool of read-only connections: lent by purpose, counted, and taken back at once.

Every read runs in a transaction, so that all it sees is of one moment, and is known here with its
age from its beginning to its end: what this tells of readers is counted, never estimated. A read
that nobody waits for any more is stopped inside its statement.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

from core.errors import CoreError
from core.store.connection import open_reader
from core.store.day import Day
from core.store.timing import Timings

Stale: TypeAlias = Callable[[], bool]  # is nobody waiting any more?

MOST: Final = 4  # connections; more of them were slower on two cores, see docs/storage.md
_STEPS: Final = 20_000  # of SQLite's machine, 1 ms, between two looks at whether anybody waits


class Superseded(CoreError):  # noqa: N818  no error: it says that work was stopped halfway
    """Nobody waits for this read any more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A read that is under way."""

    purpose: str
    seconds: float  # since it began


@dataclass(frozen=True, slots=True)
class Reads:
    """Who is reading, by count."""

    open: int = 0  # connections, those included that are kept for one thread
    waiting: int = 0  # reads for which no connection is free
    done: int = 0  # reads that have ended, since the start
    stopped: int = 0  # of them, those that were stopped
    reading: tuple[Reading, ...] = ()  # transactions under way, the oldest first

    @property
    def oldest(self) -> float:
        """Seconds since the oldest read under way began; 0 if there is none."""
        return self.reading[0].seconds if self.reading else 0.0


class Readers:
    """Lends connections to *library* to any thread, at most *most* at a time."""

    def __init__(self, library: Path, most: int = MOST, timings: Timings | None = None) -> None:
        """Prepare; a connection is opened when it is first needed."""
        self.library = library
        self.timings = Timings() if timings is None else timings
        self.day = Day()
        self._most = most
        self._changed = threading.Condition()
        self._idle: list[tuple[str, Connection]] = []  # with what each was last used for
        self._lent: dict[int, _Lent] = {}  # by the identity of what was lent
        self._newest: dict[str, _Lent] = {}  # by channel
        self._pooled = self._kept = self._waiting = self._done = self._stopped = 0
        self._closed = False

    @contextmanager
    def lend(
        self, purpose: str, *, stale: Stale | None = None, channel: str = ""
    ) -> Generator[Connection]:
        """Lend a connection for *purpose* in a read transaction; waits while all are lent.

        *stale* is asked now and then, on this thread, and always after `interrupt`. On a *channel*
        that is not "", a newer read stops the older one.

        Raises:
            Superseded: the read was stopped.
            StoreError: there is no library, or it cannot be read.
        """
        lent = _Lent(purpose, stale)
        if channel:
            with self._changed:
                older, self._newest[channel] = self._newest.get(channel), lent
                if older is not None:
                    older.stopped.set()
                    self._stop(older)
        try:
            with self._taken(lent) as db:
                yield db
        except sqlite3.OperationalError as error:
            if lent.is_stale():
                raise Superseded("Nobody waits for this read any more.") from error
            raise
        finally:
            if channel:
                with self._changed:
                    if self._newest.get(channel) is lent:
                        del self._newest[channel]

    def keep(self) -> Connection:
        """Open a connection outside the pool, for one thread that reads a little and often.

        Whoever asked closes it.

        Raises:
            StoreError: there is no library, or it cannot be read.
        """
        db = open_reader(self.library, self.timings)
        self._count_kept(1)
        db.on_close = partial(self._count_kept, -1)
        return db

    def interrupt(self) -> None:
        """Stop the reads for which nobody waits any more, now and inside their statements."""
        with self._changed:
            for lent in self._lent.values():
                if lent.is_stale():
                    self._stop(lent)
            self._changed.notify_all()

    def facts(self) -> Reads:
        """Return who is reading at this moment."""
        now = time.monotonic()
        with self._changed:
            reading = sorted(
                (Reading(lent.purpose, now - lent.began) for lent in self._lent.values()),
                key=lambda one: -one.seconds,
            )
            return Reads(
                self._pooled + self._kept, self._waiting, self._done, self._stopped, tuple(reading)
            )

    def names(self) -> tuple[str, ...]:
        """Return for what is being read at this moment, the oldest first."""
        return tuple(dict.fromkeys(one.purpose for one in self.facts().reading))

    def close(self) -> None:
        """Stop every read, and close every connection as soon as it is back."""
        with self._changed:
            self._closed = True
            for lent in self._lent.values():
                lent.stopped.set()
                self._stop(lent)
            idle, self._idle = self._idle, []
            self._pooled -= len(idle)
            self._changed.notify_all()
        for _, db in idle:
            db.close()

    @contextmanager
    def _taken(self, lent: "_Lent") -> Generator[Connection]:
        db = self._take(lent)
        sound = False
        try:
            db.set_progress_handler(lent.is_stale, _STEPS)
            db.execute("BEGIN")
            yield db
            sound = True
        except sqlite3.DatabaseError as error:
            # After damage or a disk that does not answer a new connection looks again.
            sound = isinstance(error, sqlite3.OperationalError) and lent.is_stale()
            raise
        except BaseException:
            sound = True
            raise
        finally:
            self._give_back(lent, db, sound=sound)

    def _take(self, lent: "_Lent") -> Connection:
        with self._changed:
            self._waiting += 1
            try:
                while not self._closed and not self._idle and self._pooled >= self._most:
                    if lent.is_stale():
                        break
                    self._changed.wait()
            finally:
                self._waiting -= 1
            if self._closed or lent.is_stale():
                raise Superseded("Nobody waits for this read any more.")
            db = self._warm(lent.purpose)
            if db is None:
                self._pooled += 1
        if db is None:
            try:
                db = open_reader(self.library, self.timings)
            except BaseException:
                with self._changed:
                    self._pooled -= 1
                    self._changed.notify()
                raise
        with self._changed:
            lent.db, lent.began = db, time.monotonic()
            self._lent[id(lent)] = lent
        return db

    def _warm(self, purpose: str) -> Connection | None:
        """Return an idle connection, one whose cache knows *purpose* if possible."""
        known = [at for at, (name, _) in enumerate(self._idle) if name == purpose]
        if not known and (not self._idle or self._pooled < self._most):
            return None
        return self._idle.pop(known[-1] if known else 0)[1]

    def _give_back(self, lent: "_Lent", db: Connection, *, sound: bool) -> None:
        with self._changed:
            # From here on `interrupt` cannot meet whoever has the connection next.
            self.day.note_read((time.monotonic() - lent.began) * 1000, len(self._lent))
            del self._lent[id(lent)]
            self._done += 1
            self._stopped += lent.is_stale()
        db.set_progress_handler(None, 0)
        if db.in_transaction:
            db.execute("ROLLBACK")
        with self._changed:
            kept = sound and not self._closed
            if kept:
                self._idle.append((lent.purpose, db))
            else:
                self._pooled -= 1
            self._changed.notify()
        if not kept:
            db.close()

    def _stop(self, lent: "_Lent") -> None:
        if lent.db is not None and id(lent) in self._lent:
            lent.db.interrupt()
        self._changed.notify_all()

    def _count_kept(self, number: int) -> None:
        with self._changed:
            self._kept += number


class _Lent:
    """What one read asked for, and what it was lent."""

    def __init__(self, purpose: str, stale: Stale | None) -> None:
        self.purpose = purpose
        self.stopped = threading.Event()
        self.began = time.monotonic()
        self.db: Connection | None = None
        self._stale = stale

    def is_stale(self) -> bool:
        return self.stopped.is_set() or (self._stale is not None and self._stale())
