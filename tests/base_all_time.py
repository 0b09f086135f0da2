"""What the library holds at all, asked of its rows: what sums of all time are compared with."""

from collections import Counter, defaultdict
from datetime import date, tzinfo
from sqlite3 import Connection

from core.queries.costs import NO_PRICE
from core.queries.periods import Period, local, step
from core.queries.spending import DayCost, Spending
from core.queries.totals import Day, Outcomes, Tokens

_TOOLS = """
SELECT tool, count(*), sum(outcome = 'ok'), sum(outcome = 'error'), sum(outcome = 'denied'),
       sum(outcome = 'interrupted'), sum(outcome = 'none')
FROM call WHERE counted = 1 GROUP BY tool
"""
_TOKENS = """
SELECT model, sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM reply WHERE counted = 1 GROUP BY model
"""
_DAYS = """
SELECT date(at / 1000, 'unixepoch') AS day,
       sum(record IN ('user', 'assistant')), sum(agent = '' AND kind IN ('prompt', 'queued')),
       sum((SELECT count(*) FROM call WHERE call.message_id = message.id))
FROM message WHERE counted = 1 AND at IS NOT NULL GROUP BY day ORDER BY day
"""
_REPLIES = """
SELECT count(DISTINCT CASE api_id WHEN '' THEN key ELSE api_id END) FROM reply WHERE counted = 1
"""
_COSTS = """
SELECT model, sum(cost) FROM reply WHERE counted = 1 GROUP BY model HAVING sum(cost) IS NOT NULL
ORDER BY 2 DESC, model
"""
_UNPRICED = f"""
SELECT model, count(*) FROM reply WHERE counted = 1 AND {NO_PRICE} GROUP BY model
ORDER BY 2 DESC, model
"""
_SPENT = f"""
SELECT at, model, reply.cost, {NO_PRICE} FROM reply
JOIN session ON session.id = session_id JOIN conversation ON conversation.id = conversation_id
WHERE counted = 1 AND at >= :start AND at < :end AND (:project IS NULL OR project = :project)
"""


def tools_at_all(db: Connection) -> dict[str, Outcomes]:
    """Return the outcomes of every tool's calls."""
    return {tool: Outcomes(*counts) for tool, *counts in db.execute(_TOOLS)}


def tokens_at_all(db: Connection) -> dict[str, Tokens]:
    """Return the tokens of every model."""
    return {model: Tokens(*counts) for model, *counts in db.execute(_TOKENS)}


def days_at_all(db: Connection) -> list[Day]:
    """Return every day in UTC with a dated message."""
    return [Day(*row) for row in db.execute(_DAYS)]


def replies_at_all(db: Connection) -> int:
    """Return how many API replies there are, those with an id by that."""
    return int(db.execute(_REPLIES).fetchone()[0])


def cost_at_all(
    db: Connection,
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    """Return what each model cost, and how many of its replies have no price."""
    return tuple(db.execute(_COSTS)), tuple(db.execute(_UNPRICED))


def spending(db: Connection, within: Period, zone: tzinfo, project: str | None) -> Spending:
    """Return what each model cost on each day of *within*, reply by reply."""
    every = step(within, zone)
    days: defaultdict[tuple[date, str], int] = defaultdict(int)
    missing: Counter[str] = Counter()
    given = {"start": within.start, "end": within.end, "project": project}
    for at, model, cost, unpriced in db.execute(_SPENT, given):
        moment = local(int(at / every) * every, zone)
        if moment is not None and cost:
            days[moment.date(), model] += cost
        if unpriced:
            missing[model] += 1
    return Spending(
        tuple(DayCost(day, model, cost) for (day, model), cost in sorted(days.items())),
        tuple(sorted(missing.items(), key=lambda one: (-one[1], one[0]))),
    )
