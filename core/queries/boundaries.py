"""Where a session begins inside a conversation: how it belongs, and what it inherits.

A resumed or forked session's file repeats the messages before it. They are counted where they
were said first; here they are one row, which the view can unfold.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Connection

from core.measures.titles import Names, title
from core.queries.order import IN_ORDER


class Belongs(StrEnum):
    """Why a session is in a conversation that another one began."""

    BACKGROUND = "background"  # the session before handed over to it
    FORKED = "forked"
    CONTINUED = "continued"  # after a compaction, or for another reason in a file of its own
    RESUMED = "resumed"  # begins with a copy of what was said before
    JOINED = "joined"  # the log does not say why


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a lane, as the spine needs it."""

    id: int
    shared: bool  # some of its records are in other files too
    own: bool  # it is all about the lane: not a main file with the lane inside
    ghost: bool  # told of by another file than its transcript


@dataclass(frozen=True, slots=True)
class Other:
    """A session that is named in the row of another."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Boundary:
    """What the row says that stands where a session begins."""

    session: int
    key: str
    title: str
    at: int | None
    agent: str
    first: bool  # the conversation begins with it: nothing to say but what it inherits
    belongs: Belongs
    source: Other | None  # the session that it was forked or resumed from, or goes on from
    inherited: int  # messages; the same records count as messages everywhere else
    owners: tuple[Other, ...]  # the sessions that count the inherited messages
    message: int  # its first, 0 if it has none


LANE = f"""
SELECT id, shared, agent = :agent, ghost FROM session
WHERE conversation_id = :conversation AND agent IN ('', :agent) ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
_COUNT = """
SELECT count(*) FROM message WHERE session_id = :session AND agent = :agent AND counted = 0
    AND record IN ('user', 'assistant')
"""
_BEGUN = """
SELECT 1 FROM block INDEXED BY block_shown
WHERE session_id = :session AND agent = :agent AND shown = 1 AND id <= :after LIMIT 1
"""
INHERITED = """
SELECT block.id, block.message_id, block.kind, block.said, block.size, block.lines
FROM message JOIN block ON block.message_id = message.id
WHERE message.session_id = :session AND message.agent = :agent AND message.counted = 0
    AND block.agent = :agent AND (block.size > 0 OR block.kind IN ('call', 'result', 'image'))
    AND NOT EXISTS (SELECT 1 FROM call WHERE call.result_id = block.id)
ORDER BY block.id
"""
_SESSIONS = """
SELECT me.id, me.key, me.started_at, me.agent, me.conversation_id,
       me.custom_title, me.agent_name, me.ai_title, me.renamed, me.summary_title,
       me.first_prompt, me.agent_title,
       (SELECT min(id) FROM message WHERE session_id = me.id AND agent = me.agent)
FROM session AS me WHERE me.id IN (SELECT value FROM json_each(:ids))
"""
_FIRST = f"""
SELECT id FROM session WHERE conversation_id = :conversation AND agent = '' AND ghost = 0
ORDER BY {IN_ORDER} LIMIT 1
"""  # noqa: S608  a constant
_LINKS = """
SELECT kind, target FROM link WHERE session_id = :id
UNION ALL SELECT 'handed', other.key FROM link JOIN session AS other ON other.id = link.session_id
WHERE link.target = :key AND link.kind = 'continued'
ORDER BY target DESC
"""
# The sessions that count the first and the last inherited message: those between them are, but
# for a chain of more than two copies, the same.
_OWNERS = """
SELECT DISTINCT other.session_id FROM (
    SELECT min(id) AS id FROM message WHERE session_id = :session AND agent = :agent AND counted = 0
    UNION SELECT max(id) FROM message WHERE session_id = :session AND agent = :agent AND counted = 0
) AS edge JOIN message AS mine ON mine.id = edge.id
JOIN message AS other ON other.uid = mine.uid AND other.counted = 1
"""
_NAMED = """
SELECT key, custom_title, agent_name, ai_title, renamed, summary_title, first_prompt, agent_title
FROM session WHERE id = :id OR (key = :key AND agent = '') LIMIT 1
"""
_BY_LINK = (
    ("handed", Belongs.BACKGROUND),
    ("fork", Belongs.FORKED),
    ("continues", Belongs.CONTINUED),
    ("copy", Belongs.RESUMED),
)


def lane(db: Connection, conversation: int, agent: str) -> list[Session]:
    """Return the sessions that *conversation*'s lane *agent* is in, in order."""
    asked = {"conversation": conversation, "agent": agent}
    return [
        Session(id_, bool(shared), bool(own), bool(ghost))
        for id_, shared, own, ghost in db.execute(LANE, asked)
    ]


def inherited(db: Connection, session: int, agent: str) -> int:
    """Return how many messages of *session*'s lane *agent* are counted in other sessions."""
    found = db.execute(_COUNT, {"session": session, "agent": agent}).fetchone()
    return int(found[0])


def begun(db: Connection, session: int, agent: str, after: int) -> bool:
    """Return whether *session* has rows up to block *after*."""
    asked = {"session": session, "agent": agent, "after": after}
    return db.execute(_BEGUN, asked).fetchone() is not None


def boundaries(db: Connection, sessions: Sequence[int]) -> Iterator[Boundary]:
    """Yield what there is to say where each of *sessions* begins; unknown ids are left out."""
    asked = {"ids": json.dumps(list(sessions))}
    for id_, key, at, agent, conversation, *names, message in db.execute(_SESSIONS, asked):
        own = title([Names(*names)])
        first = db.execute(_FIRST, {"conversation": conversation}).fetchone()
        belongs, source = _belongs(db, id_, key)
        count = inherited(db, id_, agent)
        if count and belongs is Belongs.JOINED:
            belongs = Belongs.RESUMED  # older versions copied what was said without a word
        yield Boundary(
            id_, key, own, at, agent, bool(agent) or first is None or first[0] == id_, belongs,
            source, count, _owners(db, id_, agent) if count else (), message or 0,
        )  # fmt: skip


def _belongs(db: Connection, id_: int, key: str) -> tuple[Belongs, Other | None]:
    said = dict(db.execute(_LINKS, {"id": id_, "key": key}).fetchall())
    for kind, belongs in _BY_LINK:
        if kind in said:
            return belongs, _other(db, key=said[kind])
    return Belongs.JOINED, None


def _owners(db: Connection, session: int, agent: str) -> tuple[Other, ...]:
    found = db.execute(_OWNERS, {"session": session, "agent": agent}).fetchall()
    named = [_other(db, id_=owner) for (owner,) in found]
    return tuple(sorted({each for each in named if each is not None}, key=_key))


def _other(db: Connection, *, id_: int = 0, key: str = "") -> Other | None:
    row = db.execute(_NAMED, {"id": id_, "key": key}).fetchone()
    return Other(row[0], title([Names(*row[1:])])) if row else None


def _key(session: Other) -> str:
    return session.key
