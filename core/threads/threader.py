"""Turns to threads: a lane is followed turn by turn, and only its open end is thought over.

A turn that is added is compared with the few before it. Once the segments are asked for, the
last places where a thread may begin are weighed again, and the best way to cut is found anew
from there. A cut that lies twice `LONGEST` turns back is settled: it does not move any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.threads import boundaries, pairs, relinking
from core.threads.asides import Part, parted
from core.threads.cutting import LONGEST, Certainty
from core.threads.evidence import Turn
from core.threads.weights import Weights, odds

_LOW = -1e18
_CLOSED = -6.0  # log-odds for a prompt that only ends a talk; nobody has labelled any such


@dataclass(frozen=True, slots=True)
class Segment:
    """Turns next to each other that are of one thread."""

    first: int
    end: int  # the turn after its last
    thread: int
    sure: float = 0.0  # that it is an aside, or what follows one, 0 to 1; 0 for neither
    likely: float = 0.0  # that it takes up just this earlier thread, 0 to 1; 0 for a new one


class Threader:
    """Follows one lane. `add` its turns in order; `segments` is how they are threaded."""

    def __init__(self, weights: Weights, shift: float = 0.0) -> None:
        """Take *weights*; *shift* makes more cuts where it is above zero, fewer below."""
        self._weights = weights
        self._shift = weights.shift + shift
        self._band = pairs.Band()
        self._begin: list[float] = []  # log-odds that a thread begins at a turn
        self._sums: list[list[float]] = []  # of a turn's log-odds with the turns after it
        self._stale: int | None = None  # the first place to weigh again, once that is asked for
        self._certainty = Certainty()
        self._unsure = 1  # the first end of a segment that is to be weighed again for it
        self._best: list[float] = [0.0]
        self._back: list[int] = [0]
        self._settled = 0  # a cut that every later segmentation keeps
        self._fixed = _Links()  # the threads at that cut
        self._done: list[Segment] = []  # the segments before it
        self._open: list[tuple[Part, _Links]] = []  # those after it, as last asked for
        self._parts: dict[tuple[int, int], list[Part]] = {}  # of cuts whose measures are final

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
        self._think()
        return self._begin

    @property
    def sums(self) -> Sequence[Sequence[float]]:
        """The running sums of each turn's log-odds with the turns after it."""
        return self._sums

    def sure(self, first: int = 0) -> list[float]:
        """Return for each turn from *first* on the share of all ways to cut that cut there."""
        self._think()
        self._certainty.follow(self._begin, self._sums, self._unsure)
        self._unsure = len(self._begin) + 1
        return self._certainty.since(first)

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
        self._stale = again if self._stale is None else min(again, self._stale)
        if len(self._begin) >= self._settled + 2 * LONGEST:
            self._think()
            self._settle()

    def _think(self) -> None:
        """Weigh again the places whose measures have changed, and find the best cuts anew."""
        again, self._stale = self._stale, None
        if again is None:
            return
        for j in range(again, len(self._begin)):
            row = boundaries.features(self._band, j)
            self._begin[j] = odds(self._weights.boundary, row) + self._shift
            if self._weights.slack:
                self._begin[j] += self._weights.slack * taken(self._band.turns, j)
            turn = self._band.turns[j]
            if turn.form.closes and not turn.calls:
                self._begin[j] += _CLOSED
        self._unsure = min(self._unsure, again + 1)
        self._search(again + 1)

    def replace(self, turn: Turn) -> None:
        """Take the last turn back and take in *turn* instead: it has grown."""
        while self._open and self._open[-1][0].end == len(self._begin):
            self._open.pop()
        self._band.drop()
        self._sums.pop()
        self._begin.pop()
        del self._best[len(self._begin) + 1 :], self._back[len(self._begin) + 1 :]
        for column in self._sums[-pairs.BAND :]:
            column.pop()
        self.add(turn)

    def _search(self, again: int) -> None:
        """Find the best segmentations of the turns before each end from *again* on."""
        n, sums, begin, bests = len(self._begin), self._sums, self._begin, self._best
        del bests[again:], self._back[again:]
        for e in range(min(again, len(bests)), n + 1):
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
            for part in self._parted(cut, end):
                if self._open and self._open[0][0] == part:
                    self._fixed = self._open.pop(0)[1]
                else:
                    self._open.clear()
                    self._fixed = self._link(self._fixed, part)
                if self._fixed.given:
                    self._done.append(self._fixed.given)
            self._parts.pop((cut, end), None)
            self._settled = end
        if self._settled > cuts[0]:
            self._search(self._settled + 1)

    def _forced(self, part: Part) -> bool:
        """Tell whether *part* is cut off for length alone: it is tied to the stretch before it."""
        cut = part.first
        before = self._back[cut]
        if part.sure or part.end - before <= LONGEST:
            return False
        ties = 0.0
        for x in range(max(before, cut - pairs.BAND), cut):
            column, reach = self._sums[x], part.end - 1 - x
            whole = column[reach] if reach < len(column) else column[-1]
            ties += whole - column[cut - 1 - x]
        return self._begin[cut] < ties

    def _parted(self, cut: int, end: int) -> list[Part]:
        """Return a stretch without its asides, and they; worked out once where that is final."""
        known = self._parts.get((cut, end))
        if known is None:
            known = parted(cut, end, self._begin, self._sums)
            if end + boundaries.AHEAD < len(self._begin):
                self._parts[cut, end] = known
        return known

    def segments(self) -> list[Segment]:
        """Return the segments in order, each with the thread it is of."""
        self._think()
        cuts = self._cuts()
        if not cuts:
            return list(self._done)
        parts = [
            part
            for cut, end in zip(cuts, [*cuts[1:], len(self._begin)], strict=True)
            for part in self._parted(cut, end)
        ]
        # What stood there the last time is linked already, its last segment apart.
        same = 0
        for part, (before, _) in zip(parts, self._open, strict=False):
            if part != before:
                break
            same += 1
        del self._open[same:]
        links = self._open[-1][1] if self._open else self._fixed
        for part in parts[same:]:
            links = self._link(links, part)
            self._open.append((part, links))
        return _joined([*self._done, *(links.given for _, links in self._open if links.given)])

    def _link(self, links: "_Links", part: Part) -> "_Links":
        turns = self._band.turns[part.first : part.end]
        if links.given and self._forced(part):
            return links.goes_on(turns, part)
        usual = self._band.usual[min(part.end - 1, part.first + relinking.HEAD - 1)][0].mean
        segment = Segment(part.first, part.end, -1, part.sure)
        return links.take(turns, segment, usual, self._weights)


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
            likely = relinking.likely(max(scored)[0])
        else:
            chosen, likely = relinking.Thread(following), 0.0
            following += 1
        others = tuple(thread for thread in self.known if thread is not chosen)
        known = (*others, chosen.plus(turns, self.count))[-relinking.KEPT :]
        given = Segment(segment.first, segment.end, chosen.number, segment.sure, likely)
        return _Links(known, given, self.count + 1, following)

    def goes_on(self, turns: Sequence[Turn], part: Part) -> "_Links":
        """Give a new segment to the thread of the last one."""
        last = self.known[-1]
        given = Segment(part.first, part.end, last.number, part.sure)
        known = (*self.known[:-1], last.plus(turns, last.touched))
        return _Links(known, given, self.count, self.following)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Return *segments* with neighbours of one thread as one."""
    found: list[Segment] = []
    for one in segments:
        if found and found[-1].thread == one.thread:
            found[-1] = replace(found[-1], end=one.end)
        else:
            found.append(one)
    return found


def taken(turns: Sequence[Turn], j: int) -> float:
    """Return how much less turn *j* and the one before it have to tell by for common words."""
    return (turns[j - 1].taken + turns[j].taken) / 2


def threads(turns: Iterable[Turn], weights: Weights, shift: float = 0.0) -> list[int]:
    """Return the thread of each of *turns*, one lane's, numbered from 0."""
    threader = Threader(weights, shift)
    for turn in turns:
        threader.add(turn)
    return [part.thread for part in threader.segments() for _ in range(part.first, part.end)]
