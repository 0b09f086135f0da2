"""Places worth a picture: an edit, and an agent at work."""

from dataclasses import dataclass
from sqlite3 import Connection

# Neither has an index of its own: nobody waits for a tour. The first part that finds one ends it.
_EDIT = """
SELECT * FROM (
    SELECT conversation_id, call.id
    FROM session CROSS JOIN call INDEXED BY call_by_hash ON call.session_id = session.id
    WHERE conversation_id = :wanted AND session.agent = ''
        AND tool IN ('Edit', 'MultiEdit', 'Write') AND outcome = 'ok'
    ORDER BY tool = 'Write', call.id LIMIT 1)
UNION ALL SELECT * FROM (
    SELECT conversation_id, call.id
    FROM call NOT INDEXED CROSS JOIN session ON session.id = session_id
    WHERE tool IN ('Edit', 'MultiEdit') AND outcome = 'ok' AND session.agent = ''
    ORDER BY call.id LIMIT 1)
UNION ALL SELECT * FROM (
    SELECT conversation_id, call.id
    FROM call NOT INDEXED CROSS JOIN session ON session.id = session_id
    WHERE tool = 'Write' AND outcome = 'ok' AND session.agent = ''
    ORDER BY call.id LIMIT 1)
LIMIT 1
"""
_AGENT = """
SELECT conversation_id, agent FROM session
WHERE agent <> '' AND tool_calls > 0
  AND EXISTS (SELECT 1 FROM call WHERE call.agent = session.agent AND call.agent <> '')
ORDER BY tool_calls DESC
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """A call that changed a file."""

    conversation: int
    block: int


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent that called tools."""

    conversation: int
    agent: str


def edit(db: Connection, wanted: int) -> Edit | None:
    """Return an edit that went well, of the conversation *wanted* if there is one."""
    found = db.execute(_EDIT, {"wanted": wanted}).fetchone()
    return Edit(*found) if found else None


def agent(db: Connection) -> Agent | None:
    """Return the agent that called most tools."""
    found = db.execute(_AGENT).fetchone()
    return Agent(*found) if found else None
