"""When what Clew uses, or what does not work, is worth a word: thresholds, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.monitoring.sampling import Sample
from core.store.checkpoints import LARGE_BYTES

LEAST_FREE: Final = 1 << 30  # bytes of room on the disk
FREE_FOR_COPIES: Final = 2  # times the library: a backup and an upkeep need as much
MOST_MEMORY: Final = 400 << 20  # bytes of all processes together: twice what is promised
OLDEST_READER_S: Final = 30.0


class Subject(StrEnum):
    """What an alert is about."""

    DISK = "disk"  # little room
    WAL = "wal"  # the write-ahead log has grown
    MEMORY = "memory"
    WATCH = "watch"  # not everything is watched
    READER = "reader"  # a read goes on and on
    ENGINE = "engine"  # it has ended


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to warn of."""

    subject: Subject
    serious: bool  # something does not work; else it soon may not
    value: float  # bytes or seconds, as the subject has it; 0 where `said` tells
    limit: float  # that it passed
    said: str = ""  # who or why, where words know more than numbers


def alerts(seen: Sample) -> tuple[Alert, ...]:
    """Return what to warn of in *seen*, what is serious first."""
    found = [alert for rule in _RULES if (alert := rule(seen)) is not None]
    return tuple(sorted(found, key=lambda one: not one.serious))


def _engine(seen: Sample) -> Alert | None:
    reason = seen.beat.failed
    return Alert(Subject.ENGINE, serious=True, value=0, limit=0, said=reason) if reason else None


def _disk(seen: Sample) -> Alert | None:
    limit = max(LEAST_FREE, FREE_FOR_COPIES * seen.library)
    if seen.free is None or seen.free >= limit:
        return None
    return Alert(Subject.DISK, serious=seen.free < LEAST_FREE, value=seen.free, limit=limit)


def _wal(seen: Sample) -> Alert | None:
    if seen.wal <= LARGE_BYTES:
        return None
    who = ", ".join(dict.fromkeys(one.purpose for one in seen.reads.reading))
    return Alert(Subject.WAL, serious=False, value=seen.wal, limit=LARGE_BYTES, said=who)


def _memory(seen: Sample) -> Alert | None:
    if seen.memory is None or seen.memory <= MOST_MEMORY:
        return None
    return Alert(Subject.MEMORY, serious=False, value=seen.memory, limit=MOST_MEMORY)


def _watch(seen: Sample) -> Alert | None:
    reason = seen.beat.degraded
    return Alert(Subject.WATCH, serious=False, value=0, limit=0, said=reason) if reason else None


def _reader(seen: Sample) -> Alert | None:
    if seen.reads.oldest <= OLDEST_READER_S:
        return None
    who = seen.reads.reading[0].purpose
    return Alert(
        Subject.READER, serious=False, value=seen.reads.oldest, limit=OLDEST_READER_S, said=who
    )


_RULES: tuple[Callable[[Sample], Alert | None], ...] = (
    _engine, _disk, _wal, _memory, _watch, _reader,
)  # fmt: skip
