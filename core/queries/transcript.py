"""A conversation's transcript: first its spine (ids and sizes), then rows as they are needed.

The spine is a few bytes a row, so that a view can know the height of fifty thousand rows
without holding the text of any. Where a session begins that another one's conversation goes on
in, or that inherits messages, it has a row that no block is behind: its id is the session's,
negative.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from sqlite3 import Connection
from typing import Any

from core.model import BlockKind, Kind, Outcome, PromptKind, Role
from core.queries import boundaries
from core.queries.boundaries import Boundary

TEXT_LIMIT = 16_000  # characters of a text that a row carries; `text` has the rest
BLOCK_KINDS = tuple(BlockKind)
KINDS = tuple(Kind)
BOUNDARY = len(KINDS)  # in `Spine.saids`: no message, but where a session begins
_BLOCK_CODE = {kind.value: code for code, kind in enumerate(BLOCK_KINDS)}
_KIND_CODE = {kind.value: code for code, kind in enumerate(KINDS)}


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


@dataclass(frozen=True, slots=True)
class Location:
    """Where a message is shown."""

    conversation: str
    conversation_id: int
    agent: str  # lane
    block: int  # first shown row


SPINE = """
SELECT id, message_id, kind, said, size, lines FROM block INDEXED BY block_shown
WHERE session_id = :session AND agent = :agent AND id > :after AND shown = 1 ORDER BY id
"""
ROWS = f"""
SELECT block.id, block.message_id, message.uuid, block.kind, block.said, message.role,
       message.at, block.agent, message.branch, coalesce(branch.active = 0, 0),
       substr(coalesce(coloured.text, body.text), 1, {TEXT_LIMIT}),
       block.size, block.lines,
       coalesce(reply.model, ''), message.reply_id, message.detail, message.prompt,
       message.counted = 0, call.key, call.tool, call.input, call.outcome, call.result_id,
       substr(coalesce(bright.text, answer.text), 1, {TEXT_LIMIT}), given.size, given.lines,
       call.duration_ms, call.agent, call.detail
FROM json_each(:ids) AS wanted
JOIN block ON block.id = wanted.value
JOIN message ON message.id = block.message_id
JOIN body ON body.id = block.id
LEFT JOIN coloured ON coloured.id = block.id
LEFT JOIN branch ON branch.session_id = message.session_id AND branch.number = message.branch
LEFT JOIN reply ON reply.id = message.reply_id
LEFT JOIN call ON call.id = block.id
LEFT JOIN body AS answer ON answer.id = call.result_id
LEFT JOIN coloured AS bright ON bright.id = call.result_id
LEFT JOIN block AS given ON given.id = call.result_id
"""  # noqa: S608  the only value put in is a constant of this module
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
_LOCATE = """
SELECT conversation.key, conversation.id, message.agent,
       coalesce((SELECT min(id) FROM block WHERE message_id = message.id AND shown = 1),
                (SELECT call.id FROM block JOIN call ON call.result_id = block.id
                 WHERE block.message_id = message.id), 0)
FROM message JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
WHERE message.id = :message
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
        asked = {"session": session.id, "agent": agent, "after": after}
        rows = db.execute(SPINE, asked)
        first = rows.fetchone()
        if session.own and not session.ghost and _begins(db, session.id, agent, after, first):
            count = boundaries.inherited(db, session.id, agent) if session.shared else 0
            if count or (joined and not agent and first is not None):
                _mark(found, session.id, first[1] if first is not None else 0, count)
                joined = True
        if first is not None:
            _fill(found, chain((first,), rows))
            joined = True
    return found


def inherited(db: Connection, session: int) -> Spine:
    """Return the rows of the messages that *session* inherits in its own lane, in order."""
    found = Spine()
    row = db.execute("SELECT agent FROM session WHERE id = ?", (session,)).fetchone()
    if row is not None:
        asked = {"session": session, "agent": row[0]}
        _fill(found, db.execute(boundaries.INHERITED, asked))
    return found


def rows(db: Connection, ids: Sequence[int]) -> list[BlockRow]:
    """Return the rows of the blocks *ids*, in that order; unknown ids are left out."""
    found = db.execute(ROWS, {"ids": json.dumps([id_ for id_ in ids if id_ > 0])})
    by_id = {row[0]: _row(row) for row in found}
    if any(id_ < 0 for id_ in ids):
        told = boundaries.boundaries(db, [-id_ for id_ in ids if id_ < 0])
        by_id |= {-one.session: _boundary_row(one) for one in told}
    places = [row.message_id for row in by_id.values() if row.said is Kind.COMPACTION]
    if places:
        amid = {id_ for (id_,) in db.execute(_AMID, {"ids": json.dumps(places)})}
        by_id |= {
            row.id: replace(row, amid=True) for row in by_id.values() if row.message_id in amid
        }
    return [by_id[id_] for id_ in ids if id_ in by_id]


def text(db: Connection, block: int) -> str:
    """Return the whole text of *block*, however long, with a terminal's colours."""
    row = db.execute(_TEXT, {"block": block}).fetchone()
    return row[0] if row else ""


def locate(db: Connection, message: int) -> Location | None:
    """Return where message *message* (its row id) is shown; a result is in its call's row."""
    row = db.execute(_LOCATE, {"message": message}).fetchone()
    return Location(*row) if row else None


def locate_block(db: Connection, block: int) -> Location | None:
    """Return where *block* is shown."""
    row = db.execute("SELECT message_id, shown FROM block WHERE id = ?", (block,)).fetchone()
    if row is None:
        return None
    place = locate(db, row[0])
    if place is None or not row[1]:
        return place
    return Location(place.conversation, place.conversation_id, place.agent, block)


def _begins(
    db: Connection, session: int, agent: str, after: int, first: tuple[Any, ...] | None
) -> bool:
    """Return whether *session* begins above block *after*, with the row *first* if it has any."""
    if after <= 0:
        return True
    return first is not None and not boundaries.begun(db, session, agent, after)


def _fill(found: Spine, rows: Iterable[tuple[Any, ...]]) -> None:
    for id_, message, kind, said, size, lines in rows:
        found.ids.append(id_)
        found.messages.append(message)
        found.kinds.append(_BLOCK_CODE[kind])
        found.saids.append(_KIND_CODE[said])
        found.sizes.append(size)
        found.lines.append(lines)


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


def _row(row: tuple[object, ...]) -> BlockRow:
    (
        id_, message, uuid, kind, said, role, at, agent, branch, abandoned, body, size, lines,
        model, reply, detail, prompt, copy, *call,
    ) = row  # fmt: skip
    return BlockRow(
        _int(id_), _int(message), str(uuid), BlockKind(str(kind)), Kind(str(said)),
        Role(str(role)), _maybe(at), str(agent), _int(branch), bool(abandoned), str(body),
        _int(size), _int(lines), str(model), _maybe(reply), str(detail),
        None if call[0] is None else _call(call), PromptKind(str(prompt)) if prompt else None,
        bool(copy),
    )  # fmt: skip


def _call(row: Sequence[object]) -> CallRow:
    key, tool, given, outcome, result, answer, size, lines, duration, agent, detail = row
    return CallRow(
        str(key), str(tool), str(given), Outcome(str(outcome)), _maybe(result),
        str(answer or ""), _int(size or 0), _int(lines or 0), _maybe(duration), str(agent),
        str(detail),
    )  # fmt: skip


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def _maybe(value: object) -> int | None:
    return None if value is None else _int(value)
