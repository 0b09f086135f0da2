"""How the talk moves: how like its neighbour each utterance is, and where the words turn over.

The similarity of two utterances is the cosine of their terms' weights. The shift at an
utterance is 1 minus the cosine of the six utterances before it and of the six from it on; the
baseline is the same for stretches of the conversation that lie far apart. A major shift is a
peak that stands out from what is around it.

A point is settled once five more utterances follow it, and a major shift after seventeen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.analysis.material import Spot
from core.analysis.terms import Vector, cosine, vector
from core.analysis.utterances import Rarities, Utterance, together

REVISION: Final = 2
SIDE: Final = 6  # utterances on each side of a shift
AROUND: Final = 12  # points on each side against which a peak has to stand out
PROMINENT: Final = 0.2  # by how much
PAIRS: Final = 64  # far pairs looked at for the baseline, at most
TOO_FEW: Final = "not enough messages"


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
    single = [vector(one.counts, rarities) for one in said]
    ahead = _ahead(said, rarities)
    moves: list[Move] = []
    for at in range(1, len(said)):
        before = (
            ahead[at - SIDE] if at >= SIDE else vector(together(said[:at]), rarities)
        )  # the first few have fewer before them
        shift = 1.0 - cosine(before, ahead[at])
        alike = cosine(single[at - 1], single[at])
        moves.append(Move(said[at].spot, said[at].at, round(alike, 4), round(shift, 4)))
    average = sum(move.similarity for move in moves) / len(moves)
    stability = 1.0 - sum(move.shift for move in moves) / len(moves)
    return Flow(tuple(moves), average, stability, _baseline(ahead), _peaks(moves))


def _ahead(said: Sequence[Utterance], rarities: Rarities) -> list[Vector]:
    """Return the window from each utterance on. What is in both of two is not counted anew."""
    found: list[Vector] = []
    counts = together(said[:SIDE])
    for at, one in enumerate(said):
        found.append(vector(counts, rarities))
        for term, number in one.counts.items():
            if counts[term] == number:
                del counts[term]
            else:
                counts[term] -= number
        for term, number in said[at + SIDE].counts.items() if at + SIDE < len(said) else ():
            counts[term] = counts.get(term, 0) + number
    return found


def _baseline(ahead: Sequence[Vector]) -> float | None:
    """Return the mean shift between windows that lie half a conversation apart."""
    apart = len(ahead) // 2
    if apart < AROUND:
        return None
    step = max(1, (len(ahead) - apart) // PAIRS)
    starts = range(0, len(ahead) - apart, step)
    shifts = [1.0 - cosine(ahead[at], ahead[at + apart]) for at in starts]
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
