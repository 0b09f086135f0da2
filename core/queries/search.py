"""Full-text search over prompts, replies, thinking, tool inputs and tool outputs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection
from typing import Any

from core.queries.listing import MOST, listed
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

    total: int  # at least, if *at_least*
    hits: tuple[Hit, ...] = ()
    words: tuple[str, ...] = ()  # what to mark in the text
    at_least: bool = False  # there may be more than *total*


_CANDIDATES = 4  # looked at for each hit, so that newer ones can pass older ones
_MONTH = 30 * 86_400_000  # ms
_FIRST = "\u0e00"  # Thai is the first script without spaces
_LAST = (1 << 63) - 1  # the largest id of a row
_MOST_WORDS = 300  # of the index that hold a piece of one; more say the same

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
    AND (:project IS NULL OR conversation.project = :project)
    AND (:within = '' OR instr(lower(conversation.project), :within))
"""
_WHERE = "WHERE search MATCH :match AND message.counted = 1 "


# Eight statements, made of the constants above only; nothing typed is ever put in.
def _sql(head: str, tail: str, *, scoped: bool, tool: bool) -> str:
    return head + _FROM + (_SCOPE if scoped else "") + _WHERE + (_TOOL if tool else "") + tail


_SHAPES = [(scoped, tool) for scoped in (False, True) for tool in (False, True)]
COUNT = {
    s: _sql("SELECT count(*) FROM (SELECT 1 ", "LIMIT :most)", scoped=s[0], tool=s[1])
    for s in _SHAPES
}
BEST = {
    s: _sql(
        "SELECT search.rowid, search.rank, message.at ",
        "ORDER BY search.rank LIMIT :limit",
        scoped=s[0],
        tool=s[1],
    )
    for s in _SHAPES
}
# FTS5's own order by rank would rank every row before it looked at the range.
BETWEEN = """
SELECT found.rowid, found.rank, message.at
FROM (SELECT rowid, rank FROM search
      WHERE search MATCH :match AND rowid BETWEEN :first AND :last
      ORDER BY +rank LIMIT :limit) AS found
JOIN block ON block.id = found.rowid JOIN message ON message.id = block.message_id
WHERE message.counted = 1
"""
# Where the oldest and the newest rows of a word end that is nearly everywhere.
EARLY = """
SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid LIMIT 1 OFFSET :half
"""
LATE = """
SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid DESC LIMIT 1 OFFSET :half
"""
# Words of the index from the first one on that is not ASCII: those of most scripts come behind.
WITHIN = """
SELECT term FROM search_term WHERE term >= :first AND instr(term, :piece) > 0 LIMIT :limit
"""
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

    Copies of a message in forked or resumed sessions are found once. Order: by BM25 and
    recency; the newest first where only `core.queries.words` such as ``is:error`` narrow it.
    """
    words = understood(typed, partial(_within, db))
    if not words.match:
        new = listed(db, words, limit, project)
        hits = _hits(db, new.blocks, words.plain)
        return Found(new.total, hits, words.plain, at_least=new.total >= MOST)
    shape = (project is not None or bool(words.project), bool(words.tool) or words.failed)
    asked = {
        "match": words.match,
        "limit": limit * _CANDIDATES,
        "project": project,
        "within": words.project,
        "tool": words.tool,
        "failed": words.failed,
        "most": MOST,
    }
    total = db.execute(COUNT[shape], asked).fetchone()[0]
    ends = _ends(db, words.match) if total >= MOST and shape == (False, False) else ()
    found: list[tuple[int, float, int | None]] = []
    for first, last in ends:
        found += db.execute(BETWEEN, asked | {"first": first, "last": last})
    if not ends:
        found = db.execute(BEST[shape], asked).fetchall()
    best = _recent(found)[:limit]
    return Found(total, _hits(db, best, words.plain), words.plain, at_least=total >= MOST)


def _ends(db: Connection, match: str) -> Sequence[tuple[int, int]]:
    """Return the ranges of rows that are ranked of a search that more than `MOST` match.

    Ranking takes a microsecond a row, and such words tell little. An import begins with the
    newest files, and what grows comes last: the newest rows are at both ends.
    """
    asked = {"match": match, "half": MOST // 2}
    early, late = (db.execute(sql, asked).fetchone() for sql in (EARLY, LATE))
    if early is None or late is None or early[0] >= late[0]:
        return ()  # the two would meet
    return ((0, early[0]), (late[0], _LAST))


def _recent(found: Sequence[tuple[int, float, int | None]]) -> list[int]:
    """Return blocks by rank, where the newest of them counts for half as much again.

    What that adds halves with each thirty days before the newest one.
    """
    newest = max((at for _, _, at in found if at is not None), default=0)

    def score(one: tuple[int, float, int | None]) -> float:
        _, rank, at = one  # a rank is negative, and less is better
        return rank if at is None else rank * (1 + 0.5 * 2 ** (-(newest - at) / _MONTH))

    return [one[0] for one in sorted(found, key=score)]


def _within(db: Connection, piece: str) -> list[str]:
    asked = {"first": _FIRST, "piece": piece.lower(), "limit": _MOST_WORDS}
    return [term for (term,) in db.execute(WITHIN, asked)]


def _hits(db: Connection, blocks: Sequence[int], words: tuple[str, ...]) -> tuple[Hit, ...]:
    asked = {"blocks": json.dumps(blocks), "looked_at": LOOKED_AT}
    hits = {row[0]: _hit(row, words) for row in db.execute(HITS, asked)}
    return tuple(hits[block] for block in blocks)


def _hit(row: tuple[Any, ...], words: tuple[str, ...]) -> Hit:
    block, message, uuid, key, id_, title, project, kind, at, abandoned, tool, text = row
    field = _FIELD.get(str(kind), str(kind))
    piece = snippet(text, words)
    return Hit(
        block, message, uuid, key, id_, title, project, field, piece, at, bool(abandoned), tool
    )
