"""Learning from a person's own library, without labels and without anything leaving it.

Its sessions are spliced into streams whose threads are known because they were made. The
weights learnt from one half of the sessions are kept only where they thread streams of the
other half better than the weights they set out from, and do not cut the real sessions
there much more often: what is learnt from splices alone would see changes everywhere.
Which thread a segment takes up again is not learnt: a library has too few returns in it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise

from core.threads.evidence import Turn
from core.threads.learning import Lesson, collect, lesson
from core.threads.learning import learn as _learn
from core.threads.splices import Source, Stream, splices
from core.threads.threader import Threader, threads
from core.threads.weights import Weights

STREAMS = 700  # made to learn from
REAL = 0.6  # what the real sessions count in all against the streams
TRIALS = 150  # made of the half held back
CHOICES = ((0.5, 0.0), (1.0, 0.0), (1.0, -0.5))  # tried: share of what is learnt, shift of cuts
MORE = 0.1  # share of further cuts in real sessions that a better accuracy may cost
GAIN = 0.012  # accuracy on the halves held back that has to be won
LEAST = 12  # sessions of two turns or more below which there is nothing to learn from


@dataclass(frozen=True, slots=True)
class Adapted:
    """What came of it: accuracies on the halves held back, 0 to 1, and the weights to use."""

    weights: Weights
    kept: bool
    before: float
    after: float


def adapt(
    sessions: Sequence[Sequence[Turn]],
    weights: Weights,
    seed: int = 1,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> Adapted:
    """Return weights learnt from *sessions*, whose turns share one lexicon, if better.

    Pure: the same sessions and seed give the same weights. *stopped* is asked often; once it
    says True, the weights so far come back, not kept.
    """
    own = [turns for turns in sessions if len(turns) > 1]
    same = Adapted(weights, kept=False, before=0.0, after=0.0)
    if len(own) < LEAST:
        return same
    halves = ([s for s in own if _half(s)], [s for s in own if not _half(s)])
    before = 0.0
    gains = [0.0] * len(CHOICES)
    cuts = [0] * (len(CHOICES) + 1)
    for half, held in (halves, halves[::-1]):
        learnt = _from(half, weights, STREAMS // 2, seed, stopped)
        trials = splices(_sources(held, weights), TRIALS, seed + 1, long=True)
        if learnt is None or not trials:
            return same
        before += accuracy(trials, weights) / 2
        cuts[-1] += _cuts(held, weights)
        for at, (share, shift) in enumerate(CHOICES):
            mixed = blend(weights, learnt, share, shift)
            gains[at] += accuracy(trials, mixed) / 2
            cuts[at] += _cuts(held, mixed)
    allowed = (1 + MORE) * cuts[-1]
    good = [at for at in range(len(CHOICES)) if gains[at] > before + GAIN and cuts[at] <= allowed]
    if not good:
        return Adapted(weights, kept=False, before=before, after=max(gains))
    best = max(good, key=lambda at: gains[at])
    learnt = _from(own, weights, STREAMS, seed, stopped) or weights
    mixed = blend(weights, learnt, *CHOICES[best])
    return Adapted(mixed, kept=True, before=before, after=gains[best])


def _sources(sessions: Sequence[Sequence[Turn]], weights: Weights) -> list[Source]:
    """Return stretches of *sessions* that the weights so far take for one task each."""
    found: list[Source] = []
    for turns in sessions:
        threader = Threader(weights)
        for turn in turns:
            threader.add(turn)
        found.extend(
            Source(list(turns[part.first : part.end]), turns[0].uuid, "")
            for part in threader.segments()
        )
    return found


def _from(
    sessions: Sequence[Sequence[Turn]],
    weights: Weights,
    count: int,
    seed: int,
    stopped: Callable[[], bool],
) -> Weights | None:
    """Return weights learnt from streams spliced from *sessions*, and from these as they are."""
    streams = splices(_sources(sessions, weights), count, seed, long=True)
    lessons = [lesson(stream.turns, stream.threads) for stream in streams]
    whole = sum(len(one.turns) for one in lessons)
    real = [_unchanged(turns, weights) for turns in sessions]
    quiet = sum(begin is False for one in real for begin in one.begins) or 1
    lessons += [replace(one, count=REAL * whole / quiet) for one in real]
    found = collect(_until(lessons, stopped))
    if stopped() or not (found.boundary.rows and found.pair.rows and found.link.rows):
        return None
    settings = (weights.share, weights.shift, weights.least)
    return _learn(
        found, common=weights.common, settings=settings, origin="own library", prior=weights
    )


def _until(lessons: Sequence[Lesson], stopped: Callable[[], bool]) -> Iterator[Lesson]:
    for one in lessons:
        if stopped():
            return
        yield one


def _unchanged(turns: Sequence[Turn], weights: Weights) -> Lesson:
    """Return what a real session teaches: where the weights so far see no change, there is none."""
    threader = Threader(weights)
    for turn in turns:
        threader.add(turn)
    begun = {part.first for part in threader.segments()}
    return Lesson(turns, [None if j in begun else False for j in range(len(turns))])


def blend(one: Weights, other: Weights, share: float, shift: float = 0.0) -> Weights:
    """Return weights between two: *share* of *other*, the rest of *one*, cuts shifted."""

    def between(name: str) -> tuple[float, ...]:
        ours: tuple[float, ...] = getattr(one, name)
        theirs: tuple[float, ...] = getattr(other, name)
        return tuple((1 - share) * a + share * b for a, b in zip(ours, theirs, strict=True))

    return replace(
        one,
        boundary=between("boundary"),
        pair=between("pair"),
        shift=one.shift + shift,
        origin=f"{one.origin}; {share:.2f} own library",
    )


def _cuts(sessions: Sequence[Sequence[Turn]], weights: Weights) -> int:
    """Return how many cuts the real *sessions* get."""
    labels = [threads(turns, weights) for turns in sessions]
    return sum(sum(a != b for a, b in pairwise(label)) for label in labels)


def _half(turns: Sequence[Turn]) -> bool:
    return blake2b(turns[0].uuid.encode(), digest_size=1).digest()[0] % 2 == 0


def accuracy(streams: Sequence[Stream], weights: Weights) -> float:
    """Return the mean share of turns that are in the right thread, matched one to one."""
    shares = [agreement(stream.threads, threads(stream.turns, weights)) for stream in streams]
    return sum(shares) / len(shares) if shares else 0.0


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
