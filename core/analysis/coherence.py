"""How well threads hold together: likeness inside of them minus likeness across their cuts.

At each turn the two turns before it are compared with the two from it on, by the cosine of
their terms. Coherence is the mean over the turns that go on with a thread minus the mean over
those at a cut. The baseline is the same number of cuts at other places: the cuts, moved along
the conversation together by every distance (at most 64 of them). Cuts that mean nothing come
out near the baseline's mean, which is near 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from core.analysis.terms import cosine, vector
from core.analysis.utterances import Rarities, Utterance, together

REVISION: Final = 2
SIDE: Final = 2  # turns
MOVES: Final = 64  # distances by which cuts are moved, at most
ONE_THREAD: Final = "one thread: there is no cut to compare with"
ALL_APART: Final = "every turn is a thread of its own: there is no inside"


@dataclass(frozen=True, slots=True)
class Coherence:
    """Inside minus across, with what random cuts would give."""

    value: float | None  # -1 to 1
    inside: float | None
    across: float | None
    random: float | None  # mean of the moved cuts
    random95: float | None  # what 95 in 100 of the moved cuts stay below
    cuts: int
    reason: str = ""  # why there is no value


def coherence(keys: Sequence[str], said: Sequence[Utterance], rarities: Rarities) -> Coherence:
    """Return the coherence of threads: *keys* are those of the main lane's turns, in order."""
    by_turn: list[list[Utterance]] = [[] for _ in keys]
    for one in said:
        by_turn[one.turn].append(one)
    spoken = [at for at, words in enumerate(by_turn) if words]
    cuts = [keys[at] != keys[before] for before, at in pairwise(spoken)]
    number = sum(cuts)
    if not number or number == len(cuts):
        why = ALL_APART if number else ONE_THREAD
        return Coherence(None, None, None, None, None, number, why)
    turns = [by_turn[at] for at in spoken]
    likeness = _likeness(turns, rarities)
    inside, across = _means(likeness, cuts)
    moved = sorted(_moved(likeness, cuts))
    random = sum(moved) / len(moved)
    top = moved[min(len(moved) - 1, int(0.95 * len(moved)))]
    return Coherence(inside - across, inside, across, random, top, number)


def _likeness(turns: Sequence[Sequence[Utterance]], rarities: Rarities) -> list[float]:
    """Return for each turn but the first how like the two before it the two from it on are."""
    pairs = [
        vector(together([one for turn in turns[at : at + SIDE] for one in turn]), rarities)
        for at in range(len(turns))
    ]
    first = vector(together(turns[0]), rarities)
    return [
        cosine(pairs[at - SIDE] if at >= SIDE else first, pairs[at]) for at in range(1, len(turns))
    ]


def _means(likeness: Sequence[float], cuts: Sequence[bool]) -> tuple[float, float]:
    inside = [value for value, cut in zip(likeness, cuts, strict=True) if not cut]
    across = [value for value, cut in zip(likeness, cuts, strict=True) if cut]
    return sum(inside) / len(inside), sum(across) / len(across)


def _moved(likeness: Sequence[float], cuts: Sequence[bool]) -> list[float]:
    """Return inside minus across for *cuts* moved along by each distance, round the end."""
    size = len(cuts)
    step = max(1, (size - 1) // MOVES)
    found: list[float] = []
    for by in range(1, size, step):
        inside, across = _means(likeness, [*cuts[by:], *cuts[:by]])
        found.append(inside - across)
    return found
