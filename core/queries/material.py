"""One conversation as analysers see it, from the library."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Final

from core.analysis.material import Call, Cut, Material, Said, Spot, Turn
from core.analysis.prose import LONGEST
from core.model import Kind, Outcome, PromptKind, Usage
from core.queries.order import IN_ORDER
from core.records.fields import items, load

RESULT: Final = 400  # letters of a result that are read
INPUT: Final = 200_000  # letters of an input beyond which it is read as an empty object
_OPENS = frozenset({Kind.PROMPT, Kind.QUEUED, Kind.COMMAND, Kind.SHELL, Kind.TASK})
_CONVERSATION = "SELECT key, project FROM conversation WHERE id = :id"
_SESSIONS = f"""
SELECT id, key, agent FROM session WHERE conversation_id = :id ORDER BY {IN_ORDER}
"""  # noqa: S608  a constant
_BRANCHES = "SELECT number, above, forked_at, active FROM branch WHERE session_id = :session"
MESSAGES = """
SELECT id, uuid, kind, at, agent, branch, coalesce(reply_id, 0), prompt FROM message
WHERE session_id = :session AND counted = 1 ORDER BY id
"""
TEXTS = f"""
SELECT block.message_id, substr(body.text, 1, {LONGEST})
FROM message JOIN block ON block.message_id = message.id JOIN body ON body.id = block.id
WHERE message.session_id = :session AND message.counted = 1
    AND block.kind IN ('prompt', 'reply') AND block.said <> 'meta' AND block.size > 0
ORDER BY block.id
"""  # noqa: S608  a constant
CALLS = f"""
SELECT call.message_id, call.id, tool,
       CASE WHEN length(input) <= {INPUT} THEN input ELSE '{{}}' END, outcome, call.at,
       duration_ms, coalesce(answer.size, 0),
       coalesce(substr(body.text, 1, {RESULT}), ''), call.detail, call.agent
FROM call
LEFT JOIN block AS answer ON answer.id = call.result_id
LEFT JOIN body ON body.id = call.result_id
WHERE call.session_id = :session AND call.counted = 1 ORDER BY call.id
"""  # noqa: S608  a constant
_REPLIES = """
SELECT id, input, output, cache_read, cache_creation, cache_5m, cache_1h FROM reply
WHERE session_id = :session AND counted = 1
"""
CUTS = """
SELECT message.id, message.uuid, thread.key, cut.kind, cut.confidence, cut.evidence
FROM stretch JOIN thread ON thread.id = stretch.thread_id
JOIN message ON message.id = stretch.first_id
LEFT JOIN cut ON cut.message_id = message.id
WHERE stretch.conversation_id = :id AND stretch.lane = 'main' ORDER BY stretch.number
"""


def material(db: Connection, conversation: int) -> Material | None:
    """Return *conversation* as analysers see it; None if there is none of this id."""
    found = db.execute(_CONVERSATION, {"id": conversation}).fetchone()
    if found is None:
        return None
    key, project = found
    turns: list[Turn] = []
    for session, name, agent in db.execute(_SESSIONS, {"id": conversation}).fetchall():
        turns.extend(_Session(db, session, name, agent).turns())
    return Material(key, project, tuple(turns), tuple(_cuts(db, conversation)))


def _cuts(db: Connection, conversation: int) -> Iterator[Cut]:
    for id_, uuid, thread, kind, confidence, evidence in db.execute(CUTS, {"id": conversation}):
        told = tuple(str(one) for one in items(load(evidence))) if evidence else ()
        yield Cut(
            Spot(id_, uuid), thread, kind or "", 1.0 if confidence is None else confidence, told
        )


@dataclass(slots=True)
class _Open:
    """A turn whose messages are still coming."""

    lane: str
    branch: int
    prompt: Said | None = None
    replies: list[Said] = field(default_factory=list[Said])
    calls: list[Call] = field(default_factory=list[Call])
    ended: int | None = None
    spent: list[int] = field(default_factory=list[int])  # API replies
    marks: dict[Kind, list[Spot]] = field(default_factory=dict[Kind, list[Spot]])
    last: int = 0  # id of its last message


class _Session:
    """Reads one session: its messages are dealt out to turns, lane by lane, branch by branch."""

    def __init__(self, db: Connection, session: int, name: str, agent: str) -> None:
        asked = {"session": session}
        self._name, self._agent = name, agent
        self._messages = db.execute(MESSAGES, asked).fetchall()
        self._texts: dict[int, str] = {}
        for message, text in db.execute(TEXTS, asked):
            before = self._texts.get(message)
            self._texts[message] = f"{before}\n{text}" if before else text
        self._calls: dict[int, list[tuple[object, ...]]] = {}
        for message, *call in db.execute(CALLS, asked):
            self._calls.setdefault(message, []).append(tuple(call))
        self._usage = {id_: Usage(*kinds) for id_, *kinds in db.execute(_REPLIES, asked)}
        found = db.execute(_BRANCHES, asked).fetchall()
        self._active = {0: True} | {number: bool(active) for number, _, _, active in found}
        self._forks = [forked for _, _, forked, _ in found if forked is not None]

    def turns(self) -> Iterator[Turn]:
        """Yield the turns of the session in the order in which they begin."""
        begun: list[_Open] = []
        opened: dict[tuple[str, int], _Open] = {}
        for id_, uuid, kind, at, agent, branch, reply, by in self._messages:
            lane = agent or self._agent
            author = PromptKind(by) if by else None
            said = Said(Spot(id_, uuid), at, Kind(kind), self._texts.get(id_, ""), author)
            turn = opened.get((lane, branch))
            if said.kind in _OPENS or turn is None:
                turn = opened[lane, branch] = _Open(lane, branch)
                begun.append(turn)
                if said.kind in _OPENS:
                    turn.prompt = said
            self._add(turn, said, reply)
        for turn in begun:
            yield self._done(turn)

    def _add(self, turn: _Open, said: Said, reply: int) -> None:
        """Put one message, which is a piece of the API reply *reply*, into *turn*."""
        spot, at, kind = said.spot, said.at, said.kind
        turn.last = spot.id
        if at is not None and (turn.ended is None or at > turn.ended):
            turn.ended = at
        if kind is Kind.REPLY:
            if said.text:
                turn.replies.append(said)
            if reply in self._usage and reply not in turn.spent:
                turn.spent.append(reply)
        elif kind in {Kind.INTERRUPT, Kind.COMPACTION, Kind.FAILURE}:
            turn.marks.setdefault(kind, []).append(spot)
        for call in self._calls.get(spot.id, ()):
            turn.calls.append(_call(call, spot, turn.lane, reply))

    def _done(self, turn: _Open) -> Turn:
        first = turn.prompt.spot.id if turn.prompt else 0
        return Turn(
            turn.lane,
            turn.prompt,
            tuple(turn.replies),
            tuple(turn.calls),
            self._name,
            turn.branch,
            self._active.get(turn.branch, True),
            turn.ended,
            _sum([self._usage[reply] for reply in turn.spent]),
            tuple(turn.marks.get(Kind.INTERRUPT, ())),
            tuple(turn.marks.get(Kind.COMPACTION, ())),
            tuple(turn.marks.get(Kind.FAILURE, ())),
            sum(first <= forked <= turn.last for forked in self._forks),
        )


def _call(row: tuple[object, ...], spot: Spot, lane: str, reply: int) -> Call:
    id_, tool, given, outcome, at, duration, size, result, detail, starts = row
    assert isinstance(id_, int)
    assert isinstance(size, int)
    begun = at if isinstance(at, int) else None
    took = duration if isinstance(duration, int) else None
    return Call(
        id_, spot, str(tool), str(given), Outcome(str(outcome)), begun, took, lane, reply, size,
        str(result), str(detail), str(starts),
    )  # fmt: skip


def _sum(usages: list[Usage]) -> Usage:
    return Usage(
        sum(one.input for one in usages),
        sum(one.output for one in usages),
        sum(one.cache_read for one in usages),
        sum(one.cache_creation for one in usages),
        sum(one.cache_5m for one in usages),
        sum(one.cache_1h for one in usages),
    )
