"""The last 24 hours, minute by minute: the write-ahead log's size, its checkpoints, its readers.

Kept in memory by those who write and read, in passing: nothing wakes up for it, a minute in which
nothing happened has no entry, and with the process it is gone. A day that is full of events takes
some 300 KB.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from core.store.timing import at_share

_MINUTE_S: Final = 60
_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Minute:
    """What happened in one minute."""

    number: int  # since the epoch
    commits: int = 0
    log: int = 0  # largest size of the log's file behind a commit, bytes
    checkpoints: int = 0
    held: int = 0  # of them, those that a reader kept from doing all they should
    longest: float = 0.0  # of them, ms
    reads: int = 0  # that ended
    reading: int = 0  # most at once
    read: float = 0.0  # the longest of them, ms


@dataclass(frozen=True, slots=True)
class LastDay:
    """What the minutes of the last 24 hours come to, those in which anything happened."""

    minutes: int = 0
    commits: int = 0
    log: int = 0  # largest size of the log's file, bytes
    log_p95: int = 0  # of the largest sizes of the minutes with a commit
    checkpoints: int = 0
    held: int = 0
    longest: float = 0.0  # checkpoint, ms
    longest_p95: float = 0.0  # of the longest of each minute that has one
    reads: int = 0
    reading: int = 0  # most at once
    reading_p95: int = 0  # of the most of each minute with a read
    read: float = 0.0  # the longest, ms
    by_minute: tuple[Minute, ...] = ()  # the oldest first


class Day:
    """Takes note from any thread: a microsecond or two each time."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """*clock* tells seconds since the epoch."""
        self._clock = clock
        self._lock = threading.Lock()
        self._minutes: dict[int, Minute] = {}  # by number, in the order in which they began

    def note_commit(self, log: int) -> None:
        """Note a commit, behind which the log's file has *log* bytes."""
        with self._lock:
            now = self._now()
            self._minutes[now.number] = replace(now, commits=now.commits + 1, log=max(now.log, log))

    def note_checkpoint(self, ms: float, *, held: bool) -> None:
        """Note a checkpoint; *held*: a reader kept it from doing all it should."""
        with self._lock:
            now = self._now()
            self._minutes[now.number] = replace(
                now,
                checkpoints=now.checkpoints + 1,
                held=now.held + held,
                longest=max(now.longest, ms),
            )

    def note_read(self, ms: float, reading: int) -> None:
        """Note a read that ends, which was one of *reading* at this moment."""
        with self._lock:
            now = self._now()
            self._minutes[now.number] = replace(
                now,
                reads=now.reads + 1,
                reading=max(now.reading, reading),
                read=max(now.read, ms),
            )

    def minutes(self) -> tuple[Minute, ...]:
        """Return the minutes of the last 24 hours in which anything was noted."""
        now = self._number()
        with self._lock:
            return tuple(
                one for one in self._minutes.values() if now - _MINUTES < one.number <= now
            )

    def _number(self) -> int:
        return int(self._clock() // _MINUTE_S)

    def _now(self) -> Minute:
        number = self._number()
        found = self._minutes.get(number)
        if found is not None:
            return found
        # Also those ahead of a clock that was set back, so that there are never more.
        over = [one for one in self._minutes if not number - _MINUTES < one <= number]
        for one in over:
            del self._minutes[one]
        return Minute(number)


def last_day(*days: Iterable[Minute]) -> LastDay:
    """Return what the minutes of *days*, of several who took note, come to together."""
    by_number: dict[int, list[Minute]] = {}
    for day in days:
        for one in day:
            by_number.setdefault(one.number, []).append(one)
    minutes = tuple(_sum(number, found) for number, found in sorted(by_number.items()))
    logs = sorted(one.log for one in minutes if one.commits)
    longest = sorted(one.longest for one in minutes if one.checkpoints)
    reading = sorted(one.reading for one in minutes if one.reads)
    return LastDay(
        minutes=len(minutes),
        commits=sum(one.commits for one in minutes),
        log=max(logs, default=0),
        log_p95=int(at_share(logs, 0.95)),
        checkpoints=sum(one.checkpoints for one in minutes),
        held=sum(one.held for one in minutes),
        longest=max(longest, default=0.0),
        longest_p95=at_share(longest, 0.95),
        reads=sum(one.reads for one in minutes),
        reading=max(reading, default=0),
        reading_p95=int(at_share(reading, 0.95)),
        read=max((one.read for one in minutes), default=0.0),
        by_minute=minutes,
    )


def _sum(number: int, parts: list[Minute]) -> Minute:
    return Minute(
        number,
        commits=sum(one.commits for one in parts),
        log=max(one.log for one in parts),
        checkpoints=sum(one.checkpoints for one in parts),
        held=sum(one.held for one in parts),
        longest=max(one.longest for one in parts),
        reads=sum(one.reads for one in parts),
        reading=max(one.reading for one in parts),
        read=max(one.read for one in parts),
    )
