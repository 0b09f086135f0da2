"""Sums by day and name, as series of the largest names and all others together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from desktop.look import words
from desktop.models.tables import Column
from desktop.views.charts.inks import OTHER
from desktop.views.charts.scale import Calendar
from desktop.views.charts.stacks import Series

TOP: Final = 6  # names with a colour of their own


@dataclass(frozen=True, slots=True)
class Filled:
    """The rows of a table twin, and the number of the bucket that each is."""

    rows: tuple[tuple[date | int | float | None, ...], ...]
    buckets: tuple[int, ...]


def largest(
    rows: Iterable[tuple[date, str, int]], days: Calendar, *, unnamed: str, others: str
) -> list[Series]:
    """Return a series for each of the largest names of *rows*, in the buckets of *days*."""
    found = list(rows)
    sums: Counter[str] = Counter()
    for _, name, value in found:
        sums[name] += value
    ranked = [name for name in sorted(sums, key=lambda one: (-sums[one], one)) if sums[name]]
    top = ranked if len(ranked) <= TOP else ranked[:TOP]
    values = {name: [0] * len(days.buckets) for name in top}
    rest = [0] * len(days.buckets)
    for day, name, value in found:
        at = days.number(day)
        if at is not None:
            values.get(name, rest)[at] += value
    made = [
        Series(words.one_line(name, 80) or unnamed, ink, tuple(values[name]))
        for ink, name in enumerate(top)
    ]
    if len(ranked) > len(top):
        made.append(Series(others, OTHER, tuple(rest)))
    return made


def filled(
    made: list[Series], days: Calendar, *, bare: bool = False, unit: int | None = None
) -> Filled:
    """Return a row for each bucket that has anything: its first day, the sum, every series.

    With *bare* nought is left empty; values are in *unit*s if there is one.
    """
    rows: list[tuple[date | int | float | None, ...]] = []
    buckets: list[int] = []
    for at, bucket in enumerate(days.buckets):
        values = [one.values[at] for one in made]
        if any(values):
            all_ = [sum(values), *values]
            scaled = all_ if unit is None else [value / unit for value in all_]
            cells = [None if bare and at_ and not one else one for at_, one in enumerate(scaled)]
            rows.append((bucket.first, *cells))
            buckets.append(at)
    return Filled(tuple(rows), tuple(buckets))


def columns(first: str, whole: str, made: list[Series], *, money: bool = False) -> list[Column]:
    """Return the columns of the rows that `filled` returns."""
    return [
        Column(first),
        Column(whole, money=money),
        *(Column(words.one_line(one.name, 40), money=money) for one in made),
    ]
