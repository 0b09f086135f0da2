"""A lane threaded again at another sensitivity, from evidence that was weighed before.

The costly part, comparing turns, does not depend on the sensitivity: only the search for
the best way to cut does, and it is quick.
"""

from core.threads.threader import Segment, Threader
from core.threads.weights import Weights


class _Replayed(Threader):
    """A threader that takes over what another one has compared."""

    def __init__(self, other: Threader, weights: Weights, more: float) -> None:
        super().__init__(weights)
        self._band = other.band
        self._begin = [odds + more if at else odds for at, odds in enumerate(other.begin)]
        self._sums = [list(column) for column in other.sums]
        self._search(1)


def segments_at(threader: Threader, weights: Weights, more: float) -> list[Segment]:
    """Return how the lane of *threader* is threaded with *more* added to every cut's log-odds.

    *weights* are those of *threader*. The best cut of the whole lane is looked for: where a
    lane was followed turn by turn, cuts long settled may differ from it.
    """
    return _Replayed(threader, weights, more).segments()
