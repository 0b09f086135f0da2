"""What lies behind a mark of a chart: a list of rows to be asked for, or one place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from sqlite3 import Connection
from typing import TypeAlias

from core.queries import behind, periods
from core.queries.behind import Cases, Sum
from core.queries.rollups import Scope
from desktop.views.charts.asking import Answer
from desktop.views.charts.scale import Bucket


class Unit(StrEnum):
    """What the number of a row is."""

    NONE = "none"
    ACTIVE = "active"  # ms
    CALLS = "calls"
    TOKENS = "tokens"
    COST = "cost"  # micro-dollars
    TOOK = "took"  # ms


@dataclass(frozen=True, slots=True)
class Lead:
    """A list of rows, under its *title*."""

    title: str
    ask: Callable[[Connection], Cases]
    unit: Unit = Unit.NONE
    calls: bool = False  # rows are calls or messages, else conversations


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation by its key, and the message to open it at; 0: its beginning."""

    conversation: str
    message: int = 0


Goal: TypeAlias = Lead | Place | None


def narrowed(answer: Answer[object], bucket: Bucket) -> Scope | None:
    """Return the scope of *answer* within the days of *bucket*."""
    scope = answer.scope
    if scope is None:
        return None
    within = scope.within
    first, last = max(bucket.first, within.first), min(bucket.last, within.last)
    return replace(scope, within=periods.between(first, last, answer.choice.zone))


def conversations(
    title: str,
    answer: Answer[object],
    scope: Scope | None,
    by: Sum,
    keep: Callable[[datetime], bool] | None = None,
) -> Goal:
    """Return the list of the conversations of *scope* with most of *by*."""
    if scope is None:
        return None
    zone = answer.choice.zone
    ask = partial(behind.conversations, scope=scope, zone=zone, by=by, keep=keep)
    return Lead(title, ask, Unit(by.value))


def calls(title: str, ask: Callable[[Connection], Cases]) -> Lead:
    """Return a list of calls with how long they took."""
    return Lead(title, ask, Unit.TOOK, calls=True)
