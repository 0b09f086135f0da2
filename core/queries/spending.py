"""What replies cost over time and in the whole library, in micro-dollars at API prices."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, tzinfo
from sqlite3 import Connection

from core.queries.costs import NO_PRICE
from core.queries.periods import Period, asked, local, step

# Indexes are named, because statistics of a small library would talk SQLite out of them.
COSTS = """
SELECT at / :step, model, sum(cost) FROM reply INDEXED BY reply_cost_by_time
WHERE counted = 1 AND at >= :start AND at < :end GROUP BY 1, 2
"""
COSTS_OF_PROJECT = """
SELECT reply.at / :step, model, sum(reply.cost)
FROM conversation
CROSS JOIN session ON session.conversation_id = conversation.id
CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = session.id
WHERE project = :project AND reply.counted = 1 AND reply.at >= :start AND reply.at < :end
GROUP BY 1, 2
"""
UNPRICED = """
SELECT model, count(*) FROM reply INDEXED BY reply_unpriced
WHERE counted = 1 AND cost IS NULL AND input + output + cache_read + cache_creation > 0
    AND at >= :start AND at < :end
GROUP BY model ORDER BY 2 DESC, model
"""
UNPRICED_OF_PROJECT = f"""
SELECT model, count(*)
FROM conversation
CROSS JOIN session ON session.conversation_id = conversation.id
CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = session.id
WHERE project = :project AND reply.counted = 1 AND reply.at >= :start AND reply.at < :end
    AND {NO_PRICE}
GROUP BY model ORDER BY 2 DESC, model
"""  # noqa: S608  a constant
ALL = """
SELECT model, sum(cost) FROM reply INDEXED BY reply_cost_by_time
WHERE counted = 1 GROUP BY model ORDER BY 2 DESC, model
"""
ALL_UNPRICED = """
SELECT model, count(*) FROM reply INDEXED BY reply_unpriced
WHERE counted = 1 AND cost IS NULL AND input + output + cache_read + cache_creation > 0
GROUP BY model ORDER BY 2 DESC, model
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
    """Return what each model cost on each day of *within*, and which replies have no price."""
    every = step(within, zone)
    given = asked(within, project)
    sql = COSTS if project is None else COSTS_OF_PROJECT
    days: defaultdict[tuple[date, str], int] = defaultdict(int)
    for number, model, cost in db.execute(sql, {**given, "step": every}):
        at = local(number * every, zone)
        if at is not None and cost:
            days[at.date(), model] += cost
    missing = db.execute(UNPRICED if project is None else UNPRICED_OF_PROJECT, given)
    return Spending(
        tuple(DayCost(day, model, cost) for (day, model), cost in sorted(days.items())),
        tuple((model, count) for model, count in missing),
    )


def library(db: Connection) -> LibraryCost:
    """Return what everything cost, undated replies too."""
    alone, copied = db.execute(STATED).fetchone()
    stated = None if alone is None and copied is None else (alone or 0) + (copied or 0)
    models = tuple((model, cost) for model, cost in db.execute(ALL) if cost is not None)
    return LibraryCost(models, tuple(db.execute(ALL_UNPRICED)), stated)
