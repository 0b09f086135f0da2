"""How sure each cut is: the share of all ways to cut a lane that have a segment begin there.

The score of a way to cut is the sum over its cuts of the log-odds that a thread begins
there, and over its segments of the log-odds of nearby turns being of one thread.
"""

import math
from collections.abc import Sequence

LONGEST = 60  # turns of one segment at most; what lies further back is settled

_FAINT = 1e-7  # share of a way to cut from which it is passed over


class Certainty:
    """Follows a lane: what is known of its beginning stays, only its open end is weighed again.

    For each place it keeps where the segment that ends there begins, and how likely each of
    these is. Followed back from the end, that gives the share of every cut exactly.
    """

    def __init__(self) -> None:
        self._ahead: list[float] = [0.0]  # logarithm of the sum over all ways to cut up to there
        self._ways: list[list[tuple[int, float]]] = [[]]

    def follow(self, begin: Sequence[float], sums: Sequence[Sequence[float]], again: int) -> None:
        """Weigh the segments that end before turn *again* and later ones; all of them once.

        *begin* are the log-odds of a cut before each turn; *sums* the running sums of each
        turn's log-odds with the turns after it.
        """
        ahead = self._ahead
        again = max(1, min(again, len(ahead)))
        del ahead[again:], self._ways[again:]
        for e in range(again, len(begin) + 1):
            scores: list[float] = []
            inner = 0.0
            least = max(0, e - LONGEST)
            for s in range(e - 1, least - 1, -1):
                column, reach = sums[s], e - 1 - s
                inner += column[reach] if reach < len(column) else column[-1]
                scores.append(ahead[s] + inner + (begin[s] if s else 0.0))
            top = max(scores)
            shares = [math.exp(score - top) for score in scores]
            whole = sum(shares)
            ahead.append(top + math.log(whole))
            faint = _FAINT * whole
            self._ways.append(
                [(e - 1 - k, one / whole) for k, one in enumerate(shares) if one > faint]
            )

    def since(self, first: int) -> list[float]:
        """Return for each turn from *first* on the probability that a segment begins there."""
        n = len(self._ways) - 1
        sure = [0.0] * n + [1.0]
        for e in range(n, first, -1):
            if (likely := sure[e]) > _FAINT:
                for s, share in self._ways[e]:
                    sure[s] += likely * share
        return [min(1.0, one) for one in sure[first:n]]
