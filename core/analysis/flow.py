"""How the talk moves: how like its neighbour each utterance is, and where the words turn over.

The similarity of two utterances is the cosine of their terms' weights. The shift at an
utterance is 1 minus the cosine of the six utterances before it and of the six from it on; the
baseline is the same for stretches of the conversation that lie far apart. A major shift is a
peak that stands out from what is around it.

A point is settled once five more utterances follow it, and a major shift after seventeen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from core.analysis.material import Spot
from core.analysis.terms import Counts, Vector
from core.analysis.utterances import Rarities, Utterance, together

REVISION: Final = 3
SIDE: Final = 6  # utterances on each side of a shift
AROUND: Final = 12  # points on each side against which a peak has to stand out
PROMINENT: Final = 0.2  # by how much
PAIRS: Final = 64  # far pairs looked at for the baseline, at most
TOO_FEW: Final = "not enough messages"

Window: TypeAlias = tuple[Vector, float]  # the terms of some utterances by weight, and its length


@dataclass(frozen=True, slots=True)
class Move:
    """What one utterance does to the flow, against what came before."""

    spot: Spot
    at: int | None
    similarity: float  # with the utterance before, 0 to 1
    shift: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Peak:
    """A major shift."""

    spot: Spot
    at: int | None
    shift: float
    prominence: float  # how far it stands out from the lowest points on both sides


@dataclass(frozen=True, slots=True)
class Flow:
    """The semantic flow of one conversation."""

    moves: tuple[Move, ...]  # from the second utterance on
    average: float | None  # mean similarity of neighbours
    stability: float | None  # 1 minus the mean shift
    baseline: float | None  # mean shift between far stretches; None: too short to tell
    major: tuple[Peak, ...]  # in order
    reason: str = ""  # why there are no figures


def flow(said: Sequence[Utterance], rarities: Rarities) -> Flow:
    """Return the semantic flow of *said*. Linear in its length."""
    if len(said) < 2:
        return Flow((), None, None, None, (), TOO_FEW)
    single = [_window(one.counts, rarities) for one in said]
    ahead = _ahead(said, rarities)
    begun: Counts = {}  # what was said before: the first few have fewer utterances there
    moves: list[Move] = []
    for at in range(1, len(said)):
        if at < SIDE:
            for term, number in said[at - 1].counts.items():
                begun[term] = begun.get(term, 0) + number
        before = ahead[at - SIDE] if at >= SIDE else _window(begun, rarities)
        shift = 1.0 - _alike(before, ahead[at])
        alike = _alike(single[at - 1], single[at])
        moves.append(Move(said[at].spot, said[at].at, round(alike, 4), round(shift, 4)))
    average = sum(move.similarity for move in moves) / len(moves)
    stability = 1.0 - sum(move.shift for move in moves) / len(moves)
    return Flow(tuple(moves), average, stability, _baseline(ahead), _peaks(moves))


def _window(counts: Mapping[str, int], rarities: Rarities) -> Window:
    weights = {term: math.log1p(n) * rarities[term] for term, n in counts.items()}
    return weights, _length(weights)


def _length(weights: Mapping[str, float]) -> float:
    return math.sqrt(sum([weight * weight for weight in weights.values()]))


def _alike(one: Window, other: Window) -> float:
    """Return the cosine of two windows, 0 to 1; 0 where one has no terms."""
    lengths = one[1] * other[1]
    if not lengths:
        return 0.0
    mine, theirs = one[0], other[0]
    return min(1.0, sum([mine[term] * theirs[term] for term in mine.keys() & theirs]) / lengths)


def _ahead(said: Sequence[Utterance], rarities: Rarities) -> list[Window]:
    """Return the window from each utterance on. What is in both of two is not counted anew."""
    found: list[Window] = []
    counts = together(said[:SIDE])
    weights, _ = _window(counts, rarities)
    log = math.log1p
    for at, one in enumerate(said):
        found.append((dict(weights), _length(weights)))
        changed = set(one.counts)
        for term, number in one.counts.items():
            counts[term] -= number
        if at + SIDE < len(said):
            more = said[at + SIDE].counts
            changed.update(more)
            for term, number in more.items():
                counts[term] = counts.get(term, 0) + number
        for term in changed:
            if counts[term]:
                weights[term] = log(counts[term]) * rarities[term]
            else:
                del counts[term], weights[term]
    return found


def _baseline(ahead: Sequence[Window]) -> float | None:
    """Return the mean shift between windows that lie half a conversation apart."""
    apart = len(ahead) // 2
    if apart < AROUND:
        return None
    step = max(1, (len(ahead) - apart) // PAIRS)
    starts = range(0, len(ahead) - apart, step)
    shifts = [1.0 - _alike(ahead[at], ahead[at + apart]) for at in starts]
    return sum(shifts) / len(shifts)


def _peaks(moves: Sequence[Move]) -> tuple[Peak, ...]:
    """Return the points that no neighbour exceeds and that stand out by `PROMINENT`."""
    shifts = [move.shift for move in moves]
    found: list[Peak] = []
    for at, height in enumerate(shifts):
        near = shifts[max(0, at - SIDE) : at + SIDE + 1]
        first = max(0, at - SIDE)
        if height < max(near) or shifts.index(height, first) != at:
            continue
        left = shifts[max(0, at - AROUND) : at]
        right = shifts[at + 1 : at + 1 + AROUND]
        if not left or not right:
            continue
        prominence = height - max(min(left), min(right))
        if prominence >= PROMINENT:
            move = moves[at]
            found.append(Peak(move.spot, move.at, height, round(prominence, 4)))
    return tuple(found)
