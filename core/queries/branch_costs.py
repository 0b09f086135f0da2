"""What the versions of a prompt cost that a person went back from, and those that stayed."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries.costs import NO_PRICE, Tokens, Took
from core.queries.order import IN_ORDER


@dataclass(frozen=True, slots=True)
class BranchSpend:
    """A version of a prompt and what follows it, with the versions that leave it in turn."""

    session: str
    session_id: int
    number: int
    active: bool  # False: left behind
    prompts: int
    took: Took


FORKED = f"""
SELECT session.id, session.key, number, above, active
FROM session CROSS JOIN branch ON branch.session_id = session.id
WHERE conversation_id = :id ORDER BY {IN_ORDER}, number
"""  # noqa: S608  a constant
PROMPTS = """
SELECT branch, count(*) FROM message INDEXED BY message_by_session
WHERE session_id = :session AND branch > 0 AND counted = 1 AND agent = ''
    AND kind IN ('prompt', 'queued') GROUP BY branch
"""
# A reply whose messages are counted here may be counted in another session, where it is fuller.
ON_BRANCH = f"""
SELECT branch, sum(cost), sum(unpriced), sum(input), sum(output), sum(cache_read),
       sum(cache_creation)
FROM (
    SELECT DISTINCT message.branch AS branch, mine.key, coalesce(reply.cost, 0) AS cost,
           {NO_PRICE} AS unpriced, reply.input AS input, reply.output AS output,
           reply.cache_read AS cache_read, reply.cache_creation AS cache_creation
    FROM message INDEXED BY reply_on_branch
    CROSS JOIN reply AS mine ON mine.id = message.reply_id
    CROSS JOIN reply INDEXED BY reply_by_key ON reply.key = mine.key AND reply.counted = 1
    WHERE message.session_id = :session AND message.branch > 0
        AND message.reply_id IS NOT NULL AND message.counted = 1 AND message.agent = ''
) GROUP BY branch
"""  # noqa: S608  a constant


def branches(db: Connection, conversation: int) -> tuple[BranchSpend, ...]:
    """Return what the versions of the prompts of *conversation* cost, without their agents."""
    by_session: dict[int, list[tuple[str, int, int, bool]]] = {}
    for id_, key, number, above, active in db.execute(FORKED, {"id": conversation}).fetchall():
        by_session.setdefault(id_, []).append((key, number, above, bool(active)))
    found: list[BranchSpend] = []
    for session, forks in by_session.items():
        took = {
            number: Took(cost, unpriced, Tokens(*tokens))
            for number, cost, unpriced, *tokens in db.execute(ON_BRANCH, {"session": session})
        }
        prompts = {number: 0 for _, number, _, _ in forks}
        prompts.update(db.execute(PROMPTS, {"session": session}))
        # A branch has a higher number than the one it left, so one pass from the end will do.
        for _, number, above, _ in reversed(forks):
            if above in prompts and above < number:
                prompts[above] += prompts[number]
                took[above] = took.get(above, Took()) + took.get(number, Took())
        found += [
            BranchSpend(key, session, number, active, prompts[number], took.get(number, Took()))
            for key, number, _, active in forks
        ]
    return tuple(found)
