"""Which prompt a message belongs to."""

from dataclasses import dataclass
from sqlite3 import Connection

TURN = """
SELECT
    (SELECT mark.id FROM message AS mark
     WHERE mark.session_id = message.session_id AND mark.id <= message.id AND mark.agent = ''
         AND mark.counted = 1
         AND mark.kind IN ('prompt', 'queued', 'command', 'shell', 'compaction')
     ORDER BY mark.id DESC LIMIT 1),
    CASE WHEN message.agent <> '' THEN message.agent ELSE session.agent END
FROM message JOIN session ON session.id = message.session_id WHERE message.id = :message
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a message stands in the thread tree."""

    mark: int  # row id of the prompt or compaction it follows; 0: there is none
    agent: str  # lane it is in; "" on the main line


def turn_of(db: Connection, message: int) -> Turn:
    """Return the turn that holds *message*, in the order of its file."""
    row = db.execute(TURN, {"message": message}).fetchone()
    return Turn(row[0] or 0, row[1]) if row else Turn(0, "")


def uuid_of(db: Connection, message: int) -> str:
    """Return the uuid of *message*, a row id; "" if it is no longer there."""
    row = db.execute("SELECT uuid FROM message WHERE id = ?", (message,)).fetchone()
    return row[0] if row else ""
