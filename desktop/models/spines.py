"""What is done with the columns of many rows: picked, copied, put into each other."""

from array import array
from collections.abc import Container, Sequence
from itertools import compress
from typing import Final

from core.model import BlockKind, Kind
from core.queries.transcript import BLOCK_KINDS, BOUNDARY, KINDS, Spine

SYSTEM: Final = tuple(KINDS.index(kind) for kind in (Kind.NOTICE, Kind.META))
_PROMPTS: Final = frozenset(
    (*map(KINDS.index, (Kind.PROMPT, Kind.QUEUED, Kind.COMMAND, Kind.SHELL)), BOUNDARY)
)
_THINKING: Final = BLOCK_KINDS.index(BlockKind.THINKING)


def filtered(rows: Spine, *, system_visible: bool, prompts_only: bool) -> Spine:
    """Return those of *rows* that are to be visible; *rows* itself if all are."""
    if prompts_only:
        mask = [said in _PROMPTS for said in rows.saids]
    elif system_visible:
        return rows
    else:
        mask = [
            not (said in SYSTEM or (kind == _THINKING and not size))
            for kind, said, size in zip(rows.kinds, rows.saids, rows.sizes, strict=True)
        ]
    return picked(rows, mask)


def without(rows: Spine, ids: Container[int]) -> Spine:
    """Return those of *rows* that are not among *ids*; *rows* itself if none is."""
    return picked(rows, [id_ not in ids for id_ in rows.ids])


def picked(rows: Spine, mask: Sequence[bool]) -> Spine:
    """Return those of *rows* for which *mask* says so; *rows* itself if these are all."""
    if all(mask):
        return rows
    return Spine(*(array(each.typecode, compress(each, mask)) for each in _arrays(rows)))


def copied(rows: Spine) -> Spine:
    """Return *rows* once more, to be changed."""
    return Spine(*(each[:] for each in _arrays(rows)))


def extend(rows: Spine, more: Spine) -> None:
    """Put *more* at the end of *rows*."""
    insert(rows, len(rows), more)


def insert(rows: Spine, at: int, more: Spine) -> None:
    """Put *more* before row *at* of *rows*."""
    for values, added in zip(_arrays(rows), _arrays(more), strict=True):
        values[at:at] = added


def remove(rows: Spine, first: int, end: int) -> None:
    """Take the rows from *first* to *end* out of *rows*."""
    for values in _arrays(rows):
        del values[first:end]


def _arrays(rows: Spine) -> "tuple[array[int], ...]":
    return rows.ids, rows.messages, rows.kinds, rows.saids, rows.sizes, rows.lines
