"""Keeps what analysers found in the pieces of sessions. All of it is derived from the messages."""

from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from core.analysis import context_piece
from core.records.fields import dump

CONTEXT: Final = 1  # bits of `piece.failed`
TOOLS: Final = 2
ANYWHERE: Final = -2  # the slot of what has no place in time

_TAKE = "UPDATE piece_due SET taken = 1 WHERE session_id = :session"
_CHANGED = "SELECT count(*) FROM piece_due WHERE session_id = :session AND taken = 0"
_DONE = "DELETE FROM piece_due WHERE session_id = :session"
_KEPT = """
SELECT conversation_id, CASE typeof(context) WHEN 'blob' THEN unpacked(context) ELSE context END
FROM piece WHERE session_id = :session AND first_id = :first
"""
_DROP = "DELETE FROM piece WHERE session_id = :session AND first_id = :first"
_KEEP = """
INSERT INTO piece (session_id, first_id, conversation_id, last_id, messages, first_slot, last_slot,
                   revision, made_at, failed, carry, context, tools)
VALUES (:session, :first, :conversation, :last, :messages, :first_slot, :last_slot, :revision, :at,
        :failed, :carry, CASE WHEN :context IS NOT NULL THEN packed(:context) END,
        CASE WHEN :tools IS NOT NULL THEN packed(:tools) END)
ON CONFLICT (session_id, first_id) DO UPDATE SET
    conversation_id = excluded.conversation_id, last_id = excluded.last_id,
    messages = excluded.messages, first_slot = excluded.first_slot,
    last_slot = excluded.last_slot, revision = excluded.revision, made_at = excluded.made_at,
    failed = excluded.failed, carry = excluded.carry, context = excluded.context,
    tools = excluded.tools
"""
_SAID = """
INSERT OR IGNORE INTO term_said SELECT :conversation, value FROM json_each(:words)
"""
_OUTDATED = """
INSERT OR IGNORE INTO piece_due (session_id, slot)
SELECT session_id, -2 FROM piece WHERE revision <> :revision
"""
_LOST = "INSERT OR IGNORE INTO term_due VALUES (:conversation)"
_LOSERS = "SELECT conversation_id FROM term_due"
_FOUND = "DELETE FROM term_due WHERE conversation_id = :conversation"
_EVERY = """
SELECT CASE typeof(context) WHEN 'blob' THEN unpacked(context) ELSE context END
FROM piece WHERE conversation_id = :conversation AND context IS NOT NULL
"""
_FORGET = """
DELETE FROM term_said WHERE conversation_id = :conversation
    AND term NOT IN (SELECT value FROM json_each(:words))
"""
_FAILED = """
SELECT coalesce(max(failed & :bit), 0) FROM piece
WHERE conversation_id = :conversation AND failed <> 0
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is kept of some turns of a session that follow each other."""

    first: int  # row id of its first message
    last: int
    messages: int
    slots: tuple[int, int]  # the first and the last quarter of an hour
    carry: str  # JSON: what the next piece has to know
    context: str | None  # JSON
    tools: str | None  # JSON
    words: frozenset[str]  # that are said in it
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Pieces of one session that take the place of others."""

    session: int
    conversation: int
    pieces: tuple[Piece, ...]
    gone: tuple[int, ...] = ()  # where those begin whose place they take


def take(db: Connection, session: int) -> None:
    """Note that *session*, which is due, is being analysed from now on."""
    db.execute(_TAKE, {"session": session})


def is_taken(db: Connection, session: int) -> bool:
    """Tell whether nothing of *session* has changed since it was taken."""
    return not db.execute(_CHANGED, {"session": session}).fetchone()[0]


def done(db: Connection, session: int) -> None:
    """Note that *session* is analysed."""
    db.execute(_DONE, {"session": session})


def outdated(db: Connection, revision: int) -> None:
    """Mark sessions as due that were analysed by another *revision*."""
    db.execute(_OUTDATED, {"revision": revision})


def keep(db: Connection, change: Change, revision: int, at: int) -> None:
    """Keep the pieces of *change*, made by *revision* at *at*, ms.

    Runs in a transaction in which nobody else has changed what they were made of. Costs what the
    pieces hold; where one has lost words, or went to another conversation, all pieces of the
    conversation that lost them are looked at.
    """
    session, conversation = change.session, change.conversation
    stays = {piece.first for piece in change.pieces}
    before: set[str] = set()
    for first in stays.union(change.gone):
        before |= _words(db, session, first, conversation)
    for first in set(change.gone) - stays:
        db.execute(_DROP, {"session": session, "first": first})
    told = {"session": session, "conversation": conversation, "revision": revision, "at": at}
    for piece in change.pieces:
        db.execute(_KEEP, told | _row(piece))
    words = {word for piece in change.pieces for word in piece.words}
    db.execute(_SAID, {"conversation": conversation, "words": dump(sorted(words - before))})
    if before - words:
        db.execute(_LOST, {"conversation": conversation})
    settle(db)


def _row(piece: Piece) -> dict[str, object]:
    return {
        "first": piece.first,
        "last": piece.last,
        "messages": piece.messages,
        "first_slot": piece.slots[0],
        "last_slot": piece.slots[1],
        "failed": piece.failed,
        "carry": piece.carry,
        "context": piece.context,
        "tools": piece.tools,
    }


def _words(db: Connection, session: int, first: int, conversation: int) -> set[str]:
    """Return the words of a piece that is kept; those of another conversation are lost to it."""
    found = db.execute(_KEPT, {"session": session, "first": first}).fetchone()
    if found is None:
        return set()
    owner, context = found
    if owner != conversation:
        db.execute(_LOST, {"conversation": owner})
        return set()
    return context_piece.words_of(context) if context else set()


def settle(db: Connection) -> None:
    """Count the words of conversations that have lost some. Runs in a transaction."""
    for (conversation,) in db.execute(_LOSERS).fetchall():
        words: set[str] = set()
        for (context,) in db.execute(_EVERY, {"conversation": conversation}):
            words |= context_piece.words_of(context)
        db.execute(_FORGET, {"conversation": conversation, "words": dump(sorted(words))})
        db.execute(_FOUND, {"conversation": conversation})


def failed(db: Connection, conversation: int, bit: int) -> bool:
    """Tell whether an analysis of any piece of *conversation* failed: `CONTEXT` or `TOOLS`."""
    asked = {"conversation": conversation, "bit": bit}
    return bool(db.execute(_FAILED, asked).fetchone()[0])
