"""Full-text search over prompts, replies, thinking, tool inputs and tool outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection
from typing import Any

from core.light import light
from core.queries import at_once
from core.queries.beginnings import meant
from core.queries.candidates import Candidates, Filter, candidates, newest
from core.queries.listing import listed
from core.queries.snippet import CLOSE, LOOKED_AT, OPEN, snippet
from core.queries.words import understood
from core.records.fields import dump

__all__ = ["CLOSE", "OPEN", "Found", "Hit", "find"]


@light
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
    """The best hits, and how many there are in all.

    Where no more than `core.queries.candidates.MOST` texts match, all are counted, and ordered by
    BM25 and recency. Of more the newest come first, and *total* is what was counted so far.
    """

    total: int  # at least, if *at_least*
    hits: tuple[Hit, ...] = ()
    words: tuple[str, ...] = ()  # what to mark in the text
    at_least: bool = False  # there may be more than *total*
    cut: bool = False  # only some of the words that begin as it was typed were looked for
    newest: bool = False  # in the order of time: there are too many to rank


_MONTH = 30 * 86_400_000  # ms
_FIRST = "\u0e00"  # Thai is the first script without spaces
_ROUND = 100  # a number that says "at least" is one of these
_MOST_WORDS = 300  # of the index that hold a piece of one; more say the same

RANKED = "SELECT rowid, rank FROM search WHERE search MATCH :match"
# Words of the index from the first one on that is not ASCII: those of most scripts come behind.
WITHIN = """
SELECT term FROM search_term WHERE term >= :first AND instr(term, :piece) > 0
    AND length(CAST(term AS BLOB)) < 32768  -- FTS5 cuts a longer one there, inside of a character
LIMIT :limit
"""
HITS = """
SELECT block.id, block.message_id, message.uuid, conversation.key, conversation.id AS conversation,
       conversation.title, conversation.project, block.kind, message.at,
       coalesce(branch.active = 0, 0) AS abandoned,
       coalesce((SELECT tool FROM call WHERE id = block.id),
                (SELECT tool FROM call WHERE result_id = block.id), '') AS tool,
       body.text
FROM json_each(:blocks) AS wanted
JOIN block ON block.id = wanted.value
JOIN body_kept AS body ON body.id = block.id
JOIN message ON message.id = block.message_id
JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
LEFT JOIN branch ON branch.session_id = message.session_id AND branch.number = message.branch
"""
_HIT = (
    "id", "message_id", "uuid", "key", "conversation", "title", "project", "kind", "at",
    "abandoned", "tool", "text",
)  # fmt: skip
_FIELD = {"call": "input", "result": "output", "other": "note"}


def find(db: Connection, typed: str, *, limit: int = 50, project: str | None = None) -> Found:
    """Return the best *limit* hits for *typed*, any string at all, and their total.

    Copies of a message in forked or resumed sessions are found once. Order: see `Found`; the
    newest first where only `core.queries.words` such as ``is:error`` narrow it.
    """
    words = understood(typed, partial(_within, db))
    if not words.match:
        new = listed(db, words, limit, project)
        hits = _hits(db, new.blocks, words.plain)
        return Found(new.total, hits, words.plain, at_least=new.at_least, newest=True)
    asked = meant(db, words)
    found = candidates(db, asked, Filter(project, words), limit)
    best = _best(db, asked.match, found)[:limit]
    total = found.counted
    if not found.whole and total > _ROUND:
        total -= total % _ROUND
    return Found(
        total,
        _hits(db, best, words.plain),
        words.plain,
        at_least=asked.cut or not found.whole,
        cut=asked.cut,
        newest=not found.few,
    )


def _best(db: Connection, match: str, found: Candidates) -> list[int]:
    """Return the blocks that were *found* in their order.

    To rank a row takes a microsecond, and of words that are nearly everywhere it tells little.
    """
    if not found.few or len(found.rows) < 2:
        return newest(found.rows)
    blocks, found_ranks = at_once.columns(db, RANKED, ("rowid", "rank"), {"match": match})
    ranks: dict[int, float] = dict(zip(blocks, found_ranks, strict=True))
    return _recent([(block, ranks[block], at) for block, at in found.rows])


def _recent(found: Sequence[tuple[int, float, int | None]]) -> list[int]:
    """Return blocks by rank, where the newest of them counts for half as much again.

    What that adds halves with each thirty days before the newest one.
    """
    last = max((at for _, _, at in found if at is not None), default=0)

    def score(one: tuple[int, float, int | None]) -> tuple[float, int]:
        block, rank, at = one  # a rank is negative, and less is better
        share = 0.0 if at is None else 0.5 * 2 ** (-(last - at) / _MONTH)
        return (rank * (1 + share), -block)

    return [one[0] for one in sorted(found, key=score)]


def _within(db: Connection, piece: str) -> list[str]:
    asked = {"first": _FIRST, "piece": piece.lower(), "limit": _MOST_WORDS}
    (terms,) = at_once.columns(db, WITHIN, ("term",), asked)
    return terms


def _hits(db: Connection, blocks: Sequence[int], words: tuple[str, ...]) -> tuple[Hit, ...]:
    found = at_once.rows(db, HITS, _HIT, {"blocks": dump(blocks)}, {"text": LOOKED_AT})
    hits: dict[int, Hit] = {row[0]: _hit(row, words) for row in found}
    return tuple(hits[block] for block in blocks)


def _hit(row: Sequence[Any], words: tuple[str, ...]) -> Hit:
    block, message, uuid, key, id_, title, project, kind, at, abandoned, tool, text = row
    field = _FIELD.get(str(kind), str(kind))
    piece = snippet(text, words)
    return Hit(
        block, message, uuid, key, id_, title, project, field, piece, at, bool(abandoned), tool
    )
