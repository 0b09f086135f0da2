"""Tool use and tokens asked of the base tables themselves: what sums are compared with."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from sqlite3 import Connection

from core.model import Outcome
from core.queries.periods import Period, asked, local, step

# Each question has three forms: everything, a period, a project (in a period or not). Indexes are
# named, because statistics of a small library would talk SQLite into a walk through every call.
TOOLS = """
SELECT tool, outcome, count(*) FROM call INDEXED BY call_by_tool
WHERE counted = 1 GROUP BY tool, outcome
"""
TOOLS_IN_PERIOD = """
SELECT tool, outcome, count(*) FROM call INDEXED BY call_by_time
WHERE counted = 1 AND at >= :start AND at < :end GROUP BY tool, outcome
"""
TOOLS_OF_PROJECT = """
SELECT tool, outcome, count(*)
FROM conversation
CROSS JOIN session ON session.conversation_id = conversation.id
CROSS JOIN call INDEXED BY call_by_hash ON call.session_id = session.id
WHERE project = :project AND call.counted = 1
    AND (:whole OR (call.at >= :start AND call.at < :end))
GROUP BY tool, outcome
"""
CALLS = """
SELECT at / :step, tool, count(*) FROM call INDEXED BY call_by_time
WHERE counted = 1 AND at >= :start AND at < :end GROUP BY 1, 2
"""
CALLS_OF_PROJECT = """
SELECT at / :step, tool, count(*)
FROM conversation
CROSS JOIN session ON session.conversation_id = conversation.id
CROSS JOIN call INDEXED BY call_by_hash ON call.session_id = session.id
WHERE project = :project AND call.counted = 1 AND call.at >= :start AND call.at < :end
GROUP BY 1, 2
"""
TOKENS = """
SELECT at / :step, count(*), sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM reply INDEXED BY reply_by_time WHERE counted = 1 AND at >= :start AND at < :end GROUP BY 1
"""
TOKENS_OF_PROJECT = """
SELECT reply.at / :step, count(*), sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM conversation
CROSS JOIN session ON session.conversation_id = conversation.id
CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = session.id
WHERE project = :project AND reply.counted = 1 AND reply.at >= :start AND reply.at < :end
GROUP BY 1
"""
# Prompts are summed from the sessions that lie in the period; only those that reach over its
# ends are counted message by message.
PRESENCE = """
SELECT count(DISTINCT conversation.id), coalesce(sum(CASE
    WHEN :whole OR (session.started_at >= :start AND session.ended_at < :end) THEN session.prompts
    WHEN session.prompts = 0 THEN 0
    ELSE (SELECT count(*) FROM message INDEXED BY message_by_session
          WHERE session_id = session.id AND counted = 1 AND agent = ''
              AND kind IN ('prompt', 'queued') AND at >= :start AND at < :end)
    END), 0)
FROM conversation CROSS JOIN session ON session.conversation_id = conversation.id
WHERE conversation.messages > 0 AND (:project IS NULL OR project = :project)
    AND (:whole OR (session.started_at < :end AND session.ended_at >= :start))
"""


@dataclass(frozen=True, slots=True)
class ToolTotal:
    """How the calls of one tool ended."""

    tool: str
    calls: int
    failed: int
    denied: int
    interrupted: int
    unanswered: int  # the log holds no result


@dataclass(frozen=True, slots=True)
class DayCalls:
    """The calls of one tool on one local day."""

    day: date
    tool: str
    calls: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Tool calls by local day, and by local hour of the week: ``week[0][9]`` is Monday at nine."""

    days: tuple[DayCalls, ...]  # by day, then tool
    week: tuple[tuple[int, ...], ...]  # 7 times 24


@dataclass(frozen=True, slots=True)
class DayTokens:
    """The tokens of one local day, counted once for each API reply."""

    day: date
    replies: int
    input: int
    output: int
    cache_read: int
    cache_creation: int

    @property
    def total(self) -> int:
        """All tokens of the day."""
        return self.input + self.output + self.cache_read + self.cache_creation


@dataclass(frozen=True, slots=True)
class Presence:
    """How many conversations something happened in, and how many prompts were typed."""

    conversations: int
    prompts: int


def tools(db: Connection, within: Period, project: str | None = None) -> tuple[ToolTotal, ...]:
    """Return how the calls of each tool ended, the most used first."""
    anywhere = TOOLS if within.whole else TOOLS_IN_PERIOD
    sql = anywhere if project is None else TOOLS_OF_PROJECT
    ends: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for tool, outcome, count in db.execute(sql, asked(within, project)):
        ends[tool][outcome] = count
    found = [
        ToolTotal(
            tool,
            sum(by.values()),
            by.get(Outcome.ERROR, 0),
            by.get(Outcome.DENIED, 0),
            by.get(Outcome.INTERRUPTED, 0),
            by.get(Outcome.NONE, 0),
        )
        for tool, by in ends.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.calls, row.tool)))


def rhythm(
    db: Connection, within: Period, zone: tzinfo | None, project: str | None = None
) -> Rhythm:
    """Return when tools were called. Calls without a time are left out."""
    every = step(within, zone)
    sql = CALLS if project is None else CALLS_OF_PROJECT
    days: defaultdict[tuple[date, str], int] = defaultdict(int)
    week = [[0] * 24 for _ in range(7)]
    known: dict[int, datetime | None] = {}
    for number, tool, count in db.execute(sql, {**asked(within, project), "step": every}):
        if number not in known:
            known[number] = local(number * every, zone)
        at = known[number]
        if at is not None:
            days[at.date(), tool] += count
            week[at.weekday()][at.hour] += count
    rows = tuple(DayCalls(day, tool, n) for (day, tool), n in sorted(days.items()))
    return Rhythm(rows, tuple(tuple(hours) for hours in week))


def tokens(
    db: Connection, within: Period, zone: tzinfo | None, project: str | None = None
) -> tuple[DayTokens, ...]:
    """Return the tokens of the days that have some, in order; undated replies are left out."""
    every = step(within, zone)
    sql = TOKENS if project is None else TOKENS_OF_PROJECT
    days: dict[date, list[int]] = {}
    for number, *counts in db.execute(sql, {**asked(within, project), "step": every}):
        at = local(number * every, zone)
        if at is not None:
            sums = days.setdefault(at.date(), [0] * len(counts))
            for place, count in enumerate(counts):
                sums[place] += count
    return tuple(DayTokens(day, *sums) for day, sums in sorted(days.items()))


def presence(db: Connection, within: Period, project: str | None = None) -> Presence:
    """Return how many conversations and prompts fall into *within*."""
    return Presence(*db.execute(PRESENCE, asked(within, project)).fetchone())
