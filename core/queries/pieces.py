"""Kept pieces of analyses: which there are, what is due, and what they need of the library."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from core.analysis.terms import Frequencies
from core.queries.material import SessionRow
from core.queries.rollups import Scope

_LAST: Final = 1 << 62  # later than any message

DUE = """
SELECT due.session_id FROM piece_due AS due
CROSS JOIN session ON session.id = due.session_id
CROSS JOIN conversation ON conversation.id = session.conversation_id
GROUP BY due.session_id
ORDER BY sort_at DESC, conversation.id DESC, session.id DESC LIMIT :most
"""
SLOTS = "SELECT slot FROM piece_due WHERE session_id = :session"
SESSION = "SELECT id, key, agent, conversation_id FROM session WHERE id = :session"
SIZE = """
SELECT count(*) FROM (
    SELECT 1 FROM message INDEXED BY message_by_session
    WHERE session_id = :session AND id >= :first AND id < :end LIMIT :most)
"""
TAIL = """
SELECT first_id FROM piece WHERE session_id = :session ORDER BY first_id DESC LIMIT 1
"""
TOUCHED = """
SELECT first_id FROM piece INDEXED BY piece_by_time
WHERE session_id = :session AND last_slot >= :slot AND first_slot <= :slot
"""
FIRSTS = "SELECT first_id FROM piece WHERE session_id = :session"
BEFORE = """
SELECT first_id, carry FROM piece WHERE session_id = :session AND first_id < :first
ORDER BY first_id DESC LIMIT 1
"""
CARRY = "SELECT carry FROM piece WHERE session_id = :session AND first_id = :first"
NEXT = """
SELECT first_id FROM piece WHERE session_id = :session AND first_id > :first
ORDER BY first_id LIMIT 1
"""
OPEN_LANE = """
SELECT EXISTS (
    SELECT 1 FROM message INDEXED BY message_by_session
    WHERE session_id = :session AND id < :first AND counted = 1 AND branch = :branch
        AND CASE agent WHEN '' THEN :own ELSE agent END = :lane)
"""
OPEN_REPLY = """
SELECT EXISTS (
    SELECT 1 FROM message INDEXED BY message_by_session
    WHERE session_id = :session AND id >= :since AND id < :first AND counted = 1
        AND reply_id IN (SELECT value FROM json_each(:replies)))
"""
KEPT = """
SELECT CASE typeof(context) WHEN 'blob' THEN unpacked(context) ELSE context END,
       CASE typeof(tools) WHEN 'blob' THEN unpacked(tools) ELSE tools END, last_id, made_at
FROM piece WHERE session_id = :session AND revision = :revision ORDER BY first_id
"""
IS_DUE = "SELECT count(*) FROM piece_due WHERE session_id = :session"
# Conversations that have something to count.
CONVERSATIONS = """
SELECT conversation.id, conversation.key, project FROM conversation
WHERE tool_calls + prompts > 0
    AND (:whole OR (started_at < :end AND ended_at >= :start))
    AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
    AND (:models IS NULL OR conversation.id IN (
        SELECT conversation_id FROM session WHERE session.id IN (
            SELECT session_id FROM rollup_reply
            WHERE model IN (SELECT value FROM json_each(:models)))))
ORDER BY conversation.id
"""
TERMS = """
SELECT term, conversations FROM term WHERE term IN (SELECT value FROM json_each(:terms))
"""
ANALYSED = "SELECT count(DISTINCT conversation_id) FROM piece"


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """What is kept of a piece: JSON texts, None where there is nothing to tell."""

    context: str | None
    tools: str | None
    upto: int  # row id of the last message that it knows of
    made_at: int  # ms


@dataclass(frozen=True, slots=True)
class Owner:
    """A conversation that parts are told of."""

    id: int
    key: str
    project: str


def due(db: Connection, most: int) -> list[int]:
    """Return up to *most* sessions that are to be analysed, the newest conversation's first."""
    return [row[0] for row in db.execute(DUE, {"most": most})]


def is_due(db: Connection, session: int) -> bool:
    """Tell whether *session* has changed since it was analysed."""
    return bool(db.execute(IS_DUE, {"session": session}).fetchone()[0])


def work(db: Connection, session_: int, most: int) -> int:
    """Return about how many messages there are to read of *session_*, which is due, up to *most*.

    That is what stands from its last piece on; all of it where it has to be cut anew.
    """
    begins = tail(db, session_)
    anew = begins is None or min(slots(db, session_), default=0) < -1
    return size(db, session_, 0 if anew or begins is None else begins, most=most)


def slots(db: Connection, session: int) -> list[int]:
    """Return the quarters of an hour in which *session* has changed since it was analysed."""
    return [row[0] for row in db.execute(SLOTS, {"session": session})]


def session(db: Connection, session_: int) -> tuple[SessionRow, int] | None:
    """Return the session of this id with its conversation's id; None if there is none."""
    found = db.execute(SESSION, {"session": session_}).fetchone()
    return None if found is None else (SessionRow(*found[:3]), int(found[3]))


def size(
    db: Connection, session_: int, first: int = 0, end: int | None = None, most: int = _LAST
) -> int:
    """Return how many messages *session_* has from *first* to *end*; no more than *most*."""
    asked = {
        "session": session_, "first": first, "end": _LAST if end is None else end, "most": most
    }  # fmt: skip
    return int(db.execute(SIZE, asked).fetchone()[0])


def tail(db: Connection, session_: int) -> int | None:
    """Return where the last piece of *session_* begins; None if it has none."""
    found = db.execute(TAIL, {"session": session_}).fetchone()
    return None if found is None else int(found[0])


def touched(db: Connection, session_: int, slot: int) -> list[int]:
    """Return where the pieces of *session_* begin that reach into *slot*."""
    return [row[0] for row in db.execute(TOUCHED, {"session": session_, "slot": slot})]


def firsts(db: Connection, session_: int) -> list[int]:
    """Return where the pieces of *session_* begin."""
    return [row[0] for row in db.execute(FIRSTS, {"session": session_})]


def before(db: Connection, session_: int, first: int) -> tuple[int, str] | None:
    """Return where the piece before the one at *first* begins, and what it carries on."""
    found: tuple[int, str] | None = db.execute(
        BEFORE, {"session": session_, "first": first}
    ).fetchone()
    return found


def carried(db: Connection, session_: int, first: int) -> str | None:
    """Return what the piece at *first* carries on, as it is kept."""
    found = db.execute(CARRY, {"session": session_, "first": first}).fetchone()
    return None if found is None else str(found[0])


def following(db: Connection, session_: int, first: int) -> int | None:
    """Return where the piece after the one at *first* begins; None if that is the last."""
    found = db.execute(NEXT, {"session": session_, "first": first}).fetchone()
    return None if found is None else int(found[0])


def goes_on(db: Connection, session_: SessionRow, first: int, lane: str, branch: int) -> bool:
    """Tell whether *lane* and *branch* have messages before *first*. Looks at what is there."""
    asked = {
        "session": session_.id, "first": first, "branch": branch, "own": session_.agent,
        "lane": lane,
    }  # fmt: skip
    return bool(db.execute(OPEN_LANE, asked).fetchone()[0])


def answered_before(
    db: Connection, session_: int, since: int, first: int, replies: list[int]
) -> bool:
    """Tell whether any API reply of *replies* has messages from *since* up to *first*."""
    asked = {"session": session_, "since": since, "first": first, "replies": json.dumps(replies)}
    return bool(db.execute(OPEN_REPLY, asked).fetchone()[0])


def kept(db: Connection, session_: int, revision: int) -> list[KeptPiece]:
    """Return what is kept of *session_* by *revision*, in order."""
    asked = {"session": session_, "revision": revision}
    return [KeptPiece(*row) for row in db.execute(KEPT, asked)]


def conversations(db: Connection, scope: Scope | None = None) -> Iterator[Owner]:
    """Yield the conversations that reach into *scope* and use one of its models, one by one."""
    within = None if scope is None else scope.within
    asked = {
        "whole": within is None or within.whole,
        "start": 0 if within is None else within.start,
        "end": 0 if within is None else within.end,
        "projects": json.dumps(scope.projects) if scope and scope.projects else None,
        "models": json.dumps(scope.models) if scope and scope.models else None,
    }
    for row in db.execute(CONVERSATIONS, asked):
        yield Owner(*row)


def frequencies(db: Connection, terms: set[str]) -> Frequencies:
    """Return how common *terms* are among the conversations analysed so far."""
    documents = db.execute(ANALYSED).fetchone()[0]
    asked = {"terms": json.dumps(sorted(terms))}
    return Frequencies(documents, dict(db.execute(TERMS, asked).fetchall()))
