"""What the charts show: tool calls and tokens, summed over a period and over local days.

Every moment in the library is a UTC instant. SQL sums by whole steps of UTC time, and Python
puts each step on the local calendar: so a day has 23, 24 or 25 hours as the zone says. A *zone*
of None is the computer's own.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from sqlite3 import Connection
from typing import Final

from core.model import Outcome

HOUR: Final = 3_600_000  # ms
_QUARTER: Final = 900_000  # ms; every zone's offset is a multiple of it
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


def tools(db: Connection, within: Period, project: str | None = None) -> tuple[ToolTotal, ...]:
    """Return how the calls of each tool ended, the most used first."""
    anywhere = TOOLS if within.whole else TOOLS_IN_PERIOD
    sql = anywhere if project is None else TOOLS_OF_PROJECT
    ends: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for tool, outcome, count in db.execute(sql, _asked(within, project)):
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
    step = _step(within, zone)
    sql = CALLS if project is None else CALLS_OF_PROJECT
    days: defaultdict[tuple[date, str], int] = defaultdict(int)
    week = [[0] * 24 for _ in range(7)]
    known: dict[int, datetime | None] = {}
    for number, tool, count in db.execute(sql, {**_asked(within, project), "step": step}):
        if number not in known:
            known[number] = _local(number * step, zone)
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
    step = _step(within, zone)
    sql = TOKENS if project is None else TOKENS_OF_PROJECT
    days: dict[date, list[int]] = {}
    for number, *counts in db.execute(sql, {**_asked(within, project), "step": step}):
        at = _local(number * step, zone)
        if at is not None:
            sums = days.setdefault(at.date(), [0] * len(counts))
            for place, count in enumerate(counts):
                sums[place] += count
    return tuple(DayTokens(day, *sums) for day, sums in sorted(days.items()))


def presence(db: Connection, within: Period, project: str | None = None) -> Presence:
    """Return how many conversations and prompts fall into *within*."""
    return Presence(*db.execute(PRESENCE, _asked(within, project)).fetchone())


def _asked(within: Period, project: str | None) -> dict[str, object]:
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


def _step(within: Period, zone: tzinfo | None) -> int:
    """Return the step of UTC time, in ms, that never lies across two local hours."""
    ends = (_local(_midnight(day, zone), zone) for day in (within.first, within.last))
    offsets = {at.utcoffset() for at in ends if at is not None}
    whole = all(
        offset is not None and offset % timedelta(hours=1) == timedelta() for offset in offsets
    )
    return HOUR if whole else _QUARTER


def _local(ms: int, zone: tzinfo | None) -> datetime | None:
    try:
        return (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None  # a moment that no calendar has: logs may hold any number


def _day(ms: int, zone: tzinfo | None) -> date | None:
    at = _local(ms, zone)
    return None if at is None else at.date()


def _midnight(day: date, zone: tzinfo | None, after: int = 0) -> int:
    """Return the first moment of the local day that comes *after* days after *day*, in ms."""
    try:
        naive = datetime(day.year, day.month, day.day) + timedelta(days=after)  # noqa: DTZ001  made local in the next line
        at = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
        return (at - _EPOCH) // timedelta(milliseconds=1)
    except (OverflowError, ValueError, OSError):
        return _FOREVER
