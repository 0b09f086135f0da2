"""Which days are asked about: local days, found by whole steps of UTC time.

Every moment in the library is a UTC instant. SQL sums by whole steps of UTC time, and Python
puts each step on the local calendar: so a day has 23, 24 or 25 hours as the zone says. A *zone*
of None is the computer's own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil
from sqlite3 import Connection
from typing import Final

HOUR: Final = 3_600_000  # ms
_QUARTER: Final = 900_000  # ms; every zone's offset is a multiple of it
_QUARTERS: Final = 96  # of a day
_AHEAD: Final = 24 * HOUR  # how far a log's clock may be ahead of ours
_FOREVER: Final = 1 << 62  # ms; later than any moment
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

OLDEST = (
    "SELECT min(at) FROM call WHERE counted = 1 AND at IS NOT NULL",
    "SELECT min(at) FROM reply WHERE counted = 1 AND at IS NOT NULL",
)
NEWEST = (
    "SELECT max(at) FROM call WHERE counted = 1 AND at < :before",
    "SELECT max(at) FROM reply WHERE counted = 1 AND at < :before",
)


@dataclass(frozen=True, slots=True)
class Period:
    """The whole local days from *first* to *last*. *whole*: all there is, undated calls too."""

    first: date
    last: date
    start: int  # ms, the first moment in it
    end: int  # ms, the first moment after it
    whole: bool = False
    moved: bool = False  # it ends at the newest data, because there is none up to now

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def period(db: Connection, days: int | None, now: int, zone: tzinfo | None) -> Period | None:
    """Return the last *days* local days up to *now*, or all if None; None if nothing is dated.

    When those days are all older than the newest data, the period ends with that instead.
    """
    newest = _newest(db, now + _AHEAD)
    if newest is None:
        newest = _newest(db, _FOREVER)  # the clock was wrong, or is
    oldest = _oldest(db)
    last = None if newest is None else _day(newest, zone)
    if newest is None or oldest is None or last is None:
        return None
    if days is None:
        first = _day(oldest, zone) or last
        return Period(first, max(first, last), -_FOREVER, _FOREVER, whole=True)
    today = _day(now, zone) or last
    moved = last <= today - timedelta(days=days)
    if not moved:
        last = max(last, today)
    first = last - timedelta(days=days - 1)
    return Period(first, last, _midnight(first, zone), _midnight(last, zone, 1), moved=moved)


def between(first: date, last: date, zone: tzinfo | None) -> Period:
    """Return the whole local days from *first* to *last*."""
    return Period(first, last, _midnight(first, zone), _midnight(last, zone, 1))


def asked(within: Period, project: str | None) -> dict[str, object]:
    """Return what a statement about *within* and *project* is given."""
    return {
        "start": within.start,
        "end": within.end,
        "whole": within.whole,
        "project": project,
    }


def _newest(db: Connection, before: int) -> int | None:
    found = (db.execute(sql, {"before": before}).fetchone()[0] for sql in NEWEST)
    return max((at for at in found if at is not None), default=None)


def _oldest(db: Connection) -> int | None:
    found = (db.execute(sql).fetchone()[0] for sql in OLDEST)
    return min((at for at in found if at is not None), default=None)


def step(within: Period, zone: tzinfo | None) -> int:
    """Return the step of UTC time, in ms, that never lies across two local hours."""
    ends = (local(_midnight(day, zone), zone) for day in (within.first, within.last))
    offsets = {at.utcoffset() for at in ends if at is not None}
    whole = all(
        offset is not None and offset % timedelta(hours=1) == timedelta() for offset in offsets
    )
    return HOUR if whole else _QUARTER


def local(ms: int, zone: tzinfo | None) -> datetime | None:
    """Return the local time of *ms*; None if no calendar has it."""
    try:
        return (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None  # a moment that no calendar has: logs may hold any number


def local_days(number: int, zone: tzinfo | None) -> list[tuple[date, int, int]]:
    """Return which local days the UTC day *number*, from 1970, is parts of.

    Each with the quarter of an hour that it begins with, from 1970, and the one behind it. What
    no calendar has is left out.
    """
    first, last = number * _QUARTERS, (number + 1) * _QUARTERS
    begin, end = local(first * _QUARTER, zone), local(last * _QUARTER, zone)
    if begin is None or end is None or begin.utcoffset() != end.utcoffset():
        return _by_quarters(first, last, zone)  # the clock is changed
    past = timedelta(hours=begin.hour, minutes=begin.minute, seconds=begin.second)
    midnight = first + ceil((timedelta(days=1) - past) / timedelta(milliseconds=_QUARTER))
    if midnight >= last:
        return [(begin.date(), first, last)]
    return [(begin.date(), first, midnight), (end.date(), midnight, last)]


def _by_quarters(first: int, last: int, zone: tzinfo | None) -> list[tuple[date, int, int]]:
    found: list[tuple[date, int, int]] = []
    for quarter in range(first, last):
        day = _day(quarter * _QUARTER, zone)
        if day is None:
            continue
        if found and found[-1][0] == day:
            found[-1] = (day, found[-1][1], quarter + 1)
        else:
            found.append((day, quarter, quarter + 1))
    return found


def _day(ms: int, zone: tzinfo | None) -> date | None:
    at = local(ms, zone)
    return None if at is None else at.date()


def _midnight(day: date, zone: tzinfo | None, after: int = 0) -> int:
    """Return the first moment of the local day that comes *after* days after *day*, in ms."""
    try:
        naive = datetime(day.year, day.month, day.day) + timedelta(days=after)  # noqa: DTZ001  made local in the next line
        at = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
        return (at - _EPOCH) // timedelta(milliseconds=1)
    except (OverflowError, ValueError, OSError):
        return _FOREVER
