"""Guesses how tall rows are from their kind and size, before any text is read."""

from array import array
from typing import Final

from core.model import BlockKind, Kind
from core.queries.transcript import BLOCK_KINDS, BOUNDARY, KINDS, Spine

_CARD: Final = 30  # a closed card and its gap
_CHARACTER: Final = 7.1  # mean width of body text at 100 %
_LINE: Final = 22

# Height without text, the most lines counted; no lines are counted for what is closed.
_BY_KIND: Final = {
    BlockKind.PROMPT: (88, 40),
    BlockKind.REPLY: (52, 130),
    BlockKind.NOTE: (48, 40),
    BlockKind.THINKING: (_CARD, 0),
    BlockKind.CALL: (_CARD + 12, 0),
    BlockKind.RESULT: (_CARD, 0),
    BlockKind.IMAGE: (260, 0),
    BlockKind.OTHER: (_CARD, 0),
}
_BY_SAID: Final = {
    Kind.COMMAND: (_CARD, 0),
    Kind.SHELL: (_CARD, 0),
    Kind.COMPACTION: (48, 0),
    Kind.INTERRUPT: (52, 0),
    Kind.SUMMARY: (_CARD + 12, 0),
    Kind.NOTICE: (_CARD, 0),
    Kind.META: (_CARD, 0),
}
_BOUNDARY: Final = (74, 0)
_TABLE: Final = tuple(
    (*(_BY_SAID.get(said, _BY_KIND[kind]) for said in KINDS), _BOUNDARY) for kind in BLOCK_KINDS
)
assert all(len(line) == BOUNDARY + 1 for line in _TABLE)  # the boundary's is the last


def guesses(
    rows: Spine, width: int, scale: float, first: int = 0, end: int | None = None
) -> "array[int]":
    """Return a height for each of *rows* from *first* to *end*, for text *width* pixels wide."""
    found = array("i")
    add = found.append
    a_line = max(8, round(width / (_CHARACTER * scale)))
    tall = _LINE * scale
    part = slice(first, end)
    for kind, said, size, lines in zip(
        rows.kinds[part], rows.saids[part], rows.sizes[part], rows.lines[part], strict=True
    ):
        base, most = _TABLE[kind][said]
        if not most:
            add(base)
            continue
        count = lines * 3 // 4 + 1 + size // a_line
        add(base + int((min(most, count)) * tall))
    return found
