"""How long the calls of a tool took: of all there are from an index, of some from their sums."""

from dataclasses import dataclass
from math import ceil
from sqlite3 import Connection
from typing import Final

from core.analysis.tools_rates import percentile

_HALF: Final = 0.5
_MOST: Final = 0.95

# What each tool has done at all; the last column is how many of its calls have a duration.
TOOLS = """
SELECT tool, calls, error, denied, interrupted, unanswered, duration_ms, timed FROM rollup_tool
"""
# The index has them in order: half of its entries are passed by, and a twentieth.
FROM_SHORTEST = """
SELECT duration_ms FROM call INDEXED BY call_by_duration
WHERE tool = :tool AND counted = 1 AND duration_ms IS NOT NULL
ORDER BY duration_ms LIMIT 1 OFFSET :passed
"""
FROM_LONGEST = """
SELECT duration_ms FROM call INDEXED BY call_by_duration
WHERE tool = :tool AND counted = 1 AND duration_ms IS NOT NULL
ORDER BY duration_ms DESC LIMIT 1 OFFSET :passed
"""


@dataclass(frozen=True, slots=True)
class Durations:
    """Percentiles of *timed* calls by nearest rank, in ms; None where there is no call."""

    timed: int
    p50: int | None
    p95: int | None


def taken(db: Connection, tool: str, known: int | str | None) -> Durations:
    """Return what is *known*: how many calls of *tool* have a duration, or which they are.

    The number stands for every call of *tool*, whose percentiles are looked up; a text is of any
    calls, and holds their durations in ms between blanks, in any order.
    """
    return _of_every_call(db, tool, known) if isinstance(known, int) else _of_text(known or "")


def _of_every_call(db: Connection, tool: str, timed: int) -> Durations:
    if not timed:
        return Durations(0, None, None)
    half, most = ceil(_HALF * timed) - 1, ceil(_MOST * timed) - 1
    asked = ((FROM_SHORTEST, half), (FROM_LONGEST, timed - 1 - most))
    found = [db.execute(sql, {"tool": tool, "passed": passed}).fetchone() for sql, passed in asked]
    return Durations(timed, *(None if row is None else row[0] for row in found))


def _of_text(durations: str) -> Durations:
    ordered = sorted(map(int, durations.split()))
    return Durations(len(ordered), percentile(ordered, _HALF), percentile(ordered, _MOST))
