"""A session or a conversation as analysers see it, from the library.

One reader serves all analyses: who said what, which tools were called, what each API reply used.
It reads a stretch of one session, so that an appended message costs what it is read with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Final

from core.analysis.material import NOTHING, Call, Cut, Material, Said, Spot, Turn
from core.analysis.prose import LONGEST
from core.analysis.tools_work import Spent
from core.model import Kind, Outcome, PromptKind, Usage
from core.queries.order import IN_ORDER
from core.records.fields import items, load

FAILED: Final = 800  # letters of a failed result that are read
_LAST: Final = 1 << 62  # later than any message
OPENS: Final[frozenset[str]] = frozenset(
    {Kind.PROMPT, Kind.QUEUED, Kind.COMMAND, Kind.SHELL, Kind.TASK}
)
_MARKS: Final[frozenset[str]] = frozenset({Kind.INTERRUPT, Kind.COMPACTION, Kind.FAILURE})
_RESULT: Final[str] = Kind.RESULT  # the most frequent kind: little is read of it
_CONVERSATION = "SELECT key, project FROM conversation WHERE id = :id"
SESSIONS = f"""
SELECT id, key, agent FROM session WHERE conversation_id = :id ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
BRANCHES = "SELECT number, forked_at, active FROM branch WHERE session_id = :session"
MESSAGES = """
SELECT id, uuid, kind, at, agent, branch, coalesce(reply_id, 0), prompt
FROM message INDEXED BY message_by_session
WHERE session_id = :session AND id >= :first AND id < :end AND counted = 1 ORDER BY id
"""
TEXTS = f"""
SELECT block.message_id, substr(body.text, 1, {LONGEST}), block.size
FROM message INDEXED BY message_by_session
CROSS JOIN block INDEXED BY block_by_message ON block.message_id = message.id
CROSS JOIN body ON body.id = block.id
WHERE message.session_id = :session AND message.id >= :first AND message.id < :end
    AND message.counted = 1
    AND message.kind IN ('prompt', 'queued', 'command', 'shell', 'task', 'reply')
    AND block.kind IN ('prompt', 'reply') AND block.said <> 'meta' AND block.size > 0
ORDER BY message.id, block.id
"""  # noqa: S608  a constant
CALLS = f"""
SELECT call.message_id, call.id, tool, input, outcome, call.at, duration_ms,
       coalesce(answer.size, 0), CASE WHEN outcome = 'error' THEN (
           SELECT substr(body.text, 1, {FAILED}) FROM body WHERE body.id = call.result_id) END,
       call.detail, call.agent
FROM message INDEXED BY message_by_session
CROSS JOIN call INDEXED BY call_by_message ON call.message_id = message.id
LEFT JOIN block AS answer ON answer.id = call.result_id
WHERE message.session_id = :session AND message.id >= :first AND message.id < :end
    AND message.counted = 1 AND call.counted = 1
ORDER BY message.id, call.id
"""  # noqa: S608  a constant
REPLIES = """
SELECT reply.id, at, input, output, cache_read, cache_creation, cache_5m, cache_1h
FROM json_each(:ids) AS asked CROSS JOIN reply ON reply.id = asked.value
WHERE session_id = :session AND counted = 1
"""
CUTS = """
SELECT message.id, message.uuid, thread.key, cut.kind, cut.confidence, cut.evidence
FROM stretch JOIN thread ON thread.id = stretch.thread_id
JOIN message ON message.id = stretch.first_id
LEFT JOIN cut ON cut.message_id = message.id
WHERE stretch.conversation_id = :id AND stretch.lane = 'main' ORDER BY stretch.number
"""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session of a conversation."""

    id: int
    key: str
    agent: str  # whose it is; "": the person's


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages of one session that follow each other, as turns in the order in which they begin."""

    turns: tuple[Turn, ...] = ()
    spent: tuple[Spent, ...] = ()  # each API reply once
    ids: tuple[int, ...] = ()  # row ids of the messages
    times: tuple[int | None, ...] = ()  # when each was, ms
    replies: Mapping[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    # of each API reply its first and its last message


def material(db: Connection, conversation: int) -> Material | None:
    """Return *conversation* as analysers see it; None if there is none of this id."""
    found = db.execute(_CONVERSATION, {"id": conversation}).fetchone()
    if found is None:
        return None
    key, project = found
    turns = [turn for one in sessions(db, conversation) for turn in stretch(db, one).turns]
    return Material(key, project, tuple(turns), tuple(cuts(db, conversation)))


def sessions(db: Connection, conversation: int) -> list[SessionRow]:
    """Return the sessions of *conversation*, in order."""
    return [SessionRow(*row) for row in db.execute(SESSIONS, {"id": conversation})]


def cuts(db: Connection, conversation: int) -> Iterator[Cut]:
    """Yield where the threads of *conversation*'s main lane begin, in order."""
    for id_, uuid, thread, kind, confidence, evidence in db.execute(CUTS, {"id": conversation}):
        told = tuple(str(one) for one in items(load(evidence))) if evidence else ()
        yield Cut(
            Spot(id_, uuid), thread, kind or "", 1.0 if confidence is None else confidence, told
        )


def stretch(db: Connection, session: SessionRow, first: int = 0, end: int | None = None) -> Stretch:
    """Return what *session* holds from message *first* on, up to *end*, which is not in it.

    Costs five statements and what they find: nothing before *first* is looked at.
    """
    return _Session(db, session, first, _LAST if end is None else end).stretch()


@dataclass(slots=True)
class _Open:
    """A turn whose messages are still coming."""

    lane: str
    branch: int
    first: int
    prompt: Said | None = None
    replies: list[Said] = field(default_factory=list[Said])
    calls: list[Call] = field(default_factory=list[Call])
    ended: int | None = None
    usage: Usage = NOTHING
    marks: dict[Kind, list[Spot]] = field(default_factory=dict[Kind, list[Spot]])
    last: int = 0  # id of its last message


class _Session:
    """Deals the messages of a stretch out to turns, lane by lane, branch by branch."""

    def __init__(self, db: Connection, session: SessionRow, first: int, end: int) -> None:
        asked = {"session": session.id, "first": first, "end": end}
        self._name, self._agent = session.key, session.agent
        self._messages = db.execute(MESSAGES, asked).fetchall()
        self._texts: dict[int, tuple[str, int]] = {}
        for message, text, size in db.execute(TEXTS, asked):
            before, letters = self._texts.get(message, ("", -1))
            self._texts[message] = f"{before}\n{text}" if before else text, letters + 1 + size
        self._calls: dict[int, list[tuple[object, ...]]] = {}
        for message, *call in db.execute(CALLS, asked):
            self._calls.setdefault(message, []).append(tuple(call))
        ids = sorted({row[6] for row in self._messages if row[6]})
        told = {"session": session.id, "ids": str(ids)}
        self._replies: dict[int, tuple[int | None, Usage]] = {
            id_: (at, Usage(*kinds)) for id_, at, *kinds in db.execute(REPLIES, told)
        }
        found = db.execute(BRANCHES, asked).fetchall()
        self._active = {0: True} | {number: bool(active) for number, _, active in found}
        self._forks = [forked for _, forked, _ in found if forked is not None]
        self._spent: list[Spent] = []

    def stretch(self) -> Stretch:
        """Return the turns of the stretch, and what its API replies used."""
        begun: list[_Open] = []
        opened: dict[tuple[str, int], _Open] = {}
        spans: dict[int, tuple[int, int]] = {}
        for id_, uuid, kind, at, agent, branch, reply, by in self._messages:
            lane = agent or self._agent
            turn = opened.get((lane, branch))
            opens = kind in OPENS
            if opens or turn is None:
                turn = opened[lane, branch] = _Open(lane, branch, id_)
                begun.append(turn)
                if opens:
                    text, size = self._texts.get(id_, ("", 0))
                    author = PromptKind(by) if by else None
                    turn.prompt = Said(Spot(id_, uuid), at, Kind(kind), text, author, size)
            turn.last = id_
            if at is not None and (turn.ended is None or at > turn.ended):
                turn.ended = at
            if reply:
                spans[reply] = spans.get(reply, (id_, id_))[0], id_
            if kind != _RESULT or id_ in self._calls:
                self._add(turn, Spot(id_, uuid), kind, at, reply)
        return Stretch(
            tuple(self._done(turn) for turn in begun),
            tuple(self._spent),
            tuple(row[0] for row in self._messages),
            tuple(row[3] for row in self._messages),
            spans,
        )

    def _add(self, turn: _Open, spot: Spot, kind: str, at: int | None, reply: int) -> None:
        """Put one message, which is a piece of the API reply *reply*, into *turn*."""
        if kind == Kind.REPLY:
            text, size = self._texts.get(spot.id, ("", 0))
            if text:
                turn.replies.append(Said(spot, at, Kind.REPLY, text, None, size))
        elif kind in _MARKS:
            turn.marks.setdefault(Kind(kind), []).append(spot)
        for call in self._calls.get(spot.id, ()):
            turn.calls.append(_call(call, spot, turn.lane, reply))
        found = self._replies.pop(reply, None) if reply else None
        if found is not None:
            dated, used = found
            turn.usage = used if turn.usage is NOTHING else _sum(turn.usage, used)
            self._spent.append(
                Spent(
                    spot, turn.lane, dated, used.input, used.output, used.cache_read,
                    used.cache_creation,
                )
            )  # fmt: skip

    def _done(self, turn: _Open) -> Turn:
        return Turn(
            turn.lane,
            turn.prompt,
            tuple(turn.replies),
            tuple(turn.calls),
            self._name,
            turn.branch,
            self._active.get(turn.branch, True),
            turn.ended,
            turn.usage,
            tuple(turn.marks.get(Kind.INTERRUPT, ())),
            tuple(turn.marks.get(Kind.COMPACTION, ())),
            tuple(turn.marks.get(Kind.FAILURE, ())),
            sum(turn.first <= forked <= turn.last for forked in self._forks),
            turn.first,
            turn.last,
        )


def _call(row: tuple[object, ...], spot: Spot, lane: str, reply: int) -> Call:
    id_, tool, given, outcome, at, duration, size, result, detail, starts = row
    assert isinstance(id_, int)
    assert isinstance(size, int)
    begun = at if isinstance(at, int) else None
    took = duration if isinstance(duration, int) else None
    return Call(
        id_, spot, str(tool), str(given), Outcome(str(outcome)), begun, took, lane, reply, size,
        str(result or ""), str(detail), str(starts),
    )  # fmt: skip


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.input + other.input,
        one.output + other.output,
        one.cache_read + other.cache_read,
        one.cache_creation + other.cache_creation,
        one.cache_5m + other.cache_5m,
        one.cache_1h + other.cache_1h,
    )
