"""Asides: a few turns about something else, after which what went before goes on.

A segmentation alone pays twice for an aside: it cuts, and it loses that the turns on both
sides belong together. Here they may go on belonging together across it, so that an aside is
taken out of its stretch where its own two cuts are worth more than what ties it to the rest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.threads.pairs import BAND

LONGEST = 6  # turns of an aside at most
BONUS = 0.5  # log-odds for an aside: returns are commoner than two changes by chance
_LEAST = 1e-9  # log-odds from which an aside is one


@dataclass(frozen=True, slots=True)
class Part:
    """Turns next to each other: a stretch, or what an aside splits it into."""

    first: int
    end: int  # the turn after its last
    sure: float = 0.0  # that an aside begins or ends here, 0 to 1; 0 where none does


def parted(
    first: int, end: int, begin: Sequence[float], sums: Sequence[Sequence[float]]
) -> list[Part]:
    """Return the stretch from turn *first* to before *end* as one part, or as three.

    *begin* are the log-odds of a cut before each turn, *sums* the running sums of each
    turn's log-odds with the turns after it. Takes time in proportion to the stretch.
    """
    head = _heads(first, end, sums)
    tail = _tails(first, end, sums)
    best, where = 0.0, (0, 0)
    for i in range(first + 1, end - 1):
        # What ties two runs is what ties both together without what ties each alone.
        fixed = begin[i] + BONUS + head[i - first] - tail[i - first]
        for j in range(i + 1, min(end, i + LONGEST + 1)):
            own = sum(_within(sums[x], j - 1 - x) for x in range(i, j))
            gain = fixed + begin[j] - head[j - first] + tail[j - first] + 2 * own
            if gain > best:
                best, where = gain, (i, j)
    if best < _LEAST:
        return [Part(first, end)]
    sure = 1.0 / (1.0 + math.exp(-best))
    aside, after = where
    return [Part(first, aside), Part(aside, after, sure), Part(after, end, sure)]


def _heads(first: int, end: int, sums: Sequence[Sequence[float]]) -> list[float]:
    """Return for each place what ties the turns from *first* to there together."""
    found = [0.0]
    for b in range(first, end):
        near = range(max(first, b - BAND), b)
        found.append(
            found[-1] + sum(_within(sums[x], b - x) - _within(sums[x], b - 1 - x) for x in near)
        )
    return found


def _tails(first: int, end: int, sums: Sequence[Sequence[float]]) -> list[float]:
    """Return for each place what ties the turns from there to before *end* together."""
    found = [0.0]
    for x in range(end - 1, first - 1, -1):
        found.append(found[-1] + _within(sums[x], end - 1 - x))
    return found[::-1]


def _within(column: Sequence[float], reach: int) -> float:
    """Return what ties a turn to the *reach* turns behind it."""
    return column[reach] if reach < len(column) else column[-1]
