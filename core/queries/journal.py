"""What commits brought, in their order: for whoever follows the library from an event on."""

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: what one commit changed in one session."""

    event_id: int
    session_id: int
    first: int  # smallest id of its messages; 0: it brought none
    last: int
    session: str  # key; "" when the session is gone
    conversation_id: int  # where that session is now; 0 when it is gone


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message, without what it says."""

    id: int
    uuid: str
    kind: str
    role: str
    at: int | None
    agent: str
    branch: int
    copy: bool  # the message is counted in another session
    blocks: tuple[int, ...]  # ids, in order


AFTER = """
SELECT event_id, session_id, first_message, last_message,
       coalesce(session.key, ''), coalesce(session.conversation_id, 0)
FROM journal LEFT JOIN session ON session.id = journal.session_id
WHERE event_id > :after AND event_id <= :until ORDER BY event_id LIMIT :limit
"""
_MESSAGES = """
SELECT id, uuid, kind, role, at, agent, branch, counted = 0 FROM message
WHERE id BETWEEN :first AND :last AND session_id = :session ORDER BY id
"""
_BLOCKS = """
SELECT message_id, id FROM block WHERE message_id BETWEEN :first AND :last ORDER BY message_id, id
"""
_ANSWERED = """
SELECT DISTINCT call.message_id FROM block CROSS JOIN call ON call.result_id = block.id
WHERE block.message_id BETWEEN :first AND :last AND block.kind = 'result'
AND call.message_id < :first ORDER BY call.message_id
"""
_OLDEST = "SELECT coalesce(min(event_id), 0) FROM journal"
_PROJECT = "SELECT 1 FROM conversation WHERE project = ? LIMIT 1"


def after(db: Connection, event: int, until: int, limit: int = 100) -> list[Entry]:
    """Return the first *limit* events above *event* and not above *until*, in order."""
    asked = {"after": event, "until": until, "limit": limit}
    return [Entry(*row) for row in db.execute(AFTER, asked)]


def oldest(db: Connection) -> int:
    """Return the first event that is still known; 0 if there is none."""
    return int(db.execute(_OLDEST).fetchone()[0])


def messages(db: Connection, session: int, first: int, last: int) -> list[MessageRow]:
    """Return the messages of *session* with ids from *first* to *last* that still exist."""
    asked = {"session": session, "first": first, "last": last}
    blocks: dict[int, list[int]] = {}
    for message, block in db.execute(_BLOCKS, asked):
        blocks.setdefault(message, []).append(block)
    return [
        MessageRow(id_, uuid, kind, role, at, agent, branch, bool(copy), tuple(blocks.get(id_, ())))
        for id_, uuid, kind, role, at, agent, branch, copy in db.execute(_MESSAGES, asked)
    ]


def answered(db: Connection, entry: Entry) -> list[int]:
    """Return the ids of earlier messages whose tool calls got their result in *entry*."""
    if not entry.first:
        return []
    found = db.execute(_ANSWERED, {"first": entry.first, "last": entry.last})
    return [id_ for (id_,) in found]


def has_project(db: Connection, project: str) -> bool:
    """Tell whether any conversation was held in the folder *project*."""
    return db.execute(_PROJECT, (project,)).fetchone() is not None
