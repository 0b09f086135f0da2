"""Full-text search over prompts, replies, thinking, tool inputs and tool outputs."""

import json
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from core.queries.snippet import CLOSE, LOOKED_AT, OPEN, snippet
from core.queries.words import understood

__all__ = ["CLOSE", "OPEN", "Found", "Hit", "find"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that matches."""

    block: int
    message: int  # row id
    uuid: str
    conversation: str
    conversation_id: int
    title: str
    project: str
    field: str  # see core.queries.words.FIELDS
    snippet: str  # matches between OPEN and CLOSE
    at: int | None
    abandoned: bool  # on a branch that was left behind
    tool: str  # of calls and results, else ""


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...] = ()
    words: tuple[str, ...] = ()  # what to mark in the text


_TOOL = """
AND EXISTS (SELECT 1 FROM call WHERE (call.id = block.id OR call.result_id = block.id)
    AND (:tool = '' OR call.tool = :tool COLLATE NOCASE)
    AND (:failed = 0 OR call.outcome = 'error'))
"""
_FROM = """
FROM search JOIN block ON block.id = search.rowid
JOIN message ON message.id = block.message_id
"""
_SCOPE = """
JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
    AND conversation.project = :project
"""
_WHERE = "WHERE search MATCH :match AND message.counted = 1 "


# Eight statements, made of the constants above only; nothing typed is ever put in.
def _sql(head: str, tail: str, *, scoped: bool, tool: bool) -> str:
    return head + _FROM + (_SCOPE if scoped else "") + _WHERE + (_TOOL if tool else "") + tail


_SHAPES = [(scoped, tool) for scoped in (False, True) for tool in (False, True)]
COUNT = {s: _sql("SELECT count(*) ", "", scoped=s[0], tool=s[1]) for s in _SHAPES}
BEST = {
    s: _sql("SELECT search.rowid ", "ORDER BY search.rank LIMIT :limit", scoped=s[0], tool=s[1])
    for s in _SHAPES
}
HITS = """
SELECT block.id, block.message_id, message.uuid, conversation.key, conversation.id,
       conversation.title, conversation.project, block.kind, message.at,
       coalesce(branch.active = 0, 0),
       coalesce((SELECT tool FROM call WHERE id = block.id),
                (SELECT tool FROM call WHERE result_id = block.id), ''),
       substr(body.text, 1, :looked_at)
FROM json_each(:blocks) AS wanted
JOIN block ON block.id = wanted.value
JOIN body ON body.id = block.id
JOIN message ON message.id = block.message_id
JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
LEFT JOIN branch ON branch.session_id = message.session_id AND branch.number = message.branch
"""
_FIELD = {"call": "input", "result": "output", "other": "note"}


def find(db: Connection, typed: str, *, limit: int = 50, project: str | None = None) -> Found:
    """Return the best *limit* hits for *typed*, any string at all, and their total.

    Copies of a message in forked or resumed sessions are found once. Order: BM25.
    """
    words = understood(typed)
    if not words.match:
        return Found(0)
    shape = (project is not None, bool(words.tool) or words.failed)
    asked = {
        "match": words.match,
        "limit": limit,
        "project": project,
        "tool": words.tool,
        "failed": words.failed,
    }
    total = db.execute(COUNT[shape], asked).fetchone()[0]
    best = [block for (block,) in db.execute(BEST[shape], asked)]
    asked = {"blocks": json.dumps(best), "looked_at": LOOKED_AT}
    hits = {row[0]: _hit(row, words.plain) for row in db.execute(HITS, asked)}
    return Found(total, tuple(hits[block] for block in best), words.plain)


def _hit(row: tuple[Any, ...], words: tuple[str, ...]) -> Hit:
    block, message, uuid, key, id_, title, project, kind, at, abandoned, tool, text = row
    field = _FIELD.get(str(kind), str(kind))
    piece = snippet(text, words)
    return Hit(
        block, message, uuid, key, id_, title, project, field, piece, at, bool(abandoned), tool
    )
