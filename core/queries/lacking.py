"""Sessions of which is not known where in the file system each of their messages was written.

An earlier version kept the folder and branch of a session only, not where they changed.
"""

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Lacking:
    """Such a session, and the file that may tell."""

    id: int
    conversation: int
    path: bytes  # as the operating system has it


_LACKS = """
(session.cwd <> '' OR session.git_branch <> '') AND coalesce(
    (SELECT min(message_id) FROM place WHERE place.session_id = session.id) >
        (SELECT min(message.id) FROM message WHERE message.session_id = session.id),
    EXISTS (SELECT 1 FROM message WHERE message.session_id = session.id)
        AND NOT EXISTS (SELECT 1 FROM place WHERE place.session_id = session.id))
"""
_NEXT = f"""
SELECT session.id, session.conversation_id, source.path
FROM session NOT INDEXED CROSS JOIN source ON source.id = session.source_id
WHERE session.id > :after AND {_LACKS} ORDER BY session.id LIMIT 1
"""  # noqa: S608  a constant
_OF = f"""
SELECT session.key FROM session WHERE session.conversation_id = :id AND {_LACKS}
ORDER BY session.id
"""  # noqa: S608  a constant
_PLACED = """
SELECT offset, length, id FROM message WHERE session_id = :session AND offset >= 0
"""


def following(db: Connection, after: int) -> Lacking | None:
    """Return the first such session whose row id is above *after*; None if there is none."""
    row = db.execute(_NEXT, {"after": after}).fetchone()
    return Lacking(*row) if row else None


def last(db: Connection) -> int:
    """Return the highest row id of a session; 0 if there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM session").fetchone()[0])


def of(db: Connection, conversation: int) -> tuple[str, ...]:
    """Return the keys of such sessions of *conversation*."""
    return tuple(key for (key,) in db.execute(_OF, {"id": conversation}))


def messages(db: Connection, session: int) -> dict[tuple[int, int], int]:
    """Return the messages of *session*, by offset and length of the records they are from."""
    rows = db.execute(_PLACED, {"session": session})
    return {(offset, length): id_ for offset, length, id_ in rows}
