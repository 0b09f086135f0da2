"""When work is done: the peak, averages, how regular it is, in figures and in sentences.

Takes counts by local hour of the week and by local day, made in the person's own zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_WINDOW: Final = 30  # days of which it is told how many were active
_ENOUGH: Final = 50  # calls below which no sentence is said
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Habits:
    """Figures of a stretch of days, by the calendar of one zone."""

    zone: str
    calls: int
    peak: str | None  # "10:00–11:00"; None: nothing is dated. Of equals the earliest
    peak_calls: int
    weekday: str | None  # with the most calls
    active_days: int  # with at least one call
    calendar_days: int  # from the first to the last of the stretch
    per_active_day: float | None
    per_calendar_day: float | None
    recent_active: int  # of the last `recent_days`
    recent_days: int
    sentences: tuple[str, ...]


def habits(
    week: Sequence[Sequence[int]],
    days: Sequence[tuple[date, int]],
    zone: str,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Habits:
    """Return the figures of *days* (day and calls, in order) and of *week* (7 times 24).

    *first* and *last* bound the calendar days; without them the first and last of *days* do.
    """
    active = [(day, calls) for day, calls in days if calls]
    calls = sum(count for _, count in active)
    first = first or (active[0][0] if active else None)
    last = last or (active[-1][0] if active else None)
    calendar = (last - first).days + 1 if first and last else 0
    hours = [sum(row[hour] for row in week) for hour in range(24)]
    peak = max(range(24), key=lambda hour: (hours[hour], -hour))
    sums = [sum(row) for row in week]
    busiest = max(range(7), key=lambda day: (sums[day], -day))
    window = min(_WINDOW, calendar)
    since = last - timedelta(days=window - 1) if last and window else None
    recent = sum(since <= day for day, _ in active) if since else 0
    return Habits(
        zone,
        calls,
        f"{peak:02}:00–{(peak + 1) % 24:02}:00" if hours[peak] else None,
        hours[peak],
        _DAYS[busiest] if sums[busiest] else None,
        len(active),
        calendar,
        calls / len(active) if active else None,
        calls / calendar if calendar else None,
        recent,
        window,
        _sentences(calls, hours, sums, recent, window),
    )


def _sentences(
    calls: int, hours: list[int], weekdays: list[int], recent: int, window: int
) -> tuple[str, ...]:
    """Return up to three findings, each with its numbers; none where too little is known."""
    if calls < _ENOUGH:
        return ()
    said: list[str] = []
    best = max(range(24), key=lambda hour: (sum(_around(hours, hour)), -hour))
    share = sum(_around(hours, best)) / calls
    if share >= 0.25:
        said.append(
            f"{share:.0%} of the calls fall between {best:02}:00 and {(best + 3) % 24:02}:00 "
            f"(n = {calls:,})."
        )
    weekend = sum(weekdays[5:])
    if weekend / calls >= 0.2 or weekend == 0:
        said.append(
            f"{weekend / calls:.0%} of the calls are made on Saturdays and Sundays (n = {calls:,})."
        )
    if window:
        said.append(f"Active on {recent} of the last {window} days.")
    return tuple(said)


def _around(hours: list[int], first: int) -> list[int]:
    return [hours[(first + more) % 24] for more in range(3)]
