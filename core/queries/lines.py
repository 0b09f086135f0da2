"""Which messages of a conversation are on its main line, and which on one of its branches.

The main line is where each session began and the branches it went on with; a branch is what a
person went back from, or went on with, and what left it in turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from core.measures.titles import short
from core.records.fields import dump


@dataclass(frozen=True, slots=True)
class Fork:
    """A branch of one session."""

    session: int  # row id
    number: int
    above: int  # the branch it left; 0: where the session began
    first: int  # row id of its first message, a prompt
    active: bool  # False: left behind


_FORKS = """
SELECT branch.session_id, number, above, first_id, active
FROM session CROSS JOIN branch ON branch.session_id = session.id
WHERE session.conversation_id = :id
"""
_LEFT = """
SELECT EXISTS (SELECT 1 FROM session CROSS JOIN branch ON branch.session_id = session.id
WHERE session.conversation_id = :id AND active = 0)
"""
_BRANCH_OF = """
SELECT branch.first_id, (SELECT substr(body.text, 1, 400) FROM block JOIN body ON body.id = block.id
                         WHERE block.message_id = branch.first_id ORDER BY block.id LIMIT 1)
FROM message JOIN branch ON branch.session_id = message.session_id
    AND branch.number = message.branch
WHERE message.id = :message
"""
_AGENT = """
SELECT coalesce(
    (SELECT nullif(json_extract(call.input, '$.description'), '')
     FROM call INDEXED BY call_by_agent JOIN session ON session.id = call.session_id
     WHERE call.agent = :agent AND call.agent <> '' AND session.conversation_id = :id
         AND json_valid(call.input) LIMIT 1),
    (SELECT coalesce(nullif(agent_title, ''), first_prompt) FROM session
     WHERE conversation_id = :id AND agent = :agent LIMIT 1), '')
"""
_FIRST_OF_AGENT = """
SELECT coalesce(min(block.message_id), 0) FROM session
CROSS JOIN block INDEXED BY block_shown ON block.session_id = session.id
WHERE session.conversation_id = :id AND block.agent = :agent AND block.shown = 1
"""
ON = """
SELECT message.id FROM message INDEXED BY message_by_session
WHERE session_id = :session AND id > :after AND agent = ''
    AND branch IN (SELECT value FROM json_each(:branches))
"""


def forks(db: Connection, conversation: int) -> tuple[Fork, ...]:
    """Return all branches of *conversation*: one row of a table for each."""
    rows = db.execute(_FORKS, {"id": conversation})
    return tuple(
        Fork(session, number, above, first, bool(active))
        for session, number, above, first, active in rows
    )


def any_left(db: Connection, conversation: int) -> bool:
    """Tell whether a branch of *conversation* was left behind."""
    return bool(db.execute(_LEFT, {"id": conversation}).fetchone()[0])


def branch_of(db: Connection, message: int) -> tuple[int, str]:
    """Return the first message of the branch that *message* is on, and what it says; or 0, ""."""
    row = db.execute(_BRANCH_OF, {"message": message}).fetchone()
    return (row[0], short(row[1] or "")) if row else (0, "")


def agent_title(db: Connection, conversation: int, agent: str) -> str:
    """Return what *agent* is called where it was started, else what it was asked first."""
    return short(str(db.execute(_AGENT, {"id": conversation, "agent": agent}).fetchone()[0]))


def first_of_agent(db: Connection, conversation: int, agent: str) -> int:
    """Return the first message of *agent* that has a row, 0 if none has."""
    asked = {"id": conversation, "agent": agent}
    return int(db.execute(_FIRST_OF_AGENT, asked).fetchone()[0])


def left(found: Iterable[Fork]) -> tuple[Fork, ...]:
    """Return those of *found* that were left behind."""
    return tuple(one for one in found if not one.active)


def below(found: Iterable[Fork], first: int) -> tuple[Fork, ...]:
    """Return the branch that begins at message *first*, and those that left it, or left these."""
    held: dict[tuple[int, int], Fork] = {}
    for one in sorted(found, key=lambda fork: (fork.session, fork.number)):
        # A branch has a higher number than the one it left.
        if one.first == first or (one.session, one.above) in held:
            held[one.session, one.number] = one
    return tuple(held.values())


def messages(db: Connection, on: Iterable[Fork], after: int = 0) -> frozenset[int]:
    """Return the row ids above *after* of the messages that are on one of the branches *on*.

    Looks at every message from the first of these branches to the end of its session.
    """
    by_session: dict[int, list[Fork]] = {}
    for one in on:
        by_session.setdefault(one.session, []).append(one)
    found: set[int] = set()
    for session, its in by_session.items():
        asked = {
            "session": session,
            "after": max(after, min(one.first for one in its) - 1),
            "branches": dump([one.number for one in its]),
        }
        found.update(id_ for (id_,) in db.execute(ON, asked))
    return frozenset(found)
