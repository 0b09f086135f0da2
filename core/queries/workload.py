"""Conversations as tool analysis reads them: prompts, calls and tokens, without the replies' words.

One conversation is in memory at a time, and of its texts only the prompts (cut at a bound) and
how failed results begin.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Final

from core.analysis.material import Call, Material, Said, Spot, Turn
from core.analysis.tools_work import Spent, Work, work
from core.model import Kind, Outcome, PromptKind, Usage

PROMPT: Final = 100_000  # letters of a prompt that are read
FAILED: Final = 800  # letters of a failed result that are read

_CONVERSATION = "SELECT key, project FROM conversation WHERE id = :id"
# Sessions one after the other, each in the order of its file.
MESSAGES = """
SELECT message.id, message.uuid, session.key, message.kind, message.at,
       CASE WHEN message.agent <> '' THEN message.agent ELSE session.agent END,
       message.branch, coalesce(branch.active, 1), coalesce(message.reply_id, 0), message.prompt
FROM session
CROSS JOIN message INDEXED BY message_by_session ON message.session_id = session.id
LEFT JOIN branch ON branch.session_id = session.id AND branch.number = message.branch
WHERE session.conversation_id = :id AND message.counted = 1
ORDER BY coalesce(session.started_at, 0), session.id, message.id
"""
PROMPTS = """
SELECT message_id, substr(body.text, 1, :most)
FROM session CROSS JOIN message INDEXED BY message_by_session ON message.session_id = session.id
CROSS JOIN block INDEXED BY block_by_message ON block.message_id = message.id
CROSS JOIN body ON body.id = block.id
WHERE session.conversation_id = :id AND message.counted = 1
    AND message.kind IN ('prompt', 'queued', 'task') AND block.kind = 'prompt'
ORDER BY block.id
"""
CALLS = """
SELECT call.id, call.message_id, tool, input, outcome, call.at, duration_ms, call.detail,
       call.agent, coalesce(result.size, 0),
       CASE WHEN outcome = 'error' THEN (
           SELECT substr(body.text, 1, :most) FROM body WHERE body.id = call.result_id) END
FROM session CROSS JOIN call INDEXED BY call_by_hash ON call.session_id = session.id
LEFT JOIN block AS result ON result.id = call.result_id
WHERE session.conversation_id = :id AND call.counted = 1
ORDER BY call.id
"""
REPLIES = """
SELECT reply.id, reply.at, input, output, cache_read, cache_creation
FROM session CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = session.id
WHERE session.conversation_id = :id AND reply.counted = 1
"""
_OPENS: Final = {Kind.PROMPT, Kind.QUEUED, Kind.TASK, Kind.COMMAND, Kind.SHELL}


@dataclass(slots=True)
class _Open:
    """A turn while its messages are read."""

    lane: str
    session: str
    branch: int
    active: bool
    prompt: Said | None
    ended: int | None = None
    calls: list[Call] = field(default_factory=list)
    interrupts: list[Spot] = field(default_factory=list)
    compactions: list[Spot] = field(default_factory=list)
    failures: list[Spot] = field(default_factory=list)
    tokens: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def closed(self) -> Turn:
        """Return it as it is now."""
        given, output, read, made = self.tokens
        return Turn(
            self.lane,
            self.prompt,
            calls=tuple(self.calls),
            session=self.session,
            branch=self.branch,
            active=self.active,
            ended=self.ended,
            usage=Usage(input=given, output=output, cache_read=read, cache_creation=made),
            interrupts=tuple(self.interrupts),
            compactions=tuple(self.compactions),
            failures=tuple(self.failures),
        )


def read(db: Connection, conversation: int) -> Work:
    """Return the tool calls of *conversation* by turn and step, and its API replies.

    Costs four statements and a pass over its messages; nothing else of the library is read.
    """
    key, project = db.execute(_CONVERSATION, {"id": conversation}).fetchone() or ("", "")
    said = _said(db, conversation)
    calls: defaultdict[int, list[Call]] = defaultdict(list)
    for row in db.execute(CALLS, {"id": conversation, "most": FAILED}):
        calls[row[1]].append(_call(row))
    replies = {row[0]: row[1:] for row in db.execute(REPLIES, {"id": conversation})}
    turns, spent = _turns(db.execute(MESSAGES, {"id": conversation}), said, calls, replies)
    return work(Material(key, project, turns), spent)


def conversations(db: Connection) -> Iterator[int]:
    """Yield the ids of all conversations with a tool call or a prompt, in order."""
    sql = "SELECT id FROM conversation WHERE tool_calls + prompts > 0 ORDER BY id"
    yield from [id_ for (id_,) in db.execute(sql).fetchall()]


def _said(db: Connection, conversation: int) -> dict[int, str]:
    """Return the text of each prompt, by message."""
    found: dict[int, str] = {}
    for message, text in db.execute(PROMPTS, {"id": conversation, "most": PROMPT}):
        found[message] = f"{found[message]}\n{text}" if message in found else text
    return found


def _call(row: tuple[object, ...]) -> Call:
    id_, message, tool, given, outcome, at, took, detail, starts, size, result = row
    return Call(
        _int(id_),
        Spot(_int(message), ""),
        str(tool),
        str(given),
        Outcome(str(outcome)),
        None if at is None else _int(at),
        None if took is None else _int(took),
        size=_int(size),
        result=str(result or ""),
        detail=str(detail),
        starts=str(starts),
    )


def _turns(
    rows: Iterable[tuple[object, ...]],
    said: dict[int, str],
    calls: defaultdict[int, list[Call]],
    replies: dict[int, tuple[int | None, int, int, int, int]],
) -> tuple[tuple[Turn, ...], tuple[Spent, ...]]:
    done: list[_Open] = []
    lanes: dict[tuple[str, str], _Open] = {}
    spent: list[Spent] = []
    for row in rows:
        id_, uuid, session, kind, at, lane, branch, active, reply, by = row
        spot = Spot(_int(id_), str(uuid))
        when = None if at is None else _int(at)
        turn = lanes.get((str(session), str(lane)))
        if turn is None or kind in _OPENS or turn.branch != branch:
            prompt = None
            if kind in _OPENS:
                wrote = PromptKind(str(by)) if by in _KINDS else None
                prompt = Said(spot, when, Kind(str(kind)), said.get(spot.id, ""), wrote)
            turn = _Open(str(lane), str(session), _int(branch), bool(active), prompt)
            lanes[str(session), str(lane)] = turn
            done.append(turn)
        turn.ended = when if when is not None else turn.ended
        for call in calls.get(spot.id, ()):
            turn.calls.append(_placed(call, spot, str(lane), _int(reply)))
        if reply and (found := replies.pop(_int(reply), None)):
            spent.append(Spent(spot, str(lane), *found))
            for place, tokens in enumerate(found[1:]):
                turn.tokens[place] += tokens
        _mark(turn, str(kind), spot)
    return tuple(one.closed() for one in done), tuple(spent)


_KINDS: Final = frozenset(PromptKind)


def _mark(turn: _Open, kind: str, spot: Spot) -> None:
    if kind == Kind.INTERRUPT:
        turn.interrupts.append(spot)
    elif kind == Kind.COMPACTION:
        turn.compactions.append(spot)
    elif kind == Kind.FAILURE:
        turn.failures.append(spot)


def _placed(call: Call, spot: Spot, lane: str, reply: int) -> Call:
    return Call(
        call.id, spot, call.tool, call.input, call.outcome, call.at, call.duration_ms, lane,
        reply, call.size, call.result, call.detail, call.starts,
    )  # fmt: skip


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
