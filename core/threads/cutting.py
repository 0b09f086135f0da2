"""How sure each cut is: the share of all ways to cut a lane that have a segment begin there.

The score of a way to cut is the sum over its cuts of the log-odds that a thread begins
there, and over its segments of the log-odds of nearby turns being of one thread.
"""

import math
from collections.abc import Sequence

LONGEST = 60  # turns of one segment at most; what lies further back is settled

_LOW = -1e18


def posterior(begin: Sequence[float], sums: Sequence[Sequence[float]]) -> list[float]:
    """Return for each turn the probability that a segment begins there.

    *begin* are the log-odds of a cut before each turn; *sums* the running sums of each
    turn's log-odds with the turns after it.
    """
    n = len(begin)
    if not n:
        return []
    ends = [_segments(e, begin, sums) for e in range(1, n + 1)]
    ahead = [0.0] * (n + 1)
    for e in range(1, n + 1):
        ahead[e] = _sum([ahead[s] + score for s, score in ends[e - 1]])
    after: list[list[float]] = [[_LOW] for _ in range(n + 1)]
    after[n] = [0.0]
    for e in range(n, 0, -1):
        rest = _sum(after[e])
        for s, score in ends[e - 1]:
            after[s].append(score + rest)
    sure = [math.exp(min(0.0, ahead[s] + _sum(after[s]) - ahead[n])) for s in range(1, n)]
    return [1.0, *sure]


def _segments(
    e: int, begin: Sequence[float], sums: Sequence[Sequence[float]]
) -> list[tuple[int, float]]:
    """Return the scores of all segments that end before turn *e*, by where they begin."""
    found: list[tuple[int, float]] = []
    inner = 0.0
    for s in range(e - 1, max(-1, e - 1 - LONGEST), -1):
        column = sums[s]
        inner += column[min(len(column) - 1, e - 1 - s)]
        found.append((s, inner + (begin[s] if s else 0.0)))
    return found


def _sum(logs: Sequence[float]) -> float:
    """Return the logarithm of the sum of the exponentials of *logs*."""
    top = max(logs)
    return top + math.log(sum(math.exp(log - top) for log in logs))
