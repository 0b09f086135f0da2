"""Where messages stand and how they begin: what an analysis leaves in the library."""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from core.records.fields import dump

BEGINNING: Final = 160  # letters of a message that are read

SESSIONS = """
SELECT id, session_id FROM message WHERE id IN (SELECT value FROM json_each(:ids))
"""
BEGINNINGS = f"""
SELECT block.message_id, substr(body.text, 1, {BEGINNING})
FROM block JOIN body ON body.id = block.id
WHERE block.message_id IN (SELECT value FROM json_each(:ids))
    AND block.kind IN ('prompt', 'reply') AND block.said <> 'meta' AND block.size > 0
ORDER BY block.id DESC
"""  # noqa: S608  a constant
COMPACTIONS = """
SELECT message.id, message.session_id, message.at
FROM session CROSS JOIN message INDEXED BY message_by_session ON message.session_id = session.id
WHERE session.conversation_id = :id AND session.agent = '' AND message.agent = ''
    AND message.kind = 'compaction' AND message.counted = 1
ORDER BY message.id
"""
CALLS = """
SELECT id, message_id FROM call WHERE id IN (SELECT value FROM json_each(:ids))
"""


@dataclass(frozen=True, slots=True)
class Compaction:
    """Where the history of a main lane was compacted."""

    message: int  # row id
    session: int  # row id
    at: int | None  # ms


def sessions(db: Connection, messages: Iterable[int]) -> dict[int, int]:
    """Return the row id of the session of each of *messages*, row ids. A look-up for each."""
    return dict(db.execute(SESSIONS, {"ids": dump(sorted(set(messages)))}).fetchall())


def beginnings(db: Connection, messages: Iterable[int]) -> dict[int, str]:
    """Return how what was said in each of *messages*, row ids, begins. A look-up for each."""
    return dict(db.execute(BEGINNINGS, {"ids": dump(sorted(set(messages)))}).fetchall())


def compactions(db: Connection, conversation: int) -> list[Compaction]:
    """Return the compactions of *conversation*'s main lane. Looks at all of its messages."""
    return [Compaction(*row) for row in db.execute(COMPACTIONS, {"id": conversation})]


def messages_of(db: Connection, calls: Iterable[int]) -> dict[int, int]:
    """Return the row id of the message that holds each of *calls*, row ids."""
    return dict(db.execute(CALLS, {"ids": dump(sorted(set(calls)))}).fetchall())
