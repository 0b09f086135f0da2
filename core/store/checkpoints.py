"""When the write-ahead log goes into the library, who does it, and what it took.

Only the writer's connection checkpoints. While it is busy, PASSIVE after a commit as soon as the
log holds `BUSY_FRAMES` pages more than last time, or more in a large library: that waits for
nobody, and what cannot wait for it goes first (`later`). Once nothing was written for `IDLE_S`
seconds, TRUNCATE, which leaves an empty file; a reader in the way makes it try again later and
later. Between two commits nothing wakes up but for that.
"""

import sqlite3
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Final, Literal, TypeAlias

from core.store import wal
from core.store.day import Day
from core.store.timing import at_share

Mode: TypeAlias = Literal["PASSIVE", "TRUNCATE"]

BUSY_FRAMES: Final = 4000  # pages: 16 MB; measured in docs/storage.md
_LARGE_FRAMES: Final = 11_000  # the same in a large library: still below what is told of
_SHARE: Final = 40  # of a library's pages that are in the log then, in between
IDLE_S: Final = 3.0
LARGE_BYTES: Final = 64 << 20  # a log above this size is told of
_RETRIES_S: Final = (5.0, 20.0, 60.0)  # after a reader was in the way; then only if it is large
_KEPT: Final = 256  # runs of which p50 and p95 are
_ELSEWHERE: Final = "another program"


@dataclass(frozen=True, slots=True)
class Run:
    """One checkpoint and its result, as SQLite gives it."""

    mode: Mode
    at: int  # ms since the epoch
    ms: float
    busy: bool  # somebody was in the way, so that it did not do all it should
    log: int  # pages in the log; -1: there is no log
    checkpointed: int  # of them, those that are in the library now; -1 likewise
    pinned_by: tuple[str, ...] = ()  # who was reading when it was busy
    trouble: str = ""  # SQLite's words if it failed


@dataclass(frozen=True, slots=True)
class Checkpointing:
    """What all checkpoints of this process have come to. Times in ms."""

    count: int = 0
    by_mode: tuple[tuple[str, int], ...] = ()
    busy: int = 0  # how many of them could not do all they should
    pages: int = 0  # taken into the library
    p50: float = 0.0  # of the last 256, as `p95`
    p95: float = 0.0
    longest: float = 0.0
    last: Run | None = None


class Checkpoints:
    """The checkpoints of one writer. Used by its thread; `facts` by any."""

    def __init__(
        self, db: Connection, library: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare for *db*, the writer of *library*; *clock* tells seconds."""
        self._db = db
        self.library = library
        self._clock = clock
        self._lock = threading.Lock()
        self._last: deque[float] = deque(maxlen=_KEPT)
        self._modes: Counter[str] = Counter()
        self._facts = Checkpointing()
        self._next = self._busy()  # pages in the log at which it is looked at again
        self._due: float | None = None  # when to tidy
        self._tries = 0
        self.day = Day()
        self._held = 0  # bodies of `later` that are being run
        # Asked when a reader is in the way: who of us is reading? An engine's pool tells.
        self.readers: Callable[[], tuple[str, ...]] = tuple

    def facts(self) -> Checkpointing:
        """Return what checkpoints have come to so far."""
        with self._lock:
            return self._facts

    def note_commit(self) -> None:
        """Look after the log behind a commit: one look at the folder, unless it is long."""
        self._due, self._tries = self._clock() + IDLE_S, 0
        size = wal.log_bytes(self.library)
        self.day.note_commit(size)
        self._look(size, BUSY_FRAMES if self._held else 0)

    @contextmanager
    def later(self) -> Generator[None]:
        """Look after the log behind the body instead of behind each commit in it.

        For commits whose news somebody waits for; if they turn out to be many the log is looked
        after all the same, `BUSY_FRAMES` pages later.
        """
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if not self._held:
            self._look(wal.log_bytes(self.library))

    def _look(self, size: int, more: int = 0) -> None:
        """Take the log, whose file has *size* bytes, into the library if it is long."""
        most = self._next + more
        if size < wal.room(most) or wal.frames(self.library) < most:
            return
        run = self.run("PASSIVE")
        left = 0 if run.checkpointed >= run.log else run.log
        self._next = left + self._busy()

    def _busy(self) -> int:
        """Return how many pages the log may hold: more where the library is large.

        What is written to a large one lies all over it, and goes there once for all of them.
        """
        try:
            pages = self.library.stat().st_size // wal.PAGE
        except OSError:
            pages = 0
        return min(_LARGE_FRAMES, max(BUSY_FRAMES, pages // _SHARE))

    def wait(self) -> float | None:
        """Return in how many seconds `tidy` is to be called; None: not before the next commit."""
        return None if self._due is None else max(0.0, self._due - self._clock())

    def tidy(self) -> None:
        """Empty the log, and the writer's memory, if nothing was written for long enough."""
        if self._due is None or self._clock() < self._due:
            return
        self._due = None
        self._db.execute("PRAGMA shrink_memory")  # pages that it held for the next statement
        if not wal.log_bytes(self.library):
            return
        run = self.run("TRUNCATE")
        if not run.busy and not run.trouble:
            self._next = self._busy()
            return
        large = wal.log_bytes(self.library) > LARGE_BYTES
        if self._tries < len(_RETRIES_S) or large:
            again = _RETRIES_S[min(self._tries, len(_RETRIES_S) - 1)]
            self._due = self._clock() + again
            self._tries += 1

    def close(self) -> None:
        """Leave statistics for the next start and an empty log. The caller closes the library."""
        self._db.execute("PRAGMA optimize")
        self.run("TRUNCATE")
        self._due = None

    def run(self, mode: Mode) -> Run:
        """Run a checkpoint now. It waits for no reader: what is in the way is told instead."""
        before = self._db.execute("PRAGMA busy_timeout").fetchone()[0]
        self._db.execute("PRAGMA busy_timeout = 0")
        held = wal.frames(self.library) if mode == "TRUNCATE" else 0
        began = time.perf_counter()
        at, trouble = time.time_ns() // 1_000_000, ""
        try:
            busy, log, done = self._db.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite3.DatabaseError as error:  # what was committed is in the log all the same
            busy, log, done, trouble = 1, -1, -1, str(error)
        finally:
            ms = (time.perf_counter() - began) * 1000
            self._db.execute(f"PRAGMA busy_timeout = {before}")
        if held and not busy and log == 0:  # it tells of the log as it is now: empty
            log = done = held
        # PASSIVE never says busy: pages that it left behind say so.
        stopped = bool(busy) or done < log
        pinned = (self.readers() or (_ELSEWHERE,)) if stopped and not trouble else ()
        run = Run(mode, at, ms, stopped, log, done, pinned, trouble)
        self._note(run)
        return run

    def _note(self, run: Run) -> None:
        self.day.note_checkpoint(run.ms, held=run.busy)
        self._last.append(run.ms)
        self._modes[run.mode] += 1
        ordered = sorted(self._last)
        was = self._facts
        with self._lock:
            self._facts = Checkpointing(
                count=was.count + 1,
                by_mode=tuple(sorted(self._modes.items())),
                busy=was.busy + run.busy,
                pages=was.pages + max(0, run.checkpointed),
                p50=at_share(ordered, 0.5),
                p95=at_share(ordered, 0.95),
                longest=max(was.longest, run.ms),
                last=run,
            )
