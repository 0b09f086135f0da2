"""Where a message or a block is shown: in which conversation, lane and row."""

from dataclasses import dataclass
from sqlite3 import Connection

_LOCATE = """
SELECT conversation.key, conversation.id, message.agent,
       coalesce((SELECT min(id) FROM block WHERE message_id = message.id AND shown = 1),
                (SELECT call.id FROM block JOIN call ON call.result_id = block.id
                 WHERE block.message_id = message.id), 0)
FROM message JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
WHERE message.id = :message
"""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a message is shown."""

    conversation: str
    conversation_id: int
    agent: str  # lane
    block: int  # first shown row


def locate(db: Connection, message: int) -> Location | None:
    """Return where message *message* (its row id) is shown; a result is in its call's row."""
    row = db.execute(_LOCATE, {"message": message}).fetchone()
    return Location(*row) if row else None


def locate_block(db: Connection, block: int) -> Location | None:
    """Return where *block* is shown."""
    row = db.execute("SELECT message_id, shown FROM block WHERE id = ?", (block,)).fetchone()
    if row is None:
        return None
    place = locate(db, row[0])
    if place is None or not row[1]:
        return place
    return Location(place.conversation, place.conversation_id, place.agent, block)
