"""Rows about messages: the messages of a slice, their blocks, texts, calls and replies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from sqlite3 import Connection

from core.measures.plain import plain
from core.measures.titles import of_prompt
from core.model import TYPED, Block, BlockKind, Kind, Message, PromptKind, Reply
from core.store import snapshots
from core.store.keys import Keys
from core.store.packing import Packer
from core.store.pairing import Answer, Pairing, show
from core.store.placing import Placed, Placement
from core.store.replies import Pricing, Replies
from core.store.rows import insert
from core.store.search_index import SearchIndex
from core.store.searches import charge
from core.store.sessions import OpenSession

_MESSAGE = """
INSERT INTO message (id, session_id, uid, uuid, parent_id, hung_on, record, kind, role, at,
    agent, branch, reply_id, counted, digest, line, offset, length, detail, prompt)
"""
_BLOCK = """
INSERT INTO block (id, message_id, session_id, kind, said, agent, shown, size, lines)
"""
_BODY = "INSERT INTO body_kept (id, text)"
_COLOURED = "INSERT INTO coloured (id, text) VALUES (?, ?)"
_IMAGE = "INSERT INTO image (id, media_type, data) VALUES (?, ?, ?)"
_WRITTEN_BY = {  # what a kind of message says of who wrote it, where the record does not
    Kind.PROMPT: PromptKind.TYPED,
    Kind.QUEUED: PromptKind.QUEUED,
    Kind.COMMAND: PromptKind.SLASH,
    Kind.SHELL: PromptKind.BASH,
    Kind.TASK: PromptKind.AGENT,
    Kind.NOTICE: PromptKind.NOTIFICATION,
    Kind.META: PromptKind.SYSTEM,
    Kind.SUMMARY: PromptKind.SYSTEM,
}
_ASKING = {Kind.PROMPT, Kind.QUEUED, Kind.TASK}
_NEVER_EMPTY = {BlockKind.CALL, BlockKind.RESULT, BlockKind.IMAGE}
# What an erased message leaves behind: its results' calls, its calls' results.
_UNANSWER = """
UPDATE call SET outcome = 'none', result_id = NULL, duration_ms = NULL, detail = ''
WHERE result_id IN (SELECT id FROM block WHERE message_id = :message)
"""
_BLOCKS = "SELECT id FROM block WHERE message_id = :message"
_ANSWERED = """
SELECT hash, result_id, outcome, duration_ms, agent, detail FROM call
WHERE message_id = :message AND result_id IS NOT NULL
"""
_HOP = "INSERT INTO hop (session_id, uid, message_id, hung_on)"
_HOP_AGAIN = """
ON CONFLICT (session_id, uid) DO UPDATE
    SET message_id = excluded.message_id, hung_on = excluded.hung_on
"""
_MOVED = "UPDATE message SET line = ?, offset = ?, length = ? WHERE id = ?"
_ADD = """
UPDATE session SET
    started_at = min(coalesce(started_at, :first), coalesce(:first, started_at)),
    ended_at   = max(coalesce(ended_at, :last), coalesce(:last, ended_at)),
    messages   = messages + :messages,
    prompts    = prompts + :prompts,
    tool_calls = tool_calls + :calls,
    errors     = errors + :errors,
    first_prompt = CASE WHEN first_prompt = '' THEN :prompt ELSE first_prompt END
WHERE id = :id
"""
_MAX = {
    "message": "SELECT max(id) FROM message",
    "block": "SELECT max(id) FROM block",
    "reply": "SELECT max(id) FROM reply",
}


@dataclass(slots=True)
class _Batch:
    """Rows on their way to the library. Values are of SQLite's own types: others take longer."""

    next_block: int
    packer: Packer
    messages: list[tuple[object, ...]] = field(default_factory=list)
    blocks: list[tuple[object, ...]] = field(default_factory=list)
    bodies: list[tuple[int, str | bytes]] = field(default_factory=list)
    coloured: list[tuple[int, str]] = field(default_factory=list)
    images: list[tuple[int, str, bytes]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What `write` has written."""

    first: int  # id of the first new block; 0 if there is none
    apart: bool  # a call waits for its result, or a result has no call
    copied: bool  # a call that is counted in another file has got its result in this one
    freed: set[int]  # sessions whose results were in the stead of one that came now
    elsewhere: bool  # a reply is in another file too: what that costs may have changed
    replies: set[int]  # keys of such replies


def next_id(db: Connection, table: str) -> int:
    """Return the id that the next row of *table* gets; there is only one writer."""
    return int(db.execute(_MAX[table]).fetchone()[0] or 0) + 1


def erase(db: Connection, index: SearchIndex, messages: Iterable[int]) -> dict[int, Answer]:
    """Remove messages whose records now say something else, and their texts from *index*.

    Returns the results of their calls that are still there, by the calls' hashes.
    """
    answered: dict[int, Answer] = {}
    for message in messages:
        asked = {"message": message}
        for hash_, *answer in db.execute(_ANSWERED, asked):
            answered[hash_] = Answer(*answer)
        db.execute(_UNANSWER, asked)
        index.take_out([id_ for (id_,) in db.execute(_BLOCKS, asked).fetchall()])
        db.execute("DELETE FROM message WHERE id = ?", (message,))
    return {hash_: answer for hash_, answer in answered.items() if show(db, answer.result)}


def write(  # noqa: PLR0913  what a slice says, part by part
    db: Connection,
    session: OpenSession,
    placement: Placement,
    links: Sequence[tuple[str, str]],
    answered: dict[int, Answer],
    *,
    index: SearchIndex,
    told: Sequence[Reply],
    pricing: Pricing,
    keys: Keys,
) -> Written:
    """Insert what *placement* found; return what came of it.

    *links* are calls and the agents that the log says they started, *answered* results that
    were stored before their calls, *told* replies whose usage stands in records of its own.
    """
    new = placement.new
    replies = Replies(db, session.id, next_id(db, "reply"), pricing, keys)
    replies.look_up(new, told)
    pairing = Pairing(db, session.id, session.agent, answered, keys)
    pairing.look_up(b.result for p in new for b in p.message.blocks if b.result)
    first = next_id(db, "block")
    batch = _Batch(first, index.packer)
    known = replies.known()
    pieces = [replies.add(placed) for placed in new]
    stale = snapshots.outgrown(new, pieces)
    again = [(one, reply) for one, reply in zip(new, pieces, strict=True) if reply in known]
    if again:
        snapshots.forget(db, index, session.id, new[0].id, again)
    for placed, piece in zip(new, pieces, strict=True):
        message, place = placed.message, placed.message.place
        batch.messages.append(
            (
                placed.id, session.id, placed.uid, placed.uuid, placed.anchor.message,
                placed.anchor.hung_on, message.record, str(message.kind), str(message.role),
                message.at, placed.agent, placed.branch, piece, 1, placed.digest,
                place.line, place.offset, place.length, message.detail, _written_by(message),
            )
        )  # fmt: skip
        if message.kind is Kind.TASK and not session.agent and placed.anchor.message is None:
            prompt = "".join(block.text for block in message.blocks)
            pairing.claimed(prompt, placed.agent)
        for number, block in enumerate(message.blocks):
            empty = stale and (placed.id, number) in stale
            said = replace(block, text="", packed=None) if empty else block
            _block(batch, index, session.id, placed, said, pairing)
    for reply in told:
        replies.tell(reply)
    for call, agent in links:
        pairing.started(call, agent)
    insert(db, _MESSAGE, batch.messages)
    insert(db, _BLOCK, batch.blocks)
    insert(db, _BODY, batch.bodies)
    db.executemany(_COLOURED, batch.coloured)
    db.executemany(_IMAGE, batch.images)
    insert(db, _HOP, placement.hops, _HOP_AGAIN)
    moved = ((p.line, p.offset, p.length, id_) for p, id_ in placement.moved)
    db.executemany(_MOVED, moved)
    pairing.write()
    _add(db, session, new, pairing.failed)
    replies.write()
    for asked in sorted(pairing.searched):
        charge(db, pricing, asked)
    return Written(
        first if batch.blocks else 0, pairing.apart, pairing.copied, pairing.freed,
        replies.elsewhere, replies.shared,
    )  # fmt: skip


def _block(  # noqa: PLR0913, PLR0917  one block, and where its rows go
    batch: _Batch, index: SearchIndex, session: int, placed: Placed, block: Block, pairing: Pairing
) -> None:
    message = placed.message
    id_ = batch.next_block
    batch.next_block += 1
    # An empty piece, such as a command that printed nothing, is no row of its own.
    shown = int(bool(block.text) or block.kind in _NEVER_EMPTY)
    if block.call is not None:
        pairing.called(id_, placed.id, block.call, message.at)
    if block.result is not None:
        shown = int(not pairing.answered(block.result, id_, message.at))
    if block.image is not None:
        batch.images.append((id_, block.image.media_type, block.image.data))
    text = block.text.replace("\0", "␀")  # SQLite's substr() would end there
    # What an editor put before a prompt was not said by the person.
    aside = block.kind is BlockKind.NOTE and message.kind in _ASKING
    said = Kind.META if aside else message.kind
    batch.blocks.append(
        (
            id_, placed.id, session, str(block.kind), str(said), placed.agent, shown, len(text),
            text.count("\n"),
        )
    )  # fmt: skip
    bare = plain(text)
    batch.bodies.append((id_, block.packed or batch.packer.packed(bare)))
    if bare != text:
        batch.coloured.append((id_, text))
    index.add(id_, block.kind, bare)


def _add(db: Connection, session: OpenSession, new: Sequence[Placed], failed: int) -> None:
    """Add the new messages to their session's counts. Copies are taken off again by settling."""
    messages = [placed.message for placed in new]
    times = [message.at for message in messages if message.at is not None]
    typed = [p.message for p in new if p.message.kind in TYPED and p.agent == ""]
    asking = [m for m in messages if m.kind is Kind.TASK] if session.agent else typed
    db.execute(
        _ADD,
        {
            "id": session.id,
            "first": min(times, default=None),
            "last": max(times, default=None),
            "messages": sum(m.record in {"user", "assistant"} for m in messages),
            "prompts": len(typed),
            "calls": sum(b.call is not None for m in messages for b in m.blocks),
            "errors": failed,
            "prompt": next((said for m in asking if (said := of_prompt(_words(m)))), ""),
        },
    )


def _written_by(message: Message) -> str:
    said = message.prompt
    return str(_WRITTEN_BY.get(message.kind, "") if said is None else said)


def _words(message: Message) -> str:
    return " ".join(b.text for b in message.blocks if b.kind is BlockKind.PROMPT).strip()
