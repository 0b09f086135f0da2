"""Rows about messages: the messages of a slice, their blocks, texts, calls and replies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from core.store import pairing, reply_rows, snapshots
from core.store.composing import Composed
from core.store.pairing import Answer, show
from core.store.placing import Placement
from core.store.reply_rows import Pricing
from core.store.rows import AS_IT_IS, BLOCK, MESSAGE, REPLY, SESSION, Base, Rows, insert
from core.store.search_index import SearchIndex
from core.store.searches import charge

_MESSAGE = """
INSERT INTO message (id, session_id, uid, uuid, parent_id, hung_on, record, kind, role, at,
    agent, branch, reply_id, counted, digest, line, offset, length, detail, prompt)
"""
_MESSAGE_SHAPE = (
    MESSAGE, SESSION, *(AS_IT_IS,) * 2, MESSAGE, *(AS_IT_IS,) * 7, REPLY, "1", *(AS_IT_IS,) * 6,
)  # fmt: skip
_BLOCK = """
INSERT INTO block (id, message_id, session_id, kind, said, agent, shown, size, lines)
"""
_BLOCK_SHAPE = (BLOCK, MESSAGE, SESSION, *(AS_IT_IS,) * 6)
_BODY = "INSERT INTO body_kept (id, text)"
_COLOURED = "INSERT INTO coloured_kept (id, text)"
_TEXT_SHAPE = (BLOCK, AS_IT_IS)
_IMAGE = "INSERT INTO image (id, media_type, data)"
_IMAGE_SHAPE = (BLOCK, AS_IT_IS, AS_IT_IS)
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
_HOP_SHAPE = (SESSION, AS_IT_IS, MESSAGE, AS_IT_IS)
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


@dataclass(frozen=True, slots=True)
class Written:
    """What `write` has written."""

    first: int  # id of the first new block; 0 if there is none
    apart: bool  # a call waits for its result, or a result has no call
    copied: bool  # a call that is counted in another file has got its result in this one
    freed: set[int]  # sessions whose results were in the stead of one that came now
    elsewhere: bool  # a reply is in another file too: what that costs may have changed
    replies: set[int]  # ids of such replies
    spent: Sequence[tuple[int, int]]  # what each of its replies adds, see `reply_rows.spending`


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


def write(
    db: Connection, rows: Composed, base: Base, *, index: SearchIndex, pricing: Pricing
) -> Written:
    """Insert *rows*, whose ids are counted from *base*; return what came of it."""
    if rows.again:
        snapshots.forget(db, index, base.session, _first(rows.messages), rows.again)
    insert(db, _MESSAGE, rows.messages, columns=_MESSAGE_SHAPE, base=base)
    insert(db, _BLOCK, rows.blocks, columns=_BLOCK_SHAPE, base=base)
    insert(db, _BODY, rows.bodies, columns=_TEXT_SHAPE, base=base)
    insert(db, _COLOURED, rows.coloured, columns=_TEXT_SHAPE, base=base)
    insert(db, _IMAGE, rows.images, columns=_IMAGE_SHAPE, base=base)
    insert(db, _HOP, rows.hops, _HOP_AGAIN, columns=_HOP_SHAPE, base=base)
    index.add(rows.searched, base.block)
    pairing.put(db, rows.calls, rows.orphans, base)
    db.execute(_ADD, {"id": base.session, **rows.added})
    spent, shared = reply_rows.put(db, rows.replies, base, pricing, rows.before, rows.elsewhere)
    for asked in rows.charging:
        charge(db, pricing, asked + base.block)
    return Written(
        _first(rows.blocks) + base.block if rows.blocks else 0, rows.apart, rows.copied, rows.freed,
        bool(rows.elsewhere), shared, spent,
    )  # fmt: skip


def move(db: Connection, placement: Placement) -> None:
    """Note where the messages are now that are still in a file that was written anew."""
    moved = ((p.line, p.offset, p.length, id_) for p, id_ in placement.moved)
    db.executemany(_MOVED, moved)


def _first(rows: Rows) -> int:
    """Return the id of the first of *rows*."""
    first = rows.values[0]
    assert isinstance(first, int)
    return first
