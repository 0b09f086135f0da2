"""What a slice's new messages come to as rows: put together without writing any.

Ids in rows are those of the library where it is asked for what it knows, and counted from one
where nothing is known of the session, as in a file that is read ahead of the writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from sqlite3 import Connection

from core.measures.plain import plain
from core.measures.titles import of_prompt
from core.model import TYPED, Block, BlockKind, Kind, Message, PromptKind, Reply
from core.store import reply_rows, snapshots
from core.store.keys import Keys
from core.store.packing import Packer
from core.store.pairing import Answer, Pairing
from core.store.placing import Placed, Placement
from core.store.replies import Replies
from core.store.rows import Rows
from core.store.search_index import column

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


@dataclass(frozen=True, slots=True)
class Firsts:
    """The ids that the next new rows get."""

    block: int = 1
    reply: int = 1


@dataclass(slots=True)
class Composed:
    """Rows on their way to the library. Values are of SQLite's own types: others take longer."""

    hops: Rows
    orphans: Rows
    messages: Rows = field(default_factory=lambda: Rows(18))
    blocks: Rows = field(default_factory=lambda: Rows(8))
    bodies: Rows = field(default_factory=lambda: Rows(2))
    coloured: Rows = field(default_factory=lambda: Rows(2))
    images: Rows = field(default_factory=lambda: Rows(3))
    calls: Rows = field(default_factory=lambda: Rows(12))
    replies: Rows = field(default_factory=lambda: Rows(reply_rows.WIDTH))
    searched: Rows = field(default_factory=lambda: Rows(3))  # see `SearchIndex.add`
    added: dict[str, object] = field(default_factory=dict)  # to the session's counts
    charging: tuple[int, ...] = ()  # calls whose results tell of web searches
    apart: bool = False  # a call waits for its result, or a result has no call
    copied: bool = False  # a call that is counted in another file has got its result in this one
    freed: set[int] = field(default_factory=set)  # sessions whose results stood in for these
    before: dict[int, tuple[int, int]] = field(default_factory=dict)  # replies, see `Replies`
    elsewhere: set[int] = field(default_factory=set)  # keys of replies that others have, too
    again: list[tuple[Placed, int | None]] = field(default_factory=list)  # of stored replies


def compose(  # noqa: PLR0913, PLR0917  what a slice says, part by part
    db: Connection,
    session: int,
    lane: str,
    placement: Placement,
    links: Sequence[tuple[str, str]],
    answered: dict[int, Answer],
    *,
    firsts: Firsts,
    told: Sequence[Reply],
    keys: Keys,
    packer: Packer,
) -> Composed:
    """Return the rows of what *placement* found in *session*, the *lane* of an agent or of none.

    *links* are calls and the agents that the log says they started, *answered* results that
    were stored before their calls, *told* replies whose usage stands in records of its own.
    *db* is asked what it knows; calls that it has already are answered in it.
    """
    new = placement.new
    replies = Replies(db, session, firsts.reply, keys)
    replies.look_up(new, told)
    pairing = Pairing(db, session, lane, answered, keys)
    pairing.look_up(b.result for p in new for b in p.message.blocks if b.result)
    known = replies.known()
    pieces = [replies.add(placed) for placed in new]
    stale = snapshots.outgrown(new, pieces)
    made = Composed(hops=placement.hops, orphans=pairing.orphans)
    composer = _Composer(made, pairing, packer, firsts.block)
    for placed, piece in zip(new, pieces, strict=True):
        if piece in known:
            made.again.append((placed, piece))
        made.messages.add(_message(placed, piece))
        message = placed.message
        if message.kind is Kind.TASK and not lane and placed.anchor.message is None:
            prompt = "".join(block.text for block in message.blocks)
            pairing.claimed(prompt, placed.agent)
        for number, block in enumerate(message.blocks):
            empty = stale and (placed.id, number) in stale
            composer.block(placed, replace(block, text="", packed=None) if empty else block)
    for reply in told:
        replies.tell(reply)
    for call, agent in links:
        pairing.started(call, agent)
    made.calls, made.replies = pairing.rows(), replies.rows()
    made.before, made.elsewhere = replies.before, replies.elsewhere
    made.added = _added(new, lane, pairing.failed)
    made.charging = tuple(sorted(pairing.searched))
    made.apart, made.copied, made.freed = pairing.apart, pairing.copied, pairing.freed
    return made


def _message(placed: Placed, piece: int | None) -> tuple[object, ...]:
    message, place = placed.message, placed.message.place
    return (
        placed.id, placed.uid, placed.uuid, placed.anchor.message, placed.anchor.hung_on,
        message.record, str(message.kind), str(message.role), message.at, placed.agent,
        placed.branch, piece, placed.digest, place.line, place.offset, place.length,
        message.detail, _written_by(message),
    )  # fmt: skip


class _Composer:
    """Makes the rows of one block after the other."""

    def __init__(self, made: Composed, pairing: Pairing, packer: Packer, first: int) -> None:
        self._made = made
        self._pairing = pairing
        self._packer = packer
        self._next = first

    def block(self, placed: Placed, block: Block) -> None:
        message, made = placed.message, self._made
        id_ = self._next
        self._next += 1
        # An empty piece, such as a command that printed nothing, is no row of its own.
        shown = int(bool(block.text) or block.kind in _NEVER_EMPTY)
        if block.call is not None:
            self._pairing.called(id_, placed.id, block.call, message.at)
        if block.result is not None:
            shown = int(not self._pairing.answered(block.result, id_, message.at))
        if block.image is not None:
            made.images.add((id_, block.image.media_type, block.image.data))
        text = block.text.replace("\0", "␀")  # SQLite's substr() would end there
        # What an editor put before a prompt was not said by the person.
        aside = block.kind is BlockKind.NOTE and message.kind in _ASKING
        said = Kind.META if aside else message.kind
        made.blocks.add(
            (
                id_, placed.id, str(block.kind), str(said), placed.agent, shown, len(text),
                text.count("\n"),
            )
        )  # fmt: skip
        bare = plain(text)
        kept, words = (block.packed, bare) if block.packed else self._packer.both(bare)
        made.bodies.add((id_, kept))
        if bare != text:
            made.coloured.add((id_, self._packer.packed(text)))
        made.searched.add((id_, column(block.kind), words))


def _added(new: Sequence[Placed], lane: str, failed: int) -> dict[str, object]:
    """Return what the new messages add to their session's counts."""
    messages = [placed.message for placed in new]
    times = [message.at for message in messages if message.at is not None]
    typed = [p.message for p in new if p.message.kind in TYPED and p.agent == ""]
    asking = [m for m in messages if m.kind is Kind.TASK] if lane else typed
    return {
        "first": min(times, default=None),
        "last": max(times, default=None),
        "messages": sum(m.record in {"user", "assistant"} for m in messages),
        "prompts": len(typed),
        "calls": sum(b.call is not None for m in messages for b in m.blocks),
        "errors": failed,
        "prompt": next((said for m in asking if (said := of_prompt(_words(m)))), ""),
    }


def _written_by(message: Message) -> str:
    said = message.prompt
    return str(_WRITTEN_BY.get(message.kind, "") if said is None else said)


def _words(message: Message) -> str:
    return " ".join(b.text for b in message.blocks if b.kind is BlockKind.PROMPT).strip()
