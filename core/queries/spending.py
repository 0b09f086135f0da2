"""What replies cost over time and in the whole library, in micro-dollars at API prices."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from sqlite3 import Connection
from typing import Final

from core.queries.costs import NO_PRICE
from core.queries.periods import Period, local, step
from core.queries.rollups import SLOT, WHERE, Scope, asked

_LATE: Final = 253_402_300_800_000  # ms: behind the year 9999, which no slot is

COSTS = f"""
SELECT slot / :slots, model, sum(cost) FROM rollup_reply
WHERE {WHERE} AND slot >= 0 GROUP BY 1, 2
"""  # noqa: S608  a constant
UNPRICED = f"""
SELECT model, sum(unpriced) FROM rollup_reply
WHERE {WHERE} AND slot >= 0 GROUP BY model HAVING sum(unpriced) > 0
"""  # noqa: S608  a constant
# Of moments that no sums are of. The index is named, because statistics of a small library would
# talk SQLite out of it.
_MOMENTS = """
FROM reply INDEXED BY reply_by_time
CROSS JOIN session ON session.id = reply.session_id
CROSS JOIN conversation ON conversation.id = session.conversation_id
WHERE reply.counted = 1 AND reply.at >= :start AND reply.at < :end
    AND (:project IS NULL OR project = :project)
"""
COSTS_OF_MOMENTS = f"""
SELECT reply.at / :step, model, sum(reply.cost) {_MOMENTS} GROUP BY 1, 2
"""
UNPRICED_OF_MOMENTS = f"""
SELECT model, count(*) {_MOMENTS} AND {NO_PRICE} GROUP BY model
"""
# Nothing paid is not the same as no price: where the sums cannot tell, the replies are asked.
ALL = """
SELECT model, sum(cost) FROM rollup_reply AS sums GROUP BY model
HAVING sum(cost) <> 0 OR sum(replies) > sum(unpriced) AND (
    EXISTS (
        SELECT 1 FROM rollup_reply AS part
        CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = part.session_id
            AND at >= part.slot * 900000 AND at < (part.slot + 1) * 900000
        WHERE part.model = sums.model AND part.slot >= 0 AND part.replies > part.unpriced
            AND reply.model = part.model AND counted = 1 AND reply.cost IS NOT NULL)
    OR EXISTS (
        SELECT 1 FROM rollup_reply AS part
        CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = part.session_id
        WHERE part.model = sums.model AND part.slot = -1 AND part.replies > part.unpriced
            AND reply.model = part.model AND counted = 1 AND reply.cost IS NOT NULL))
ORDER BY 2 DESC, model
"""
ALL_UNPRICED = """
SELECT model, sum(unpriced) FROM rollup_reply GROUP BY model HAVING sum(unpriced) > 0
ORDER BY 2 DESC, model
"""
# An agent program goes on counting when a session is resumed in a copy of it: of the sessions of
# a conversation that share records only the largest account is taken.
STATED = """
SELECT sum(alone), sum(copied) FROM (
    SELECT sum(CASE WHEN shared = 0 THEN stated END) AS alone,
           max(CASE WHEN shared = 1 THEN stated END) AS copied
    FROM session WHERE stated IS NOT NULL AND agent = '' GROUP BY conversation_id)
"""


@dataclass(frozen=True, slots=True)
class DayCost:
    """What the replies of one model cost on one local day."""

    day: date
    model: str
    cost: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What a period cost. Replies without a time are left out."""

    days: tuple[DayCost, ...] = ()  # by day, then model
    unpriced: tuple[tuple[str, int], ...] = ()  # model and how many of its replies have no price

    @property
    def cost(self) -> int:
        """All of it."""
        return sum(one.cost for one in self.days)


@dataclass(frozen=True, slots=True)
class LibraryCost:
    """What everything in the library cost, and what agent programs say of some of it."""

    models: tuple[tuple[str, int], ...]  # model and micro-dollars, the dearest first
    unpriced: tuple[tuple[str, int], ...]  # model and how many of its replies have no price
    stated: int | None  # None: no program says anything

    @property
    def cost(self) -> int:
        """The API price of all replies that have one."""
        return sum(cost for _, cost in self.models)


def spending(
    db: Connection, within: Period, zone: tzinfo | None, project: str | None = None
) -> Spending:
    """Return what each model cost on each day of *within*, and which replies have no price.

    Costs a pass over the sums of the period.
    """
    every = step(within, zone)
    days: defaultdict[tuple[date, str], int] = defaultdict(int)
    missing: Counter[str] = Counter()
    for costs, unpriced, given in _parts(within, project):
        asked_for = {**given, "step": every, "slots": every // SLOT}
        for number, model, cost in db.execute(costs, asked_for):
            at = local(number * every, zone)
            if at is not None and cost:
                days[at.date(), model] += cost
        for model, count in db.execute(unpriced, asked_for):
            missing[model] += count
    return Spending(
        tuple(DayCost(day, model, cost) for (day, model), cost in sorted(days.items())),
        tuple(sorted(missing.items(), key=lambda one: (-one[1], one[0]))),
    )


def _parts(within: Period, project: str | None) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield the statements of costs and of what has no price, and what they are given."""
    moments = [(within.start, min(within.end, 0)), (max(within.start, _LATE), within.end)]
    if within.whole or within.start % SLOT == within.end % SLOT == 0:
        yield COSTS, UNPRICED, asked(Scope(within, () if project is None else (project,)))
    else:
        moments = [(within.start, within.end)]
    for start, end in moments:
        if start < end:
            given: dict[str, object] = {"start": start, "end": end, "project": project}
            yield COSTS_OF_MOMENTS, UNPRICED_OF_MOMENTS, given


def library(db: Connection) -> LibraryCost:
    """Return what everything cost, undated replies too."""
    alone, copied = db.execute(STATED).fetchone()
    stated = None if alone is None and copied is None else (alone or 0) + (copied or 0)
    return LibraryCost(tuple(db.execute(ALL)), tuple(db.execute(ALL_UNPRICED)), stated)
