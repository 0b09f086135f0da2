"""What a person wanted, prompt by prompt: intents, how they follow each other, clarity, urgency.

A prompt is read with nothing but the last reply before it, so appending changes no earlier one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from core.analysis import clarity as clearness
from core.analysis import intents, satisfaction, sentiment
from core.analysis.clarity import Clarity
from core.analysis.intents import Reading
from core.analysis.material import Said, Spot, Turn
from core.analysis.prose import prose
from core.analysis.satisfaction import Opinion
from core.analysis.sentiment import Sentiment
from core.model import TYPED, PromptKind

REVISION: Final = (
    intents.REVISION * 1000
    + clearness.REVISION * 100
    + satisfaction.REVISION * 10
    + (sentiment.REVISION)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One prompt that a person typed, as far as it can be read."""

    spot: Spot
    at: int | None
    reading: Reading
    clarity: Clarity
    urgent: str  # the words that say so
    opinion: Opinion  # of the work before it
    sentiment: Sentiment


@dataclass(frozen=True, slots=True)
class Progression:
    """The prompts of one conversation, in order, and what follows what."""

    prompts: tuple[Asked, ...]
    counts: tuple[tuple[str, int], ...]  # by intent, most frequent first
    transitions: tuple[tuple[str, str, int], ...]  # intent, the next one's, how often
    clarity: tuple[float, ...]  # score of each prompt
    urgency: tuple[bool, ...]


def prompts(main: Sequence[Turn], before: str = "") -> tuple[Asked, ...]:
    """Return the prompts of *main*, turns of the main lane, as read; *before* as in `typed`."""
    return tuple(_asked(prompt, reply) for prompt, reply in typed(main, before))


def progression(asked: tuple[Asked, ...]) -> Progression:
    """Return how the prompts *asked* went on."""
    wants = [one.reading.intent.value for one in asked]
    return Progression(
        asked,
        tuple(sorted(Counter(wants).items(), key=lambda one: (-one[1], one[0]))),
        transitions(wants),
        tuple(one.clarity.score for one in asked),
        tuple(bool(one.urgent) for one in asked),
    )


def transitions(wants: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Return how often each intent followed each; all together one fewer than *wants*."""
    return tuple((of, to, n) for (of, to), n in sorted(Counter(pairwise(wants)).items()))


def matrix(
    of: Iterable[tuple[tuple[str, str, int], ...]],
) -> dict[str, dict[str, int]]:
    """Return transitions of many conversations in one table: from, to, how often."""
    table: dict[str, dict[str, int]] = {}
    for one in of:
        for before, after, number in one:
            row = table.setdefault(before, {})
            row[after] = row.get(after, 0) + number
    return table


def typed(main: Sequence[Turn], before: str = "") -> Iterator[tuple[Said, str]]:
    """Yield the prompts that a person typed, each with the last reply before it.

    A reply of another session is not before it; *before* is one of the first turn's session.
    """
    session = main[0].session if main else ""
    for turn in main:
        if turn.session != session:
            before, session = "", turn.session
        prompt = turn.prompt
        if prompt and prompt.kind in TYPED and prompt.by not in _MACHINES:
            yield prompt, before
        if turn.replies:
            before = turn.replies[-1].text


_MACHINES = frozenset({PromptKind.SDK, PromptKind.HOOK, PromptKind.SYSTEM, PromptKind.TEAMMATE})


def _asked(prompt: Said, before: str) -> Asked:
    taken = prose(prompt.text)
    opinion = satisfaction.opinion(taken, follows=bool(before))
    return Asked(
        prompt.spot,
        prompt.at,
        intents.read(taken, before),
        clearness.clarity(taken),
        clearness.urgency(taken),
        opinion,
        sentiment.sentiment(taken, opinion),
    )
