"""Learning from a person's own library, without labels and without anything leaving it.

What is learnt is which words many of its sessions share (`vocabulary`): they tell little of
what a turn is about. As turns that are full of them are then tied less, the log-odds of a cut
are lowered by what they lost, so much that the library's sessions get fewer cuts than before.
It is kept only where sessions and streams that were held back are threaded better. Nothing is
tried on what it was learnt from: a session, or a stream made of stretches of some, is threaded by
what all the other sessions teach.

Streams change their thread far more often than people do. So they only tell how well threads
are told apart: each way to thread them is judged by the shift that suits it best there. How
often to cut is what the real sessions decide, most of which are about one thing: what is cut off
the longest thread of one counts as wrong. Streams and sessions count the same.

Nothing else is learnt. Weights fitted to such streams learn how these are made, and thread
real conversations worse; see docs/threading.md.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.threads.evidence import Turn
from core.threads.sensing import count_at, segments_at
from core.threads.splices import DAY, Source, Stream, splices
from core.threads.threader import Segment, Threader
from core.threads.vocabulary import Vocabulary, told, words
from core.threads.weights import Weights
from core.threads.words import Lexicon

TRIALS = 300  # streams made of the library's sessions
SLACKS = tuple(float(-at) for at in range(17))  # log-odds of cuts, tried in this order
FEWER = 0.9  # of the cuts that the real sessions had before, at most
TUNED = (1.0, 0.5, 0.0, -0.5, -1.0)  # shifts among which the best for the streams is looked for
LEAST = 12  # sessions of two turns or more below which there is nothing to learn from


@dataclass(frozen=True, slots=True)
class Adapted:
    """What came of it: accuracies on streams not learnt from, 0 to 1, and the weights to use."""

    weights: Weights
    kept: bool
    before: float
    after: float


def adapt(
    sessions: Sequence[Sequence[Turn]],
    weights: Weights,
    lexicon: Lexicon,
    seed: int = 1,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> Adapted:
    """Return *weights* that know the words of *sessions*, which share *lexicon*, unless worse.

    Pure: the same sessions and seed give the same weights. *stopped* is asked often; once it
    says True, *weights* come back, not kept.
    """
    same = Adapted(weights, kept=False, before=0.0, after=0.0)
    own = [turns for turns in sessions if len(turns) > 1]
    if len(own) < LEAST:
        return same
    learning = _Learning(own, weights, stopped)
    slack = learning.slack()
    if slack is None:
        return same
    trials = splices(learning.sources(slack), TRIALS, seed, long=True)
    tried = learning.tried(trials, slack)
    if not tried or stopped():
        return same
    before, after = (
        (_best([one[way] for one in tried]) + real) / 2
        for way, real in enumerate(learning.real(slack))
    )
    if after <= before:
        return Adapted(weights, kept=False, before=before, after=after)
    known = learning.vocabulary.known()
    parts = zip(lexicon.words(known), known.values(), strict=True)
    learnt = replace(
        weights,
        own={word: round(part, 3) for word, part in parts if part < 1},
        slack=slack,
        origin=f"{weights.origin}; words of {len(own)} sessions of the library",
    )
    return Adapted(learnt, kept=True, before=before, after=after)


class _Learning:
    """Threads a library's sessions twice: as before, and with what the others teach."""

    def __init__(
        self,
        own: Sequence[Sequence[Turn]],
        weights: Weights,
        stopped: Callable[[], bool],
    ) -> None:
        self.vocabulary = Vocabulary(own)
        self._own = own
        self._weights = weights
        self._stopped = stopped
        self._where: dict[str, set[int]] = {}  # uuid of a prompt: the sessions that have it
        for at, turns in enumerate(own):
            for turn in turns:
                self._where.setdefault(turn.uuid, set()).add(at)
        self._before = [_threaded(turns, weights) for turns in own]
        self._after: list[Threader] = []

    def slack(self) -> float | None:
        """Return the slack by which the sessions get fewer cuts than before; None if stopped."""
        for turns in self._own:
            if self._stopped():
                return None
            self._after.append(self._taught(turns))
        limit = FEWER * self._cuts(self._before, 0.0)
        return next(
            (slack for slack in SLACKS if self._cuts(self._after, slack) <= limit), SLACKS[-1]
        )

    def _cuts(self, threaders: Sequence[Threader], slack: float) -> int:
        return sum(count_at(one, self._weights, slack) - 1 for one in threaders)

    def real(self, slack: float) -> tuple[float, float]:
        """Return how much of a session is in its longest thread, before and after; means."""
        ways = (
            [_longest(one.segments()) for one in self._before],
            [_longest(segments_at(one, self._weights, 0.0, slack)) for one in self._after],
        )
        before, after = (sum(way) / len(way) for way in ways)
        return before, after

    def sources(self, slack: float) -> list[Source]:
        """Return the stretches of the sessions that neither way cuts: it would be favoured."""
        days = {(turns[0].at or 0) // DAY for turns in self._own}
        dated = len(days) > 2  # else they were not kept with their times
        found: list[Source] = []
        for turns, one, other in zip(self._own, self._before, self._after, strict=True):
            ways = (one.segments(), segments_at(other, self._weights, 0.0, slack))
            begun = sorted({part.first for way in ways for part in way})
            found.extend(
                Source(list(turns[cut:end]), turns[0].uuid, turns[0].cwd, dated)
                for cut, end in zip(begun, [*begun[1:], len(turns)], strict=True)
            )
        return found

    def tried(
        self, trials: Sequence[Stream], slack: float
    ) -> list[tuple[list[float], list[float]]]:
        """Return how accurately each of *trials* is threaded at `TUNED`, before and after."""
        found: list[tuple[list[float], list[float]]] = []
        for stream in trials:
            if self._stopped():
                break
            one, other = _threaded(stream.turns, self._weights), self._taught(stream.turns)
            after = self._accuracies(stream, other, slack)
            found.append((self._accuracies(stream, one, 0.0), after))
        return found

    def _accuracies(self, stream: Stream, threader: Threader, slack: float) -> list[float]:
        ways = (segments_at(threader, self._weights, shift, slack) for shift in TUNED)
        return [agreement(stream.threads, _labels(way)) for way in ways]

    def _taught(self, turns: Sequence[Turn]) -> Threader:
        """Thread *turns* by what the sessions teach that have none of them."""
        without = set[int]().union(*(self._where[turn.uuid] for turn in turns))
        return _threaded(told(turns, self.vocabulary.parts(words(turns), without)), self._weights)


def _best(tried: Sequence[Sequence[float]]) -> float:
    """Return the mean accuracy over streams at the shift where it is highest."""
    columns = range(len(TUNED))
    return max(sum(one[at] for one in tried) / len(tried) for at in columns)


def _longest(segments: Sequence[Segment]) -> float:
    counts = Counter(_labels(segments))
    return max(counts.values()) / counts.total()


def _threaded(turns: Sequence[Turn], weights: Weights) -> Threader:
    threader = Threader(weights)
    for turn in turns:
        threader.add(turn)
    return threader


def _labels(segments: Sequence[Segment]) -> list[int]:
    return [part.thread for part in segments for _ in range(part.first, part.end)]


def agreement(right: Sequence[int], found: Sequence[int]) -> float:
    """Return the share of turns in matching threads; the largest overlaps are matched first."""
    overlaps = Counter(zip(right, found, strict=True))
    ours: set[int] = set()
    theirs: set[int] = set()
    same = 0
    for (one, other), count in sorted(overlaps.items(), key=lambda item: (-item[1], item[0])):
        if one not in ours and other not in theirs:
            ours.add(one)
            theirs.add(other)
            same += count
    return same / len(right) if right else 1.0
