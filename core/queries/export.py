"""Conversations as plain dictionaries, for the command line's JSON.

Times are ISO 8601, UTC; money is US dollars at API prices, exact to the millionth.
"""

from datetime import UTC, datetime
from sqlite3 import Connection
from typing import TypeAlias

from core.queries import conversations, money_export, problems, structure
from core.queries.conversations import ConversationRow
from core.queries.costs import Confidence
from core.queries.money_export import dollars
from core.queries.order import IN_ORDER
from core.queries.structure import NodeKind
from core.records.fields import items, load, mapping, text

Json: TypeAlias = dict[str, "object"]

_MESSAGES = f"""
SELECT message.id, message.uuid, parent.uuid, message.role, message.kind, message.at,
       message.agent, message.branch, message.reply_id, session.key, message.prompt
FROM session JOIN message ON message.session_id = session.id
LEFT JOIN message AS parent ON parent.id = message.parent_id
WHERE session.conversation_id = :id AND message.counted = 1
ORDER BY {IN_ORDER}, message.id
"""  # noqa: S608  a constant
_BLOCKS = """
SELECT block.message_id, block.kind, coalesce(coloured.text, body.text)
FROM session CROSS JOIN message ON message.session_id = session.id
CROSS JOIN block ON block.message_id = message.id
JOIN body ON body.id = block.id LEFT JOIN coloured ON coloured.id = block.id
WHERE session.conversation_id = :id ORDER BY block.id
"""
_CALLS = """
SELECT call.message_id, call.key, call.tool, call.input, call.outcome,
       coalesce(coloured.text, body.text),
       call.duration_ms, call.agent
FROM session JOIN call ON call.session_id = session.id
LEFT JOIN body ON body.id = call.result_id
LEFT JOIN coloured ON coloured.id = call.result_id
WHERE session.conversation_id = :id ORDER BY call.id
"""
_REPLIES = """
SELECT reply.id, reply.key, reply.counted, api_id, model,
       input, output, cache_read, cache_creation, final, reply.cost
FROM session JOIN reply ON reply.session_id = session.id
WHERE session.conversation_id = :id
"""
_PRICED = {NodeKind.AGENT, NodeKind.BRANCH}
_LINE = 160  # characters of a message that a line shows
_TEXT = ("prompt", "reply", "thinking", "note", "result", "other", "image")


def moment(at: int | None) -> str | None:
    """Return *at*, milliseconds, as ISO 8601 in UTC."""
    if at is None:
        return None
    when = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def conversation_list(db: Connection) -> list[Json]:
    """Return every conversation, the newest first."""
    found: list[Json] = []
    tokens = money_export.tokens_by_conversation(db)
    after: tuple[int, int] | None = None
    while page := conversations.page(db, after=after, noise=True):
        found += [
            _summary(db, row) | {"tokens": money_export.told(tokens.get(row.id))} for row in page
        ]
        after = conversations.key_of(page[-1], conversations.Sort.RECENT)
    return found


def _summary(db: Connection, row: ConversationRow) -> Json:
    sessions = conversations.sessions(db, row.id)
    return {
        "id": row.key,
        "title": row.title,
        "project": row.project,
        "started_at": moment(row.started_at),
        "ended_at": moment(row.ended_at),
        "messages": row.messages,
        "prompts": row.prompts,
        "tool_calls": row.tool_calls,
        "errors": row.errors,
        "sessions": [session.key for session in sessions],
        "format": row.format or (sessions[0].format if sessions else ""),
        "version": next((one.version for one in sessions if one.version), ""),
        "ending": row.ending or None,
        "cost_usd": dollars(row.cost),
        "unpriced": row.unpriced,
        "bucket": row.bucket or None,
    }


def conversation(db: Connection, row: ConversationRow) -> Json:
    """Return all of one conversation: its messages in order, its threads and problems.

    One entry for each record; records of one API reply share ``reply``, and the reply's
    usage is on the last of them only, so that a sum over all entries counts it once.
    """
    asked = {"id": row.id}
    texts: dict[int, list[str]] = {}
    for message, kind, said in db.execute(_BLOCKS, asked):
        if kind in _TEXT:
            texts.setdefault(message, []).append(said)
    calls: dict[int, list[Json]] = {}
    for message, key, tool, given, outcome, result, duration, agent in db.execute(_CALLS, asked):
        calls.setdefault(message, []).append(
            {
                "id": key,
                "tool": tool,
                "input": load(given),
                "outcome": outcome,
                "result": result,
                "duration_ms": duration,
                "agent": agent or None,
            }
        )
    rows = db.execute(_REPLIES, asked).fetchall()
    keys = {id_: key for id_, key, *_ in rows}
    # A copy may hold the fuller record of a reply whose messages are counted elsewhere.
    replies = {key: rest for _, key, counted, *rest in rows if counted}
    messages = db.execute(_MESSAGES, asked).fetchall()
    last = {keys[message[8]]: message[0] for message in messages if message[8] is not None}
    out: list[Json] = []
    thread = 0
    for id_, uuid, parent, role, kind, at, agent, branch, piece, session, author in messages:
        reply = keys.get(piece)
        ends = replies.get(reply) if last.get(reply) == id_ else None
        if kind in {"prompt", "queued"} and not agent:
            thread += 1
        out.append(
            {
                "id": uuid,
                "uuid": uuid,
                "parent": parent,
                "role": role,
                "kind": kind,
                "prompt_kind": author or None,
                "at": moment(at),
                "text": "\n".join(texts.get(id_, ())),
                "branch": branch,
                "agent": agent or None,
                "thread": thread,
                "session": session,
                "reply": replies[reply][0] if reply in replies else None,
                "model": (replies[reply][1] or None) if reply in replies else None,
                "tool_calls": calls.get(id_, []),
                "usage": _usage(ends) if ends else None,
            }
        )
    return {
        "conversation": _summary(db, row),
        **money_export.conversation(db, row.id),
        "messages": out,
        "threads": [_node(node) for node in structure.tree(db, row.id)],
        "problems": [
            {
                "file": problem.source,
                "line": problem.line,
                "offset": problem.offset,
                "severity": problem.severity,
                "reason": problem.reason,
                "excerpt": problem.excerpt,
            }
            for problem in problems.of_conversation(db, row.id)
        ],
    }


def lines(out: Json) -> list[str]:
    """Return what `conversation` gave as lines for a person at a terminal."""
    found: list[str] = []
    for item in items(out["messages"]):
        message = mapping(item)
        said = text(message, "text")[:_LINE]
        found.append(f"{text(message, 'at') or '?':24}  {text(message, 'kind'):10}  {said}")
    return found


def _usage(row: list[object]) -> Json:
    keys = ("input", "output", "cache_read", "cache_creation")
    *_, final, cost = row
    return dict(zip(keys, row[2:6], strict=True)) | {
        "final": bool(final),
        "confidence": Confidence.FINAL if final else Confidence.PARTIAL,
        "cost_usd": dollars(cost) if isinstance(cost, int) else None,
    }


def _node(node: structure.Node) -> Json:
    return {
        "kind": node.kind,
        "title": node.title,
        "at": moment(node.at),
        "agent": node.agent or None,
        "branch": node.branch,
        "active": node.active,
        "calls": node.calls,
        "errors": node.errors,
        "detail": load(node.detail) if node.detail else None,
        "cost_usd": dollars(node.cost) if node.kind in _PRICED else None,
        "total_cost_usd": dollars(node.total) if node.kind is NodeKind.AGENT else None,
        "children": [_node(child) for child in node.children],
    }
