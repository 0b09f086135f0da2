"""Keeps how each session ended up to date, from its last few messages."""

from sqlite3 import Connection

from core.measures.endings import Ending, ending
from core.model import Kind

_LOOKED_AT = 12  # messages at the end: notices and context may follow the last word
# Only of a command it matters what it says: other texts, which may be long, are not unpacked.
_LAST = """
SELECT message.kind, coalesce(CASE WHEN message.kind = 'command' THEN (
    SELECT substr(body.text, 1, 20) FROM block JOIN body ON body.id = block.id
    WHERE block.message_id = message.id LIMIT 1) END, ''), coalesce((
    SELECT group_concat(tool, char(10)) FROM call
    WHERE call.message_id = message.id AND result_id IS NULL), '')
FROM message WHERE session_id = :session AND agent = :agent ORDER BY id DESC LIMIT :most
"""
_SET = "UPDATE session SET ending = ? WHERE id = ? AND ending <> ?"


def settle_ending(db: Connection, session: int, agent: str) -> None:
    """Note how *session* ends now. One statement over its last few messages, whatever its length.

    The pieces of a reply, and its calls that others of it are still waiting for, are looked at
    together: a call without a result leaves the session waiting for it.
    """
    asked = {"session": session, "agent": agent, "most": _LOOKED_AT}
    found: Ending | None = None
    for kind, text, waiting in db.execute(_LAST, asked):
        tools = str(waiting).splitlines()
        told = ending(Kind(kind), text, tools)
        if found is None:
            found = told
        elif told in {Ending.PENDING, Ending.WAITING} and tools and kind == Kind.REPLY:
            found = told  # an earlier call of the same turn is still open
        if found is not None and kind not in {Kind.REPLY, Kind.RESULT}:
            break
    said = found or Ending.NONE
    db.execute(_SET, (said, session, said))
