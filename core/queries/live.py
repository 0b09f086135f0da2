"""What the agent of a conversation is doing now, as far as its log tells."""

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Doing:
    """A tool call that no result has followed yet."""

    tool: str
    at: int | None  # when it was called, ms since the epoch; None: the log does not tell


_LOOKED_AT = 12  # messages at the end, as many as core.store.endings looks at
_DOING = """
SELECT call.tool, call.at FROM (
    SELECT id FROM message WHERE agent = '' AND session_id = (
        SELECT id FROM session WHERE conversation_id = :id AND agent = '' AND messages > 0
        ORDER BY coalesce(ended_at, 0) DESC, key LIMIT 1)
    ORDER BY id DESC LIMIT :most) AS late
JOIN call ON call.message_id = late.id
WHERE call.result_id IS NULL ORDER BY call.id LIMIT 1
"""


def doing(db: Connection, conversation: int) -> Doing | None:
    """Return the earliest open call among the last messages of *conversation*'s main line.

    Costs a look at its last dozen messages, and at its sessions.
    """
    row = db.execute(_DOING, {"id": conversation, "most": _LOOKED_AT}).fetchone()
    return Doing(*row) if row else None
