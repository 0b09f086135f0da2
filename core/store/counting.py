"""Counts the records of a slice by kind, and keeps those of unknown kinds."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model import Facts


@dataclass(frozen=True, slots=True)
class Census:
    """Rows of the census and of unread records, without their source."""

    known: int  # records
    unknown: int
    kinds: tuple[tuple[object, ...], ...]
    unread: tuple[tuple[object, ...], ...]


def census(facts: Sequence[Facts]) -> Census:
    """Return what kinds of records *facts* come from."""
    counts: dict[tuple[str, str], list[int]] = {}
    for fact in facts:
        if not fact.kind:
            continue  # what a record says besides; it was counted with its first fact
        key = (fact.kind, fact.version)
        have = counts.get(key)
        if have is None:
            place = fact.place
            counts[key] = [int(fact.known), 1, place.line, place.offset, place.length]
        else:
            have[1] += 1
    known = sum(row[1] for row in counts.values() if row[0])
    total = sum(row[1] for row in counts.values())
    unread = (
        (one.place.offset, one.place.line, one.place.length, one.kind, one.unknown.raw)
        for one in facts
        if one.unknown is not None
    )
    kinds = ((*key, *row) for key, row in counts.items())
    return Census(known, total - known, tuple(kinds), tuple(unread))
