"""Finds searched words in a text, in the units that Qt counts text by."""

from collections.abc import Iterable
from typing import Final

_MOST: Final = 200  # of one text: more than anybody can look at


def spans(text: str, wanted: Iterable[str]) -> list[tuple[int, int]]:
    """Return where any of *wanted* stands in *text*, in order; upper and lower case are one."""
    low = text.lower()
    if len(low) != len(text):  # a letter that is two in lower case: places would not fit
        low = text
    found: list[tuple[int, int]] = []
    for word in wanted:
        if not word:
            continue
        at = low.find(word.lower())
        while at >= 0 and len(found) < _MOST:
            found.append((at, at + len(word)))
            at = low.find(word.lower(), at + len(word))
    found.sort()
    if text.isascii():
        return found
    return [(units(text, start), units(text, end)) for start, end in found]


def units(text: str, place: int) -> int:
    """Return how many UTF-16 units the first *place* characters of *text* are."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
