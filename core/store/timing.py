"""How long statements take, noted by the readers themselves: in memory only, and bounded.

A reader that was opened with `Timings` measures every statement whose rows somebody fetches, from
asking to the last row, without the time that others take between two of its rows. Nothing of it is
ever written, and no value that a statement was asked with is kept.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Cursor
from typing import Any, Final, Protocol, TypeAlias

from typing_extensions import override

from core.unpacking import UnpackingConnection


class Numbered(Protocol):
    """Values by their number, as SQLite's own module takes them."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def __getitem__(self, number: int, /) -> Any:  # noqa: ANN401  whatever SQLite can hold
        """Return the value with *number*, from 0."""
        ...


Given: TypeAlias = Numbered | Mapping[str, Any]

SLOW_MS: Final = 50.0  # from here on a statement is listed among the slow ones
_KEPT: Final = 256  # last times of a statement, of which p50 and p95 are
_SLOWEST: Final = 64  # slow ones that are remembered, the newest
_MOST: Final = 512  # statements that are told apart
_CHUNK: Final = 256  # rows that are fetched at once


@dataclass(frozen=True, slots=True)
class Figure:
    """What a statement has cost since the library was opened. Times in ms."""

    sql: str
    count: int  # how often it ran to its end or to the row that was wanted
    stopped: int  # how often it was stopped, because nobody waited any more, or failed
    p50: float  # of the last 256 times, as `p95`
    p95: float
    longest: float  # of all times
    rows: int  # fetched, in all


@dataclass(frozen=True, slots=True)
class Slow:
    """One time that a statement was slow."""

    at: int  # ms since the epoch
    sql: str
    ms: float
    rows: int


class Timings:
    """Takes times from any thread. Costs one or two microseconds for each statement."""

    def __init__(self, slow_ms: float = SLOW_MS) -> None:
        """Note those that take *slow_ms* or longer among the slow ones too."""
        self._slow_ms = slow_ms
        self._lock = threading.Lock()
        self._by_sql: dict[str, _Times] = {}
        self._slow: deque[Slow] = deque(maxlen=_SLOWEST)

    def note(self, sql: str, ms: float, rows: int, *, more: bool = False) -> None:
        """Note that *sql* took *ms* and gave *rows* rows; *more*: beyond those just noted."""
        with self._lock:
            times = self._of(sql)
            times.rows += rows
            if more and times.last:
                ms += times.last.pop()
            else:
                times.count += 1
            times.last.append(ms)
            times.longest = max(times.longest, ms)
            if ms >= self._slow_ms:
                self._slow.append(Slow(time.time_ns() // 1_000_000, sql, ms, rows))

    def note_stopped(self, sql: str) -> None:
        """Note that *sql* was not let run to its end."""
        with self._lock:
            self._of(sql).stopped += 1

    def figures(self) -> tuple[Figure, ...]:
        """Return what every statement has cost, that with the most time in all first."""
        with self._lock:
            found = [(sql, one, sorted(one.last)) for sql, one in self._by_sql.items()]
            figures = [
                Figure(
                    sql, one.count, one.stopped, at_share(last, 0.5), at_share(last, 0.95),
                    one.longest, one.rows,
                )
                for sql, one, last in found
            ]  # fmt: skip
        return tuple(sorted(figures, key=lambda one: -one.count * one.p50))

    def slow(self) -> tuple[Slow, ...]:
        """Return the slow ones that are remembered, the newest first."""
        with self._lock:
            return tuple(reversed(self._slow))

    def _of(self, sql: str) -> "_Times":
        found = self._by_sql.get(sql)
        if found is None:
            if len(self._by_sql) >= _MOST:
                return self._by_sql.setdefault("", _Times())  # all others together
            found = self._by_sql[sql] = _Times()
        return found


class _Times:
    __slots__ = ("count", "last", "longest", "rows", "stopped")

    def __init__(self) -> None:
        self.count = self.stopped = self.rows = 0
        self.longest = 0.0
        self.last: deque[float] = deque(maxlen=_KEPT)


class TimedConnection(UnpackingConnection):
    """A connection that gives its times to `timings`, if it has been given any."""

    timings: Timings | None = None
    on_close: Callable[[], None] | None = None  # called once, when it is closed

    @override
    def close(self) -> None:
        super().close()
        if self.on_close is not None:
            told, self.on_close = self.on_close, None
            told()

    @override
    def execute(self, sql: str, parameters: Given = (), /) -> Cursor:
        if self.timings is None:
            return super().execute(sql, parameters)
        return self.cursor(_TimedCursor).ask(sql, parameters, self.timings)


class _TimedCursor(Cursor):
    def ask(self, sql: str, given: Given, timings: Timings) -> Cursor:
        self._sql, self._timings = sql, timings
        began = time.perf_counter()
        try:
            self.execute(sql, given)
        except BaseException:
            timings.note_stopped(sql)
            raise
        self._spent = time.perf_counter() - began
        self._noted = False
        return self

    @override
    def fetchone(self) -> Any:
        began = time.perf_counter()
        try:
            row = super().fetchone()
        except BaseException:
            self._timings.note_stopped(self._sql)
            raise
        self._note(self._spent + time.perf_counter() - began, int(row is not None))
        return row

    @override
    def fetchall(self) -> list[Any]:
        began = time.perf_counter()
        try:
            rows = super().fetchall()
        except BaseException:
            self._timings.note_stopped(self._sql)
            raise
        self._note(self._spent + time.perf_counter() - began, len(rows))
        return rows

    @override
    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]  # rows, as the protocol wants
        spent, rows = self._spent, 0
        stopped = True
        try:
            while True:
                began = time.perf_counter()
                chunk = self.fetchmany(_CHUNK)
                spent += time.perf_counter() - began
                rows += len(chunk)
                if not chunk:
                    break
                yield from chunk
            stopped = False
        except GeneratorExit:
            stopped = False  # whoever asked had seen enough
            raise
        finally:
            if stopped:
                self._timings.note_stopped(self._sql)
            else:
                self._note(spent, rows)

    def _note(self, seconds: float, rows: int) -> None:
        self._timings.note(self._sql, seconds * 1000, rows, more=self._noted)
        self._noted, self._spent = True, 0.0


def at_share(ordered: Sequence[float], share: float) -> float:
    """Return what *share* of the values *ordered*, from the least up, are not above; 0 of none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
