"""Questions about one whole conversation that find and jump ask; each looks at a bounded range."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from core.queries.order import IN_ORDER

_SESSIONS: Final = f"""
SELECT id FROM session WHERE conversation_id = :conversation ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
_SLICE: Final = """
SELECT block.id, block.shown, body.text LIKE :like ESCAPE '\\',
       (SELECT call.id FROM call WHERE call.result_id = block.id), wanted.id
FROM (SELECT id FROM message WHERE session_id = :session AND id > :after AND counted = 1
      ORDER BY id LIMIT :limit) AS wanted
LEFT JOIN block ON block.message_id = wanted.id
LEFT JOIN body ON body.id = block.id
ORDER BY wanted.id, block.id
"""
_FAILED: Final = """
SELECT call.id FROM call JOIN block ON block.id = call.id
WHERE call.session_id = :session AND block.agent = '' AND call.outcome = 'error'
    AND call.counted = 1
UNION ALL
SELECT id FROM block INDEXED BY block_shown
WHERE session_id = :session AND agent = '' AND shown = 1 AND said = 'failure'
"""
_CALL_OF: Final = """
SELECT call.id, block.agent FROM call JOIN block ON block.id = call.id
JOIN session ON session.id = call.session_id
WHERE call.agent = :agent AND session.conversation_id = :conversation
ORDER BY block.shown DESC, call.id LIMIT 1
"""
_BRANCH: Final = """
SELECT git_branch FROM session WHERE conversation_id = :conversation AND git_branch <> ''
ORDER BY agent <> '', coalesce(started_at, 0) DESC LIMIT 1
"""
SLICE: Final = 700  # messages looked at between two turns of the event loop
MOST_HITS: Final = 2_000


def matches(db: sqlite3.Connection, conversation: int, text: str) -> Iterator[list[int]]:
    """Yield blocks of *conversation* whose text holds *text*, a slice at a time.

    A tool's result counts for the row of its call. Upper and lower case are one, for ASCII.
    Agents' rows come after the conversation's own.
    """
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    asked: dict[str, object] = {"like": f"%{escaped}%", "limit": SLICE}
    for (session,) in db.execute(_SESSIONS, {"conversation": conversation}).fetchall():
        after = 0
        while found := db.execute(_SLICE, asked | {"session": session, "after": after}).fetchall():
            hits = [
                call or block for block, shown, hit, call, _ in found if hit and (shown or call)
            ]
            yield list(dict.fromkeys(hits))
            after = found[-1][-1]


def failures(db: sqlite3.Connection, conversation: int) -> set[int]:
    """Return the blocks of failed calls and API errors of *conversation*'s own lane."""
    found: set[int] = set()
    for (session,) in db.execute(_SESSIONS, {"conversation": conversation}).fetchall():
        found.update(row[0] for row in db.execute(_FAILED, {"session": session}))
    return found


def call_of_agent(db: sqlite3.Connection, conversation: int, agent: str) -> tuple[int, str] | None:
    """Return the call that started *agent*, and the lane that call is in."""
    row = db.execute(_CALL_OF, {"agent": agent, "conversation": conversation}).fetchone()
    return (row[0], row[1]) if row else None


def git_branch(db: sqlite3.Connection, conversation: int) -> str:
    """Return the branch that was checked out; empty if the log does not tell."""
    row = db.execute(_BRANCH, {"conversation": conversation}).fetchone()
    return str(row[0]) if row else ""
