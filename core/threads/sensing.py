"""A lane threaded again at another sensitivity, from evidence that was weighed before.

The costly part, comparing turns, does not depend on the sensitivity: only the search for
the best way to cut does, and it is quick.
"""

from core.threads.threader import Segment, Threader, taken
from core.threads.weights import Weights


class _Replayed(Threader):
    """A threader that takes over what another one has compared."""

    def __init__(self, other: Threader, weights: Weights, more: float, slack: float) -> None:
        super().__init__(weights)
        self._band = other.band
        self._begin = [
            odds + more + slack * taken(other.turns, at) if at else odds
            for at, odds in enumerate(other.begin)
        ]
        self._sums = [list(column) for column in other.sums]
        self._search(1)

    def count(self) -> int:
        """Return how many segments there are; whose thread each is of is not asked."""
        cuts = self._cuts()
        ends = [*cuts[1:], len(self._begin)]
        return sum(len(self._parted(cut, end)) for cut, end in zip(cuts, ends, strict=True))


def segments_at(
    threader: Threader, weights: Weights, more: float, slack: float = 0.0
) -> list[Segment]:
    """Return how the lane of *threader* is threaded with *more* added to every cut's log-odds.

    *slack* is added to that of the weights. *weights* are those of *threader*. The best cut
    of the whole lane is looked for: where a lane was followed turn by turn, cuts long settled
    may differ from it.
    """
    return _Replayed(threader, weights, more, slack).segments()


def count_at(threader: Threader, weights: Weights, slack: float) -> int:
    """Return how many segments `segments_at` would find with *slack*, much quicker."""
    return _Replayed(threader, weights, 0.0, slack).count()
