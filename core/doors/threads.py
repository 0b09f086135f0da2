"""What `clew show` tells of a conversation's threads, as plain dictionaries.

Money and times are written as in the rest of what the command prints.
"""

from collections.abc import Mapping
from dataclasses import asdict
from sqlite3 import Connection
from typing import TypeAlias

from core.queries import lacking, relations
from core.queries import threads as queries
from core.queries.export import moment
from core.queries.money_export import dollars
from core.queries.relations import RelationRow
from core.queries.threads import CutRow, ThreadRow, Whereabouts
from core.weaving.viewing import view

Json: TypeAlias = dict[str, object]


def told(db: Connection, conversation: int) -> Json:
    """Return the lanes, threads, cuts, relations and measures of *conversation*, a row id.

    Messages are named by their uuids. Relations that the log itself says have the method
    "recorded"; everything else is a guess, with how sure it is and how it was made.
    """
    found = view(db, conversation)
    where = Whereabouts(found.threads, [one.stretches for one in found.threads])
    uuids: dict[int, str] = {}
    members: dict[str, list[str]] = {}
    for session, lane, message, uuid in db.execute(queries.MESSAGES, {"id": conversation}):
        uuids[message] = uuid
        at = where.thread(session, lane, message)
        if at is not None:
            members.setdefault(found.threads[at].key, []).append(uuid)
    recorded = [one for one in relations.relations(db, conversation) if one.recorded]
    lanes: dict[str, int] = {}
    for one in found.threads:
        lanes.setdefault(one.lane, one.depth)
    return {
        "lanes": [{"lane": lane, "depth": depth} for lane, depth in lanes.items()],
        "threads": [_thread(one, members.get(one.key, [])) for one in found.threads],
        "cuts": [_cut(one, uuids) for one in found.cuts],
        "relations": [_relation(one, uuids) for one in (*recorded, *found.guessed)],
        "measures": asdict(found.measures),
        "places_unknown": list(lacking.of(db, conversation)),
    }


def _thread(one: ThreadRow, members: list[str]) -> Json:
    return {
        "id": one.key,
        "lane": one.lane,
        "number": one.number,
        "title": one.title,
        "topic": one.topic,
        "name": one.name or None,
        "summary": one.summary,
        "keywords": list(one.keywords),
        "depth": one.depth,
        "started_at": moment(one.started_at),
        "ended_at": moment(one.ended_at),
        "active_ms": one.active_ms,
        "confidence": one.confidence,
        "coherence": one.coherence,
        "messages": one.messages,
        "prompts": one.prompts,
        "tool_calls": one.calls,
        "errors": one.errors,
        "cost_usd": dollars(one.cost),
        "message_ids": members,
    }


def _cut(one: CutRow, uuids: Mapping[int, str]) -> Json:
    return {
        "message": uuids.get(one.message),
        "lane": one.lane,
        "type": one.kind,
        "confidence": one.confidence,
        "evidence": list(one.evidence),
        "made_by": one.made_by,
        "returns": one.returns,
    }


def _relation(one: RelationRow, uuids: Mapping[int, str]) -> Json:
    return {
        "type": one.kind,
        "from": uuids.get(one.source),
        "to": uuids.get(one.target),
        "confidence": one.confidence,
        "method": one.method,
    }
