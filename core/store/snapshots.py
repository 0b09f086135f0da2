"""Texts that a later record of the same reply holds again, with more: only the last is kept.

Some gateways write a reply as it grows, each record with all of its text so far. What an earlier
record says is then the beginning of what a later one says; its bytes stay in the log.
"""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection

from core.model import Block, BlockKind
from core.store.placing import Placed
from core.store.search_index import SearchIndex

_GROWING = frozenset({BlockKind.REPLY, BlockKind.THINKING})
_NEAR = 60  # messages before the new ones in which earlier pieces are looked for
_EARLIER = """
SELECT block.id, block.kind, body.text FROM message
JOIN block ON block.message_id = message.id JOIN body ON body.id = block.id
WHERE message.id BETWEEN :from AND :to AND message.reply_id = :reply
    AND message.session_id = :session AND block.kind IN ('reply', 'thinking')
    AND body.text <> ''
"""


def outgrown(new: Sequence[Placed], replies: Sequence[int | None]) -> set[tuple[int, int]]:
    """Return which texts of a slice a later record of the same reply begins with.

    *replies* are the replies of *new*, one by one. Each text is told by its message's id and
    its place among the blocks of that.
    """
    found: set[tuple[int, int]] = set()
    latest: dict[tuple[int, BlockKind], tuple[int, int, str]] = {}
    for placed, reply in zip(new, replies, strict=True):
        if reply is None:
            continue
        for number, block in _growing(placed):
            before = latest.get((reply, block.kind))
            if before and before[0] != placed.id and _contains(block.text, before[2]):
                found.add(before[:2])
            latest[reply, block.kind] = (placed.id, number, block.text)
    return found


def forget(
    db: Connection,
    index: SearchIndex,
    session: int,
    first: int,
    new: Iterable[tuple[Placed, int | None]],
) -> None:
    """Take the text off stored blocks that one of *new* holds again, with more.

    *first* is the id of the first new message, and *new* holds those whose reply was stored
    before.
    """
    for placed, reply in new:
        texts = [(block.kind, block.text) for _, block in _growing(placed)]
        if not texts:
            continue
        asked = {"from": first - _NEAR, "to": first - 1, "reply": reply, "session": session}
        for id_, kind, said in db.execute(_EARLIER, asked).fetchall():
            if any(kind == sort and _contains(text, said) for sort, text in texts):
                index.take_out((id_,))
                db.execute("UPDATE body_kept SET text = '' WHERE id = ?", (id_,))
                db.execute("UPDATE block SET shown = 0, size = 0, lines = 0 WHERE id = ?", (id_,))
                db.execute("DELETE FROM coloured_kept WHERE id = ?", (id_,))
                index.put_back(id_)


def _growing(placed: Placed) -> list[tuple[int, Block]]:
    blocks = enumerate(placed.message.blocks)
    return [(n, block) for n, block in blocks if block.kind in _GROWING and block.text]


def _contains(text: str, begin: str) -> bool:
    return len(text) > len(begin) and text.startswith(begin)
