"""What things cost, as plain dictionaries for the command line's JSON: US dollars, six places."""

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TypeAlias

from core.queries import branch_costs, conversations, costs, lane_costs, spending
from core.queries.costs import Spend, Tokens, Took

Json: TypeAlias = dict[str, "object"]

MEANING = "API-equivalent, not your bill"
_TOKENS = """
SELECT session.conversation_id, sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM reply INDEXED BY reply_by_session JOIN session ON session.id = reply.session_id
WHERE reply.counted = 1 GROUP BY session.conversation_id
"""


def dollars(micro: int) -> float:
    """Return *micro*-dollars as US dollars, six digits behind the point."""
    return round(micro / 1_000_000, 6)


def told(tokens: Tokens | None) -> Json:
    """Return *tokens* by kind; none of them if there are none."""
    found = tokens or Tokens()
    return {
        "input": found.input,
        "output": found.output,
        "cache_read": found.cache_read,
        "cache_creation": found.cache_creation,
    }


def tokens_by_conversation(db: Connection) -> dict[int, Tokens]:
    """Return the tokens of every conversation, by its row id. Costs a pass over all replies."""
    return {id_: Tokens(*counts) for id_, *counts in db.execute(_TOKENS)}


def conversation(db: Connection, id_: int) -> Json:
    """Return what conversation *id_* cost as a whole, by session, by agent and by branch."""
    return {
        "cost": _spend(costs.spend(db, id_)),
        "sessions": [_session(one) for one in conversations.sessions(db, id_)],
        "agents": [
            {
                "agent": one.agent,
                "started_by": one.above or None,
                "own": _took(one.own),
                "total": _took(one.total),
            }
            for one in lane_costs.agents(db, id_)
        ],
        "branches": [
            {
                "session": one.session,
                "branch": one.number,
                "active": one.active,
                "prompts": one.prompts,
                **_took(one.took),
            }
            for one in branch_costs.branches(db, id_)
        ],
    }


def library(db: Connection) -> Json:
    """Return what everything in the library cost."""
    found = spending.library(db)
    return {
        "usd": dollars(found.cost),
        "unpriced_replies": sum(count for _, count in found.unpriced),
        "unpriced_models": [model for model, _ in found.unpriced],
        "by_model": {model: dollars(cost) for model, cost in found.models},
        "stated_usd": None if found.stated is None else dollars(found.stated),
        "meaning": MEANING,
    }


def _spend(found: Spend) -> Json:
    return {
        "usd": dollars(found.cost),
        "meaning": MEANING,
        "replies": found.replies,
        "partial_replies": found.partial,
        "unpriced_replies": found.unpriced,
        "unpriced_models": list(found.unpriced_models),
        "tokens": told(found.tokens),
        "confidence": found.confidence,
        "models": [
            {
                "model": one.model or None,
                "replies": one.replies,
                "unpriced_replies": one.unpriced,
                "usd": dollars(one.cost),
                "tokens": told(one.tokens),
            }
            for one in found.models
        ],
        "stated": [
            {
                "session": one.session,
                "usd": dollars(one.cost),
                "complete": one.complete,
                "models": _stated(one.models),
            }
            for one in found.stated
        ],
    }


def _stated(models: Sequence[tuple[str, int, Tokens]]) -> list[Json]:
    return [
        {"model": model, "usd": dollars(cost), "tokens": told(tokens)}
        for model, cost, tokens in models
    ]


def _session(one: conversations.SessionRow) -> Json:
    return {
        "id": one.key,
        "agent": one.agent or None,
        "format": one.format,
        "version": one.version,
        "why": one.recognised,
        "messages": one.messages,
        "cost_usd": dollars(one.cost),
        "unpriced": one.unpriced,
        "stated_usd": None if one.stated is None else dollars(one.stated),
        "stated_complete": None if one.stated is None else one.complete,
        "ending": one.ending or None,
    }


def _took(took: Took) -> Json:
    return {"cost_usd": dollars(took.cost), "unpriced": took.unpriced, "tokens": told(took.tokens)}
