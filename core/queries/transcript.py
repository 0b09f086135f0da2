"""A conversation's transcript: first its spine (ids and sizes), then rows as they are needed.

The spine is a few bytes a row, so that a view can know the height of fifty thousand rows
without holding the text of any. Where a session begins that another one's conversation goes on
in, or that inherits messages, it has a row that no block is behind: its id is the session's,
negative.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from sqlite3 import Connection
from typing import Any

from core.light import light
from core.model import BlockKind, Kind, Outcome, PromptKind, Role
from core.queries import at_once, boundaries
from core.queries.boundaries import Boundary
from core.records.fields import dump

TEXT_LIMIT = 16_000  # characters of a text that a row carries; `text` has the rest
BLOCK_KINDS = tuple(BlockKind)
KINDS = tuple(Kind)
BOUNDARY = len(KINDS)  # in `Spine.saids`: no message, but where a session begins
_AT_ONCE = 2_000  # rows of a spine that are read
_BLOCK_CODE = {kind.value: code for code, kind in enumerate(BLOCK_KINDS)}
_KIND_CODE = {kind.value: code for code, kind in enumerate(KINDS)}
# By their names: to ask the class takes several times as long, for each row.
_BLOCK_KIND = {kind.value: kind for kind in BlockKind}
_KIND = {kind.value: kind for kind in Kind}
_ROLE = {role.value: role for role in Role}
_OUTCOME = {outcome.value: outcome for outcome in Outcome}
_PROMPT = {prompt.value: prompt for prompt in PromptKind}


@dataclass(frozen=True, slots=True)
class Spine:
    """The rows of one lane, in order. All arrays have the same length."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))  # of blocks; see BOUNDARY
    messages: "array[int]" = field(default_factory=lambda: array("q"))  # message ids
    kinds: "array[int]" = field(default_factory=lambda: array("B"))  # index in BLOCK_KINDS
    saids: "array[int]" = field(default_factory=lambda: array("B"))  # index in KINDS, or BOUNDARY
    sizes: "array[int]" = field(default_factory=lambda: array("q"))  # characters
    lines: "array[int]" = field(default_factory=lambda: array("q"))  # line ends

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.ids)


@light
@dataclass(frozen=True, slots=True)
class CallRow:
    """A tool call as its card shows it."""

    key: str
    tool: str
    input: str  # JSON
    outcome: Outcome
    result_id: int | None  # block that holds the result; None: no result recorded
    result: str  # at most TEXT_LIMIT characters
    result_size: int  # characters
    result_lines: int
    duration_ms: int | None  # waiting for permission included
    agent: str  # the agent it started, "" if none
    detail: str  # JSON: facts of the tool's own result


@light
@dataclass(frozen=True, slots=True)
class BlockRow:
    """One row of a transcript."""

    id: int
    message_id: int
    uuid: str
    kind: BlockKind
    said: Kind  # kind of the message it is a piece of
    role: Role
    at: int | None
    agent: str
    branch: int
    abandoned: bool  # on a branch that was left behind
    text: str  # at most TEXT_LIMIT characters
    size: int
    lines: int
    model: str  # "" unless a reply
    reply_id: int | None  # rows of one API reply have the same
    detail: str  # JSON: a compaction's facts
    call: CallRow | None = None
    prompt: PromptKind | None = None  # who wrote what stands on the user's side
    inherited: bool = False  # a copy: the message is counted in another session
    amid: bool = False  # a compaction between a tool call and what the model made of its result
    boundary: Boundary | None = None  # no block, but where a session begins


SPINE = """
SELECT id, message_id, kind, said, size, lines FROM block INDEXED BY block_shown
WHERE session_id = :session AND agent = :agent AND id > :after AND shown = 1
ORDER BY id LIMIT :limit
"""
_SPINE = ("id", "message_id", "kind", "said", "size", "lines")
ROWS = """
SELECT block.id, block.message_id, message.uuid, block.kind, block.said, message.role,
       message.at, block.agent, message.branch, coalesce(branch.active = 0, 0) AS abandoned,
       coalesce(coloured.text, body.text) AS text, block.size, block.lines,
       coalesce(reply.model, '') AS model, message.reply_id, message.detail, message.prompt,
       message.counted = 0 AS copy, call.key, call.tool, call.input, call.outcome, call.result_id,
       coalesce(bright.text, answer.text) AS result, given.size AS result_size,
       given.lines AS result_lines, call.duration_ms, call.agent AS started, call.detail AS facts
FROM json_each(:ids) AS wanted
JOIN block ON block.id = wanted.value
JOIN message ON message.id = block.message_id
JOIN body_kept AS body ON body.id = block.id
LEFT JOIN coloured_kept AS coloured ON coloured.id = block.id
LEFT JOIN branch ON branch.session_id = message.session_id AND branch.number = message.branch
LEFT JOIN reply ON reply.id = message.reply_id
LEFT JOIN call ON call.id = block.id
LEFT JOIN body_kept AS answer ON answer.id = call.result_id
LEFT JOIN coloured_kept AS bright ON bright.id = call.result_id
LEFT JOIN block AS given ON given.id = call.result_id
"""
_ROW = (
    "id", "message_id", "uuid", "kind", "said", "role", "at", "agent", "branch", "abandoned",
    "text", "size", "lines", "model", "reply_id", "detail", "prompt", "copy", "key", "tool",
    "input", "outcome", "result_id", "result", "result_size", "result_lines", "duration_ms",
    "started", "facts",
)  # fmt: skip
_CUT = {"text": TEXT_LIMIT, "result": TEXT_LIMIT}
_AMID = """
SELECT id FROM (
    SELECT id, (SELECT before.id FROM message AS before WHERE before.session_id = place.session_id
        AND before.id < place.id AND before.agent = place.agent
        AND before.kind IN ('prompt', 'queued', 'task', 'reply', 'result')
        ORDER BY before.id DESC LIMIT 1) AS last
    FROM message AS place WHERE place.id IN (SELECT value FROM json_each(:ids))
) WHERE (SELECT kind FROM message WHERE id = last) = 'result'
    OR (SELECT kind FROM block WHERE message_id = last ORDER BY id DESC LIMIT 1)
        IN ('call', 'result')
"""
_TEXT = """
SELECT coalesce(coloured.text, body.text) FROM body LEFT JOIN coloured USING (id)
WHERE body.id = :block
"""


def spine(db: Connection, conversation: int, agent: str = "", after: int = 0) -> Spine:
    """Return the rows of *conversation*'s lane *agent* whose block id is above *after*.

    ``after`` is for following: rows of a session that grows have growing ids; there is a row for
    where a session begins if it begins after it. Costs one pass over an index, no table; about
    1 ms for 1,000 rows.
    """
    found = Spine()
    joined = after > 0  # whether a session was there before
    for session in boundaries.lane(db, conversation, agent):
        first = next(pieces := _pieces(db, session.id, agent, after), None)
        message = None if first is None else first[1][0]
        if session.own and not session.ghost and _begins(db, session.id, agent, after, message):
            count = boundaries.inherited(db, session.id, agent) if session.shared else 0
            if count or (joined and not agent and message is not None):
                _mark(found, session.id, message or 0, count)
                joined = True
        for piece in chain(() if first is None else (first,), pieces):
            _fill(found, piece)
            joined = True
    return found


def inherited(db: Connection, session: int) -> Spine:
    """Return the rows of the messages that *session* inherits in its own lane, in order."""
    found = Spine()
    row = db.execute("SELECT agent FROM session WHERE id = ?", (session,)).fetchone()
    if row is not None:
        asked = {"session": session, "agent": row[0]}
        inherits = db.execute(boundaries.INHERITED, asked).fetchall()
        _fill(found, list(zip(*inherits, strict=True)) or [()] * len(_SPINE))
    return found


def rows(db: Connection, ids: Sequence[int]) -> list[BlockRow]:
    """Return the rows of the blocks *ids*, in that order; unknown ids are left out."""
    found = at_once.rows(db, ROWS, _ROW, {"ids": dump([id_ for id_ in ids if id_ > 0])}, _CUT)
    by_id = {row[0]: _row(row) for row in found}
    if any(id_ < 0 for id_ in ids):
        told = boundaries.boundaries(db, [-id_ for id_ in ids if id_ < 0])
        by_id |= {-one.session: _boundary_row(one) for one in told}
    places = [row.message_id for row in by_id.values() if row.said is Kind.COMPACTION]
    if places:
        amid = {id_ for (id_,) in db.execute(_AMID, {"ids": dump(places)})}
        by_id |= {
            row.id: replace(row, amid=True) for row in by_id.values() if row.message_id in amid
        }
    return [by_id[id_] for id_ in ids if id_ in by_id]


def text(db: Connection, block: int) -> str:
    """Return the whole text of *block*, however long, with a terminal's colours."""
    row = db.execute(_TEXT, {"block": block}).fetchone()
    return row[0] if row else ""


def _pieces(db: Connection, session: int, agent: str, after: int) -> Iterator[list[list[Any]]]:
    """Yield the columns of *session*'s rows above block *after*, a bounded number at a time."""
    while True:
        asked = {"session": session, "agent": agent, "after": after, "limit": _AT_ONCE}
        found = at_once.columns(db, SPINE, _SPINE, asked)
        if found[0]:
            yield found
        if len(found[0]) < _AT_ONCE:
            return
        after = found[0][-1]


def _begins(db: Connection, session: int, agent: str, after: int, message: int | None) -> bool:
    """Return whether *session* begins above block *after*, with *message* if it has any rows."""
    if after <= 0:
        return True
    return message is not None and not boundaries.begun(db, session, agent, after)


def _fill(found: Spine, columns: Sequence[Sequence[Any]]) -> None:
    ids, messages, kinds, saids, sizes, lines = columns
    found.ids.extend(ids)
    found.messages.extend(messages)
    found.kinds.extend(map(_BLOCK_CODE.__getitem__, kinds))
    found.saids.extend(map(_KIND_CODE.__getitem__, saids))
    found.sizes.extend(sizes)
    found.lines.extend(lines)


def _mark(found: Spine, session: int, message: int, count: int) -> None:
    """Put the row for where *session* begins, which inherits *count* messages, into *found*."""
    found.ids.append(-session)
    found.messages.append(message)
    found.kinds.append(_BLOCK_CODE[BlockKind.NOTE])
    found.saids.append(BOUNDARY)
    found.sizes.append(count)
    found.lines.append(0)


def _boundary_row(told: Boundary) -> BlockRow:
    return BlockRow(
        -told.session, told.message, "", BlockKind.NOTE, Kind.META, Role.SYSTEM, told.at,
        told.agent, 0, abandoned=False, text="", size=0, lines=0, model="", reply_id=None,
        detail="", boundary=told,
    )  # fmt: skip


def _row(row: list[Any]) -> BlockRow:
    (
        id_, message, uuid, kind, said, role, at, agent, branch, abandoned, body, size, lines,
        model, reply, detail, prompt, copy, *call,
    ) = row  # fmt: skip
    return BlockRow(
        id_, message, uuid, _BLOCK_KIND[kind], _KIND[said], _ROLE[role], at, agent, branch,
        bool(abandoned), body, size, lines, model, reply, detail,
        None if call[0] is None else _call(call), _PROMPT[prompt] if prompt else None, bool(copy),
    )  # fmt: skip


def _call(row: list[Any]) -> CallRow:
    key, tool, given, outcome, result, answer, size, lines, *rest = row
    outcome = _OUTCOME[outcome]
    return CallRow(key, tool, given, outcome, result, answer or "", size or 0, lines or 0, *rest)
