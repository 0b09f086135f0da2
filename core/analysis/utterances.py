"""What was said in the main lane, prompt by prompt and reply by reply, as counted terms.

Topics, semantic flow and coherence all stand on these. Tool input, tool output and thinking
are no part of them; blocks of code are cut out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.analysis.material import Said, Spot, Turn
from core.analysis.terms import Counts, Frequencies, Terms

MOST: Final = 30  # terms of one utterance


@dataclass(frozen=True, slots=True)
class Utterance:
    """One prompt or reply that holds at least one term."""

    spot: Spot
    at: int | None
    prompt: bool
    turn: int  # place of its turn in the main lane, from 0
    counts: Mapping[str, int]


class Rarities(dict[str, float]):
    """How much each term distinguishes; worked out once for each."""

    def __init__(self, frequencies: Frequencies) -> None:
        super().__init__()
        self._frequencies = frequencies
        self._by_count: dict[int, float] = {}  # most terms are as common as many others

    def __missing__(self, term: str) -> float:
        number = self._frequencies.counts.get(term, 0)
        found = self._by_count.get(number)
        if found is None:
            found = self._by_count[number] = self._frequencies.rarity(term)
        self[term] = found
        return found


def utterances(
    main: Iterable[Turn], terms: Terms, rarities: Mapping[str, float] | None = None
) -> tuple[Utterance, ...]:
    """Return what was said in *main*, turns of the main lane, in order.

    With *rarities* only the `MOST` terms of each that weigh most are kept.
    """
    found: list[Utterance] = []
    for number, turn in enumerate(main):
        for said, asked in _said(turn):
            counts = terms.count(said.text)
            if counts:
                found.append(Utterance(said.spot, said.at, asked, number, counts))
    return tuple(found) if rarities is None else heaviest(found, rarities)


def heaviest(said: Iterable[Utterance], rarities: Mapping[str, float]) -> tuple[Utterance, ...]:
    """Return *said*, each with the `MOST` of its terms that weigh most."""
    return tuple(
        replace(one, counts=_heaviest(one.counts, rarities)) if len(one.counts) > MOST else one
        for one in said
    )


def together(said: Sequence[Utterance], prompts: int = 1) -> Counts:
    """Return the terms of *said* in one count; those of prompts count *prompts* times."""
    counts: Counts = {}
    for one in said:
        weight = prompts if one.prompt else 1
        for term, number in one.counts.items():
            counts[term] = counts.get(term, 0) + weight * number
    return counts


def _heaviest(counts: Mapping[str, int], rarities: Mapping[str, float]) -> Counts:
    heavy = sorted([(-math.log1p(n) * rarities[term], term) for term, n in counts.items()])
    return {term: counts[term] for _, term in heavy[:MOST]}


def _said(turn: Turn) -> list[tuple[Said, bool]]:
    asked = [(turn.prompt, True)] if turn.prompt else []
    return asked + [(reply, False) for reply in turn.replies]
