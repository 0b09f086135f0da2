"""The dashboard's series, answered from sums instead of rows: see step 0005 for what they hold.

A scope says which days, projects, models and lanes are asked about. Sums are kept by quarters
of an hour of UTC time, so that local days and hours of every zone are exact, across changes of
the clock too. Each question reads the sums of its days once.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from sqlite3 import Connection
from typing import Final

from core.analysis.tools_rates import Rate
from core.queries import durations
from core.queries.periods import Period, local

SLOT: Final = 900_000  # ms
UNDATED: Final = -1  # the slot of what has no time
_LAST: Final = 1 << 60  # later than any slot
_SURE: Final = 200_000_000  # slots; up to the year 7600 every zone's calendar goes on


class Lane(StrEnum):
    """Whose work is meant."""

    ALL = "all"
    YOU = "you"  # the line that a person talks in
    AGENTS = "agents"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked about. Empty tuples mean every one of them."""

    within: Period
    projects: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    lane: Lane = Lane.ALL


@dataclass(frozen=True, slots=True)
class Tiles:
    """The figures above the charts."""

    conversations: int  # something was said or called in
    active_ms: int  # gaps between neighbours of a lane, of at most five minutes; see the docs
    messages: int
    prompts: int
    calls: int
    failed: int
    input: int
    output: int
    cache_read: int
    cache_creation: int
    cost: int  # micro-dollars
    unpriced: int  # replies


@dataclass(frozen=True, slots=True)
class DayActive:
    """How long a project was worked in on a local day."""

    day: date
    project: str
    active_ms: int
    prompts: int


@dataclass(frozen=True, slots=True)
class ToolSpread:
    """How the calls of one tool ended and how long they took, waiting for permission included."""

    tool: str
    calls: int
    failed: Rate  # of the calls that have a result
    denied: int
    interrupted: int
    unanswered: int
    timed: int  # calls that have a duration
    total_ms: int
    p50_ms: int | None
    p95_ms: int | None


@dataclass(frozen=True, slots=True)
class Hours:
    """By local hour of the week: ``[0][9]`` is Monday from nine to ten."""

    calls: tuple[tuple[int, ...], ...]
    active_ms: tuple[tuple[int, ...], ...]
    days: tuple[tuple[date, int, int], ...]  # day, calls, active ms; days with either only


@dataclass(frozen=True, slots=True)
class DayUse:
    """Tokens and cost of one model on one local day."""

    day: date
    model: str
    replies: int
    input: int
    output: int
    cache_read: int
    cache_creation: int
    cost: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class WeekFailures:
    """How many calls of a week failed; *monday* is its first day."""

    monday: date
    failed: Rate


WHERE = """
slot >= :first AND slot < :last AND (:lane IS NULL OR lane = :lane)
AND (:projects IS NULL OR session_id IN (
    SELECT session.id FROM session JOIN conversation ON conversation.id = conversation_id
    WHERE project IN (SELECT value FROM json_each(:projects))))
"""
MODELS = "AND (:models IS NULL OR model IN (SELECT value FROM json_each(:models)))"
# What was said has no model: the sessions and slots count in which a reply of the models stands.
BESIDE = """
AND (:models IS NULL OR EXISTS (
    SELECT 1 FROM rollup_reply AS beside WHERE beside.slot = rollup_message.slot
    AND beside.session_id = rollup_message.session_id AND beside.lane = rollup_message.lane
    AND beside.model IN (SELECT value FROM json_each(:models))))
"""
CONVERSATIONS = f"""
SELECT count(DISTINCT conversation_id) FROM session WHERE id IN (
    SELECT session_id FROM rollup_message WHERE {WHERE} {BESIDE})
"""  # noqa: S608  constants only
SAID = f"""
SELECT coalesce(sum(active_ms), 0), coalesce(sum(messages), 0), coalesce(sum(prompts), 0)
FROM rollup_message WHERE {WHERE} {BESIDE}
"""  # noqa: S608  constants only
CALLED = f"""
SELECT coalesce(sum(calls), 0), coalesce(sum(error), 0) FROM rollup_call WHERE {WHERE} {MODELS}
"""  # noqa: S608  constants only
SPENT = f"""
SELECT coalesce(sum(input), 0), coalesce(sum(output), 0), coalesce(sum(cache_read), 0),
       coalesce(sum(cache_creation), 0), coalesce(sum(cost), 0), coalesce(sum(unpriced), 0)
FROM rollup_reply WHERE {WHERE} {MODELS}
"""  # noqa: S608  constants only
ACTIVE = f"""
SELECT slot, session_id, sum(active_ms), sum(prompts) FROM rollup_message
WHERE {WHERE} {BESIDE} AND slot >= 0 GROUP BY slot, session_id ORDER BY slot, session_id
"""  # noqa: S608  constants only
PROJECTS = """
SELECT session.id, project FROM session JOIN conversation ON conversation.id = conversation_id
"""
TOOLS = f"""
SELECT tool, sum(calls), sum(error), sum(denied), sum(interrupted), sum(unanswered),
       sum(duration_ms), group_concat(nullif(durations, ''), ' ')
FROM rollup_call WHERE {WHERE} {MODELS} GROUP BY tool
"""  # noqa: S608  constants only
CALLS_BY_SLOT = f"""
SELECT slot, sum(calls) FROM rollup_call WHERE {WHERE} {MODELS} AND slot >= 0 GROUP BY slot
"""  # noqa: S608  constants only
FAILED_BY_SLOT = f"""
SELECT slot, sum(error), sum(ok) FROM rollup_call
WHERE {WHERE} {MODELS} AND slot >= 0 GROUP BY slot
"""  # noqa: S608  constants only
ACTIVE_BY_SLOT = f"""
SELECT slot, sum(active_ms) FROM rollup_message WHERE {WHERE} {BESIDE} AND slot >= 0 GROUP BY slot
"""  # noqa: S608  constants only
USE = f"""
SELECT slot, model, replies, input, output, cache_read, cache_creation, cost, unpriced
FROM rollup_reply WHERE {WHERE} {MODELS} AND slot >= 0
"""  # noqa: S608  constants only


def tiles(db: Connection, scope: Scope) -> Tiles:
    """Return the figures above the charts, undated ones too if all days are asked about."""
    given = asked(scope)
    conversations = db.execute(CONVERSATIONS, given).fetchone()[0]
    said, called, spent = (db.execute(sql, given).fetchone() for sql in (SAID, CALLED, SPENT))
    return Tiles(conversations, *said, *called, *spent)


def active(db: Connection, scope: Scope, zone: tzinfo | None) -> tuple[DayActive, ...]:
    """Return how long each project was worked in on each local day, by day, then project."""
    projects: dict[int, str] = dict(db.execute(PROJECTS))
    days: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    clock = Clock(zone)
    for slot, session, active_ms, prompts in db.execute(ACTIVE, asked(scope)):
        at = clock.at(slot)
        if at is not None and (active_ms or prompts):
            sums = days[at.date(), projects.get(session, "")]
            sums[0] += active_ms
            sums[1] += prompts
    return tuple(DayActive(day, project, *sums) for (day, project), sums in sorted(days.items()))


def tools(db: Connection, scope: Scope) -> tuple[ToolSpread, ...]:
    """Return each tool's outcomes and durations, the most used first. Percentiles are exact."""
    sql = durations.TOOLS if scope.within.whole and scope == Scope(scope.within) else TOOLS
    rows = db.execute(sql, asked(scope)).fetchall()
    found = [_spread(durations.taken(db, row[0], known), *row) for *row, known in rows]
    return tuple(sorted(found, key=lambda row: (-row.calls, row.tool)))


def hours(db: Connection, scope: Scope, zone: tzinfo | None) -> Hours:
    """Return when tools were called and when there was work, by local hour of the week."""
    clock = Clock(zone)
    calls, active_ms = ([[0] * 24 for _ in range(7)] for _ in range(2))
    days: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    given = asked(scope)
    for place, (grid, sql) in enumerate(((calls, CALLS_BY_SLOT), (active_ms, ACTIVE_BY_SLOT))):
        for slot, count in db.execute(sql, given):
            at = clock.at(slot)
            if at is not None and count:
                grid[at.weekday()][at.hour] += count
                days[at.date()][place] += count
    found = tuple((day, sums[0], sums[1]) for day, sums in sorted(days.items()))
    return Hours(_frozen(calls), _frozen(active_ms), found)


def use(db: Connection, scope: Scope, zone: tzinfo | None) -> tuple[DayUse, ...]:
    """Return the tokens and the cost of each model on each local day, by day, then model."""
    clock = Clock(zone)
    days: dict[tuple[date, str], list[int]] = {}
    for slot, model, *counts in db.execute(USE, asked(scope)):
        at = clock.at(slot)
        if at is None:
            continue
        sums = days.setdefault((at.date(), model), [0] * len(counts))
        for place, count in enumerate(counts):
            sums[place] += count
    return tuple(DayUse(day, model, *sums) for (day, model), sums in sorted(days.items()))


def failures(db: Connection, scope: Scope, zone: tzinfo | None) -> tuple[WeekFailures, ...]:
    """Return the failure rate of each local week that has calls, in order."""
    clock = Clock(zone)
    weeks: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    for slot, failed, good in db.execute(FAILED_BY_SLOT, asked(scope)):
        at = clock.at(slot)
        if at is not None:
            sums = weeks[at.date() - timedelta(days=at.weekday())]
            sums[0] += failed
            sums[1] += failed + good
    return tuple(WeekFailures(monday, Rate(*sums)) for monday, sums in sorted(weeks.items()))


class Clock:
    """Local times of slots, each made once."""

    def __init__(self, zone: tzinfo | None) -> None:
        """Tell the times of *zone*; None is the computer's own."""
        self._zone = zone
        self._known: dict[int, datetime | None] = {}

    def has(self, slot: int) -> bool:
        """Tell whether a calendar has *slot*, from 1970; it is not looked up in most cases."""
        return slot < _SURE or self.at(slot) is not None

    def at(self, slot: int) -> datetime | None:
        """Return when *slot* begins; None if no calendar has it."""
        if slot not in self._known:
            self._known[slot] = local(slot * SLOT, self._zone)
        return self._known[slot]


def asked(scope: Scope) -> dict[str, object]:
    """Return what a statement about *scope* is given."""
    within = scope.within
    return {
        "first": UNDATED if within.whole else max(0, within.start // SLOT),
        "last": _LAST if within.whole else within.end // SLOT,
        "lane": {Lane.ALL: None, Lane.YOU: 0, Lane.AGENTS: 1}[scope.lane],
        "projects": json.dumps(scope.projects) if scope.projects else None,
        "models": json.dumps(scope.models) if scope.models else None,
    }


def _spread(  # noqa: PLR0913, PLR0917  the columns of `TOOLS`
    took: durations.Durations,
    tool: str,
    calls: int,
    failed: int,
    denied: int,
    interrupted: int,
    unanswered: int,
    total_ms: int,
) -> ToolSpread:
    return ToolSpread(
        tool, calls, Rate(failed, calls - denied - interrupted - unanswered), denied, interrupted,
        unanswered, took.timed, total_ms, took.p50, took.p95,
    )  # fmt: skip


def _frozen(grid: Iterable[Iterable[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in grid)
