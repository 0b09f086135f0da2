"""Series that only the dashboard asks for: tools by day, and how large conversations are."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from sqlite3 import Connection
from typing import Final

from core.queries.periods import local_days
from core.queries.rollups import BESIDE, MODELS, WHERE, Clock, Scope, asked

MOST: Final = 1_000  # conversations that are told apart, those with most tokens

TOOL_DAYS = f"""
SELECT slot, tool, sum(calls) FROM rollup_call
WHERE {WHERE} {MODELS} AND slot >= 0 GROUP BY slot, tool
"""  # noqa: S608  constants only
TOOLS_OF_PART = f"""
SELECT tool, sum(calls) FROM rollup_call WHERE {WHERE} {MODELS} GROUP BY tool
"""  # noqa: S608  constants only
# The days in UTC that have any: from each to the next one, and not from row to row.
CALLED_ON = """
WITH RECURSIVE found (slot) AS (
    SELECT min(slot) FROM rollup_call WHERE slot >= max(:first, 0) AND slot < :last
    UNION ALL
    SELECT (SELECT min(slot) FROM rollup_call
            WHERE slot >= (found.slot / 96 + 1) * 96 AND slot < :last)
    FROM found WHERE found.slot IS NOT NULL)
SELECT slot / 96, :first, :last FROM found WHERE slot IS NOT NULL
"""
PROMPTS = f"""
SELECT conversation_id, sum(rollup_message.prompts)
FROM rollup_message JOIN session ON session.id = session_id
WHERE {WHERE} {BESIDE} GROUP BY conversation_id
"""  # noqa: S608  constants only
TOKENS = f"""
SELECT conversation_id, sum(rollup_reply.input + output + cache_read + cache_creation)
FROM rollup_reply JOIN session ON session.id = session_id
WHERE {WHERE} {MODELS} GROUP BY conversation_id
"""  # noqa: S608  constants only
NAMED = """
SELECT id, key, title, project FROM conversation WHERE id IN (SELECT value FROM json_each(:ids))
"""
USED_MODELS = """
SELECT model, sum(replies) FROM rollup_reply WHERE model <> '' GROUP BY model ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class ToolDay:
    """The calls of one tool on one local day."""

    day: date
    tool: str
    calls: int


@dataclass(frozen=True, slots=True)
class Outlier:
    """How many prompts and tokens a conversation has in a scope."""

    id: int
    key: str
    title: str
    project: str
    prompts: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Outliers:
    """Conversations with prompts and tokens, those with most tokens first."""

    rows: tuple[Outlier, ...] = ()
    left_out: int = 0  # without a prompt or without a token: no logarithm has a place for them
    beyond: int = 0  # more than `MOST`


def tool_days(db: Connection, scope: Scope, zone: tzinfo | None) -> tuple[ToolDay, ...]:
    """Return the calls of each tool on each local day, by day, then tool.

    Costs a pass over the sums of the scope's days.
    """
    days: defaultdict[tuple[date, str], int] = defaultdict(int)
    called = _of_projects(db, scope, zone) if scope.projects else _of_all(db, scope, zone)
    for day, tool, calls in called:
        days[day, tool] += calls
    return tuple(ToolDay(day, tool, calls) for (day, tool), calls in sorted(days.items()))


def _of_projects(
    db: Connection, scope: Scope, zone: tzinfo | None
) -> Iterator[tuple[date, str, int]]:
    clock = Clock(zone)
    for slot, tool, calls in db.execute(TOOL_DAYS, asked(scope)):
        at = clock.at(slot)
        if at is not None:
            yield at.date(), tool, calls


def _of_all(db: Connection, scope: Scope, zone: tzinfo | None) -> Iterator[tuple[date, str, int]]:
    """Yield sums of parts of days, each asked for by itself: a few hundred rows are soon sorted."""
    given = asked(scope)
    for number, begin, end in db.execute(CALLED_ON, given).fetchall():
        for day, first, last in local_days(number, zone):
            part = {"first": max(first, begin), "last": min(last, end)}
            for tool, calls in db.execute(TOOLS_OF_PART, {**given, **part}):
                yield day, tool, calls


def outliers(db: Connection, scope: Scope) -> Outliers:
    """Return how large the conversations of *scope* are. Two sums and one look-up."""
    given = asked(scope)
    prompts: dict[int, int] = dict(db.execute(PROMPTS, given))
    tokens: dict[int, int] = dict(db.execute(TOKENS, given))
    both = [id_ for id_ in prompts if prompts[id_] and tokens.get(id_)]
    both.sort(key=lambda id_: (-tokens[id_], id_))
    shown = both[:MOST]
    heads = db.execute(NAMED, {"ids": json.dumps(shown)})
    found = {
        id_: Outlier(id_, key, title, project, prompts[id_], tokens[id_])
        for id_, key, title, project in heads
    }
    rows = [found[id_] for id_ in shown if id_ in found]
    return Outliers(
        tuple(rows), len(prompts.keys() | tokens.keys()) - len(both), len(both) - len(shown)
    )


def models(db: Connection) -> tuple[str, ...]:
    """Return the models that have replied, the most used first."""
    return tuple(model for model, _ in db.execute(USED_MODELS))
