"""Turns to threads: a lane is followed turn by turn, and only its open end is thought over.

A turn that is added is compared with the few before it, the last places where a thread may
begin are weighed again, and the best way to cut is found anew from there. A cut that lies
`LONGEST` turns back is settled: it does not move any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.threads import boundaries, pairs, relinking
from core.threads.cutting import LONGEST
from core.threads.evidence import Turn
from core.threads.weights import Weights, odds

_LOW = -1e18


@dataclass(frozen=True, slots=True)
class Segment:
    """Turns next to each other that are of one thread."""

    first: int
    end: int  # the turn after its last
    thread: int


class Threader:
    """Follows one lane. `add` its turns in order; `segments` is how they are threaded."""

    def __init__(self, weights: Weights, shift: float = 0.0) -> None:
        """Take *weights*; *shift* makes more cuts where it is above zero, fewer below."""
        self._weights = weights
        self._shift = weights.shift + shift
        self._band = pairs.Band()
        self._begin: list[float] = []  # log-odds that a thread begins at a turn
        self._sums: list[list[float]] = []  # of a turn's log-odds with the turns after it
        self._best: list[float] = [0.0]
        self._back: list[int] = [0]
        self._settled = 0  # a cut that every later segmentation keeps
        self._fixed = _Links()  # the threads at that cut
        self._done: list[Segment] = []  # the segments before it
        self._open: list[tuple[int, int, _Links]] = []  # those after it, as last asked for

    @property
    def turns(self) -> Sequence[Turn]:
        """The turns so far."""
        return self._band.turns

    @property
    def band(self) -> pairs.Band:
        """How the turns compare."""
        return self._band

    @property
    def begin(self) -> Sequence[float]:
        """The log-odds that a thread begins at each turn, the shift included."""
        return self._begin

    @property
    def sums(self) -> Sequence[Sequence[float]]:
        """The running sums of each turn's log-odds with the turns after it."""
        return self._sums

    def add(self, turn: Turn) -> None:
        """Take in the next turn."""
        self._band.add(turn)
        last = len(self._band.turns) - 1
        self._sums.append([0.0])
        for k in range(len(self._band.rows[last])):
            i = last - 1 - k
            likely = odds(self._weights.pair, pairs.measures(self._band, i, last))
            column = self._sums[i]
            column.append(column[-1] + self._weights.share * likely / pairs.DECAY[k])
        self._begin.append(0.0)
        again = max(1, last - boundaries.AHEAD)
        for j in range(again, last + 1):
            row = boundaries.features(self._band, j)
            self._begin[j] = odds(self._weights.boundary, row) + self._shift
        self._search(again + 1)
        self._settle()

    def replace(self, turn: Turn) -> None:
        """Take the last turn back and take in *turn* instead: it has grown."""
        self._band.drop()
        self._open.clear()
        self._sums.pop()
        self._begin.pop()
        self._best.pop()
        self._back.pop()
        for column in self._sums[-pairs.BAND :]:
            column.pop()
        self.add(turn)

    def _search(self, again: int) -> None:
        """Find the best segmentations of the turns before each end from *again* on."""
        n, sums, begin, bests = len(self._begin), self._sums, self._begin, self._best
        del bests[again:], self._back[again:]
        for e in range(min(again, n), n + 1):
            best, back, inner = _LOW, 0, 0.0
            for s in range(e - 1, max(self._settled, e - LONGEST) - 1, -1):
                column = sums[s]
                reach = e - 1 - s
                inner += column[reach] if reach < len(column) else column[-1]
                score = bests[s] + inner + begin[s]
                if score > best:
                    best, back = score, s
            bests.append(best)
            self._back.append(back)

    def _cuts(self) -> list[int]:
        """Return where segments begin, from the settled cut on."""
        cuts: list[int] = []
        at = len(self._begin)
        while at > self._settled:
            at = self._back[at]
            cuts.append(at)
        return cuts[::-1]

    def _settle(self) -> None:
        """Fix the segments whose end lies so far back that nothing new can reach them."""
        if len(self._begin) < self._settled + LONGEST:
            return
        cuts = self._cuts()
        for cut, end in pairwise(cuts):
            if end + LONGEST > len(self._begin):
                break
            if self._open and self._open[0][:2] == (cut, end):
                self._fixed = self._open.pop(0)[2]
            else:
                self._open.clear()
                self._fixed = self._link(self._fixed, cut, end)
            if self._fixed.given:
                self._done.append(self._fixed.given)
            self._settled = end
        if self._settled > cuts[0]:
            self._search(self._settled + 1)

    def segments(self) -> list[Segment]:
        """Return the segments in order, each with the thread it is of."""
        cuts = self._cuts()
        if not cuts:
            return list(self._done)
        parts = list(zip(cuts, [*cuts[1:], len(self._begin)], strict=True))
        # What stood there the last time is linked already, its last segment apart.
        same = 0
        for part, (first, end, _) in zip(parts, self._open, strict=False):
            if part != (first, end):
                break
            same += 1
        del self._open[same:]
        links = self._open[-1][2] if self._open else self._fixed
        for first, end in parts[same:]:
            links = self._link(links, first, end)
            self._open.append((first, end, links))
        return [*self._done, *(links.given for _, _, links in self._open if links.given)]

    def _link(self, links: "_Links", first: int, end: int) -> "_Links":
        turns = self._band.turns[first:end]
        usual = self._band.usual[min(end - 1, first + relinking.HEAD - 1)][0].mean
        return links.take(turns, Segment(first, end, -1), usual, self._weights)


@dataclass(frozen=True, slots=True)
class _Links:
    """The threads after a segment was given to one of them."""

    known: tuple[relinking.Thread, ...] = ()
    given: Segment | None = None
    count: int = 0  # segments so far
    following: int = 0  # number of the next new thread

    def take(
        self, turns: Sequence[Turn], segment: Segment, usual: float, weights: Weights
    ) -> "_Links":
        """Give a new segment to the thread it takes up again, or to a new one."""
        last = self.given.thread if self.given else -1
        found = relinking.candidates(turns, self.known, last, self.count, usual)
        scored = [(odds(weights.link, row), -at) for at, (_, row) in enumerate(found)]
        following = self.following
        if scored and max(scored)[0] > weights.least:
            chosen = found[-max(scored)[1]][0]
        else:
            chosen = relinking.Thread(following)
            following += 1
        others = tuple(thread for thread in self.known if thread is not chosen)
        known = (*others, chosen.plus(turns, self.count))[-relinking.KEPT :]
        given = Segment(segment.first, segment.end, chosen.number)
        return _Links(known, given, self.count + 1, following)


def threads(turns: Iterable[Turn], weights: Weights, shift: float = 0.0) -> list[int]:
    """Return the thread of each of *turns*, one lane's, numbered from 0."""
    threader = Threader(weights, shift)
    for turn in turns:
        threader.add(turn)
    return [part.thread for part in threader.segments() for _ in range(part.first, part.end)]
