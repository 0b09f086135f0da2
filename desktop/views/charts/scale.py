"""Where the ticks of an axis stand, and which days share a bar."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import Final

from PySide6.QtCore import QDate, QLocale

from core.queries.periods import Period
from desktop.look.words import translate

_DAILY: Final = 120  # days up to which each has a bar of its own
_WEEKLY: Final = 1100  # days up to which each week has
_STEPS: Final = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days that one bar stands for."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The buckets of a period in order, and how to find a day's."""

    period: Period
    unit: str  # day, week, month
    buckets: tuple[Bucket, ...]

    def number(self, day: date) -> int | None:
        """Return the number of the bucket that *day* is in; None if it is outside."""
        if not self.buckets or not self.buckets[0].first <= day <= self.buckets[-1].last:
            return None
        if self.unit == "month":
            start = self.buckets[0].first
            return (day.year - start.year) * 12 + day.month - start.month
        return (day - self.buckets[0].first).days // (7 if self.unit == "week" else 1)


def calendar(period: Period) -> Calendar:
    """Return the days of *period*, its weeks if there are many, or its months."""
    if period.days <= _DAILY:
        days = (period.first + timedelta(days=n) for n in range(period.days))
        return Calendar(period, "day", tuple(Bucket(day, day) for day in days))
    if period.days <= _WEEKLY:
        back = (period.first.isoweekday() - QLocale().firstDayOfWeek().value) % 7
        start = period.first - timedelta(days=back)
        number = (period.last - start).days // 7 + 1
        starts = (start + timedelta(days=7 * n) for n in range(number))
        return Calendar(
            period, "week", tuple(Bucket(day, day + timedelta(days=6)) for day in starts)
        )
    first, last = period.first, period.last
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return Calendar(period, "month", tuple(_month(*divmod(n, 12)) for n in months))


def ticks(most: float, about: int = 4) -> list[float]:
    """Return round numbers from 0 to the first one at or above *most*; whole numbers only."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / about
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in _STEPS if s * power >= rough * 0.999)
    step = float(max(1, ceil(step)))
    return [step * n for n in range(ceil(most / step) + 1)]


def decades(least: float, most: float) -> list[int]:
    """Return the powers of ten that lie around everything from *least* to *most*, as exponents."""
    low = floor(log10(max(least, 1e-9)))
    high = ceil(log10(max(most, 1e-9)))
    return list(range(low, max(high, low + 1) + 1))


def day_label(day: date, *, year: bool = False) -> str:
    """Return *day* as short as it goes: "3 Mar", with *year* "3 Mar 2026"."""
    pattern = translate("charts", "d MMM yyyy") if year else translate("charts", "d MMM")
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def day_labels(calendar: Calendar) -> list[tuple[int, str]]:
    """Return a label for each day, with the number of its bucket."""
    return [(at, day_label(bucket.first)) for at, bucket in enumerate(calendar.buckets)]


def month_labels(calendar: Calendar) -> list[tuple[int, str]]:
    """Return a label for each month that begins in *calendar*, with the number of its bucket."""
    found: list[tuple[int, str]] = []
    for at, bucket in enumerate(calendar.buckets):
        month = bucket.last.replace(day=1)
        if bucket.first <= month:
            day = QDate(month.year, month.month, 1)
            found.append((at, QLocale().toString(day, translate("charts", "MMM yyyy"))))
    return found


def bucket_label(bucket: Bucket, unit: str) -> str:
    """Return what a tool tip calls *bucket*: "Tue 3 Mar 2026", "2–8 Mar 2026", "March 2026"."""
    first = QDate(bucket.first.year, bucket.first.month, bucket.first.day)
    if unit == "day":
        return QLocale().toString(first, translate("charts", "ddd d MMM yyyy"))
    if unit == "month":
        return QLocale().toString(first, translate("charts", "MMMM yyyy"))
    return span_label(bucket.first, bucket.last)


def span_label(first: date, last: date) -> str:
    """Return the days from *first* to *last*: "2–8 Mar 2026"."""
    if first == last:
        return day_label(first, year=True)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_label(last, year=True)}"
    return f"{day_label(first, year=first.year != last.year)} – {day_label(last, year=True)}"


def _month(year: int, month: int) -> Bucket:
    """Return the bucket of a month; *month* counts from 0."""
    first = date(year, month + 1, 1)
    last = first + timedelta(days=31)
    return Bucket(first, last - timedelta(days=last.day))
