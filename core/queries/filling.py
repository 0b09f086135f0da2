"""How full the context of the largest conversations is, reply by reply."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from sqlite3 import Connection
from typing import Final

from core.queries.rollups import MODELS, WHERE, Lane, Scope, asked

LINES: Final = 8  # conversations
_POINTS: Final = 120  # stretches of a line; the first and the fullest call of each are kept
_MOST: Final = 50_000  # records of a session that are looked at

LARGEST = f"""
SELECT conversation_id FROM rollup_reply JOIN session ON session.id = session_id
WHERE {WHERE} {MODELS}
GROUP BY conversation_id
ORDER BY sum(rollup_reply.input + cache_read + cache_creation) DESC, conversation_id
LIMIT :most
"""  # noqa: S608  constants only
SESSIONS = """
SELECT conversation.key, conversation.title, project, session.id
FROM conversation JOIN session ON session.conversation_id = conversation.id
WHERE conversation.id = :id AND session.agent = ''
ORDER BY coalesce(session.started_at, 0), session.id
"""
REPLIES = """
SELECT message.id, message.kind, message.reply_id, message.at,
       reply.input + reply.cache_read + reply.cache_creation
FROM message INDEXED BY message_by_session LEFT JOIN reply ON reply.id = message.reply_id
WHERE message.session_id = :session AND message.counted = 1 AND message.agent = ''
    AND message.kind IN ('reply', 'compaction')
ORDER BY message.id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Fill:
    """One call of the API: how many tokens it was sent, cached or not."""

    number: int  # of the call in its conversation, from 1
    tokens: int
    message: int  # row id
    at: int | None  # ms
    compacted: bool = False  # the context was compacted just before


@dataclass(frozen=True, slots=True)
class Line:
    """The calls of one conversation, thinned out."""

    key: str
    title: str
    project: str
    calls: int  # before thinning
    fullest: int  # tokens
    points: tuple[Fill, ...] = field(default=())


def lines(db: Connection, scope: Scope) -> tuple[Line, ...]:
    """Return the main lines of the conversations of *scope* that were sent most tokens.

    Reads the replies of at most `LINES` conversations, whole: also those outside of the days.
    """
    lane = {**asked(scope), "lane": None if scope.lane is Lane.ALL else 0, "most": LINES}
    found = [_line(db, id_) for (id_,) in db.execute(LARGEST, lane).fetchall()]
    return tuple(one for one in found if one is not None)


def _line(db: Connection, conversation: int) -> Line | None:
    sessions = db.execute(SESSIONS, {"id": conversation}).fetchall()
    points: list[Fill] = []
    for *_, session in sessions:
        rows = db.execute(REPLIES, {"session": session, "most": _MOST})
        points += _fills(rows, len(points))
    if not points:
        return None
    key, title, project, _ = sessions[0]
    fullest = max(point.tokens for point in points)
    return Line(key, title, project, len(points), fullest, tuple(_thinned(points)))


def _fills(
    rows: Iterable[tuple[int, str, int | None, int | None, int | None]], before: int
) -> Iterator[Fill]:
    seen: set[int] = set()
    compacted = False
    number = before
    for message, kind, reply, at, tokens in rows:
        if kind == "compaction":
            compacted = True
        elif reply is not None and tokens and reply not in seen:
            seen.add(reply)
            number += 1
            yield Fill(number, tokens, message, at, compacted)
            compacted = False


def _thinned(points: list[Fill]) -> Iterator[Fill]:
    """Yield the first and the fullest of every stretch, and all that follow a compaction."""
    every = max(1, ceil(len(points) / _POINTS))
    for start in range(0, len(points), every):
        stretch = points[start : start + every]
        fullest = max(stretch, key=lambda point: point.tokens)
        yield from (
            point
            for place, point in enumerate(stretch)
            if not place or point is fullest or point.compacted or start + place == len(points) - 1
        )
