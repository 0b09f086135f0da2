"""What the library holds of one conversation, as threading wants to see it.

The one place that reads messages for threads: texts come cut to what evidence is taken from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

from core.model import Block, BlockKind, Call, Kind, Message, Place, Role
from core.queries.order import IN_ORDER
from core.records.fields import dump
from core.threads import evidence

_ANYWHERE = Place(0, 0, 0)
_INPUT = 200_000  # letters of a call's input from which it is not looked into
_SESSIONS = f"""
SELECT id, agent, cwd, git_branch, custom_title, agent_name, ai_title, renamed, summary_title,
       agent_title, forks
FROM session WHERE conversation_id = :id ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
_BRANCHED = """
SELECT count(*), total(active * number), total(first_id) FROM branch WHERE session_id = :session
"""
_LEFT = """
SELECT branch.number, message.uuid FROM branch JOIN message ON message.id = branch.first_id
WHERE branch.session_id = :session AND active = 0 ORDER BY branch.number
"""
_PLACES = """
SELECT message_id, cwd, git_branch FROM place
WHERE session_id = :session AND message_id > :after ORDER BY message_id
"""
_PLACE = """
SELECT cwd, git_branch FROM place
WHERE session_id = :session AND message_id <= :after ORDER BY message_id DESC LIMIT 1
"""
MESSAGES = f"""
SELECT message.id, message.uuid, message.kind, message.role, message.at, message.agent,
       message.branch, block.kind,
       CASE block.kind WHEN 'prompt' THEN substr(body.text, 1, {evidence.PROMPT})
           WHEN 'reply' THEN substr(body.text, 1, {evidence.REPLY})
           WHEN 'call' THEN substr(body.text, 1, {evidence.INPUT})
           WHEN 'result' THEN substr(body.text, 1, {evidence.RESULT})
           WHEN 'note' THEN substr(body.text, 1, 200) ELSE '' END,
       call.tool, CASE WHEN call.tool <> 'Bash' AND length(call.input) < {_INPUT}
           THEN call.input ELSE '' END, call.counted,
       block.kind = 'result' AND EXISTS (SELECT 1 FROM call AS answered
           WHERE answered.result_id = block.id AND answered.outcome = 'error'
               AND answered.counted = 1)
FROM message
LEFT JOIN block ON block.message_id = message.id
LEFT JOIN body ON body.id = block.id
LEFT JOIN call ON call.id = block.id
WHERE message.session_id = :session AND message.id > :after AND message.counted = 1
ORDER BY message.id, block.id
"""  # noqa: S608  constants
_STARTERS = """
SELECT call.agent, starter.agent, coalesce(json_extract(call.input, '$.description'), '')
FROM json_each(:agents) AS asked
CROSS JOIN call INDEXED BY call_by_agent ON call.agent = asked.value AND call.agent <> ''
CROSS JOIN session ON session.id = call.session_id
CROSS JOIN message AS starter ON starter.id = call.message_id
WHERE session.conversation_id = :id AND call.counted = 1 AND json_valid(call.input)
ORDER BY call.id DESC
"""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session of the conversation, in the order in which it is shown."""

    id: int
    agent: str
    cwd: str
    git_branch: str
    title: str  # what the log itself calls it, "" if nothing
    left: tuple[tuple[int, str], ...]  # branches left behind: number, uuid of the first prompt
    branched: tuple[float, ...] = ()  # of its branches: differs where these do


@dataclass(frozen=True, slots=True)
class Spoken:
    """A counted message with what is counted of it."""

    id: int
    session: int
    branch: int
    message: Message
    calls: int
    errors: int


@dataclass(frozen=True, slots=True)
class Starter:
    """Who started an agent."""

    lane: str  # agent whose call it was, "" for the main line
    said: str  # what the call says that it is for


def sessions(
    db: Connection, conversation: int, before: Sequence[SessionFacts] = ()
) -> tuple[SessionFacts, ...]:
    """Return the sessions of *conversation* in order.

    Branches of one that are as they were *before* are not read again.
    """
    known = {one.id: one for one in before}
    found: list[SessionFacts] = []
    for id_, agent, cwd, branch, *names, forks in db.execute(_SESSIONS, {"id": conversation}):
        branched: tuple[float, ...] = ()
        left: tuple[tuple[int, str], ...] = ()
        if forks:
            branched = db.execute(_BRANCHED, {"session": id_}).fetchone()
            if id_ in known and known[id_].branched == branched:
                left = known[id_].left
            else:
                left = tuple(db.execute(_LEFT, {"session": id_}).fetchall())
        title = next((name for name in names if name), "")
        found.append(SessionFacts(id_, agent, cwd, branch, title, left, branched))
    return tuple(found)


def messages(db: Connection, session: int, after: int) -> Iterator[Spoken]:
    """Yield the counted messages of *session* behind message *after*, in file order."""
    rows = db.execute(MESSAGES, {"session": session, "after": after})
    for id_, group in groupby(rows, key=itemgetter(0)):
        held = list(group)
        _, uuid, kind, role, at, agent, branch, *_ = held[0]
        blocks = tuple(_block(row) for row in held if row[7] is not None)
        message = Message(
            _ANYWHERE, "", uuid, "", Kind(kind), Role(role), at, blocks,
            sidechain=bool(agent), agent=agent,
        )  # fmt: skip
        calls = sum(row[11] or 0 for row in held)
        errors = sum(row[12] or 0 for row in held)
        yield Spoken(id_, session, branch, message, calls, errors)


def places(db: Connection, session: SessionFacts, after: int) -> list[tuple[int, str, str]]:
    """Return from which message on *session* is where; the first is where it was at *after*."""
    asked = {"session": session.id, "after": after}
    known = db.execute(_PLACE, asked).fetchone() or (session.cwd, session.git_branch)
    return [(after, known[0], known[1]), *db.execute(_PLACES, asked).fetchall()]


def starters(db: Connection, conversation: int, agents: list[str]) -> dict[str, Starter]:
    """Return who started which of *agents*, as far as the log says."""
    rows = db.execute(_STARTERS, {"id": conversation, "agents": dump(agents)})
    return {agent: Starter(lane, str(said)) for agent, lane, said in rows}


def _block(row: Sequence[Any]) -> Block:
    kind, text, tool, given = row[7:11]
    call = Call("", tool, given) if tool is not None else None
    return Block(BlockKind(kind), text or "", call)
