"""What each agent of a conversation took itself, and with all agents that it started."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from core.queries.costs import NO_PRICE, Tokens, Took
from core.queries.order import IN_ORDER


@dataclass(frozen=True, slots=True)
class AgentSpend:
    """One agent: *own* is its own replies', *total* with its agents', however deep."""

    agent: str
    above: str | None  # the agent that started it first, "" for the main line; None: not recorded
    own: Took
    total: Took


FILES = f"""
SELECT session.agent, coalesce(sum(reply.cost), 0), sum({NO_PRICE}),
       sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM session CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = session.id
WHERE session.conversation_id = :id AND session.agent <> '' AND reply.counted = 1
GROUP BY session.agent
"""  # noqa: S608  a constant
# Agents whose lane is inside the main file. A reply may be counted in a copy of the session.
INLINE = f"""
SELECT agent, sum(cost), sum(unpriced), sum(input), sum(output), sum(cache_read),
       sum(cache_creation)
FROM (
    SELECT DISTINCT message.agent AS agent, mine.key, coalesce(reply.cost, 0) AS cost,
           {NO_PRICE} AS unpriced,
           reply.input AS input, reply.output AS output, reply.cache_read AS cache_read,
           reply.cache_creation AS cache_creation
    FROM session
    CROSS JOIN message INDEXED BY reply_in_lane ON message.session_id = session.id
    CROSS JOIN reply AS mine ON mine.id = message.reply_id
    CROSS JOIN reply INDEXED BY reply_by_key ON reply.key = mine.key AND reply.counted = 1
    WHERE session.conversation_id = :id AND session.agent = ''
        AND message.agent <> '' AND message.reply_id IS NOT NULL AND message.counted = 1
) GROUP BY agent
"""  # noqa: S608  a constant
LINKS = f"""
SELECT block.agent, call.agent
FROM session CROSS JOIN call INDEXED BY call_by_hash ON call.session_id = session.id
CROSS JOIN block ON block.id = call.id
WHERE session.conversation_id = :id AND call.counted = 1 AND call.agent <> ''
ORDER BY {IN_ORDER}, call.id
"""  # noqa: S608  a constant
LANES = """
SELECT DISTINCT agent FROM session WHERE conversation_id = :id AND agent <> ''
"""


def agents(db: Connection, conversation: int) -> tuple[AgentSpend, ...]:
    """Return what the agents of *conversation* took, those that were started first in front."""
    asked = {"id": conversation}
    own: dict[str, Took] = {}
    for sql in (FILES, INLINE):
        for agent, cost, unpriced, *tokens in db.execute(sql, asked):
            own[agent] = own.get(agent, Took()) + Took(cost, unpriced, Tokens(*tokens))
    above = parents(db.execute(LINKS, asked))
    everyone = dict.fromkeys(above)
    everyone |= dict.fromkeys(agent for (agent,) in db.execute(LANES, asked))
    everyone |= dict.fromkeys(own)
    totals = dict(rolled_up(own, above, everyone))
    return tuple(
        AgentSpend(agent, above.get(agent), own.get(agent, Took()), totals[agent])
        for agent in everyone
    )


def parents(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return who started each agent, of the *links* (who, whom) in their order.

    Only the first link to an agent counts, so that nothing is added twice; one that would make
    an agent its own ancestor does not count at all. "" is the main line.
    """
    above: dict[str, str] = {}
    tree: dict[str, str] = {}  # towards the root of what an agent hangs on, shortened as it is used
    for who, whom in links:
        if whom in above or not whom:
            continue
        if _root(tree, who) == whom:
            continue
        above[whom] = tree[whom] = who
    return above


def _root(tree: dict[str, str], agent: str) -> str:
    while (up := tree.get(agent)) is not None:
        if (further := tree.get(up)) is not None:
            tree[agent] = further
        agent = up
    return agent


def rolled_up(
    own: Mapping[str, Took], above: Mapping[str, str], everyone: Iterable[str]
) -> Iterator[tuple[str, Took]]:
    """Yield each agent of *everyone* with what it took together with all below it."""
    totals = {agent: own.get(agent, Took()) for agent in everyone}
    waiting = dict.fromkeys(totals, 0)  # agents below that are not added up yet
    for who in above.values():
        if who in waiting:
            waiting[who] += 1
    ready = [agent for agent, below in waiting.items() if not below]
    while ready:
        agent = ready.pop()
        yield agent, totals[agent]
        up = above.get(agent, "")
        if up in totals:
            totals[up] += totals[agent]
            waiting[up] -= 1
            if not waiting[up]:
                ready.append(up)
