"""All of the context analysis of one conversation, each analyser with its revision.

Everything is worked out from the material alone and from how common terms are in the library,
so it can be stored for as long as the material and `REVISIONS` stay the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.analysis import (
    activity,
    coherence,
    complexity,
    engagement,
    flow,
    progression,
    switches,
    topics,
)
from core.analysis.coherence import Coherence
from core.analysis.complexity import Complexity
from core.analysis.engagement import Engagement
from core.analysis.flow import Flow
from core.analysis.material import Material
from core.analysis.progression import Progression
from core.analysis.switches import Switches
from core.analysis.terms import Frequencies, Terms
from core.analysis.topics import Evolution, Topic
from core.analysis.utterances import Rarities, Utterance, heaviest, utterances

REVISIONS: Final[Mapping[str, int]] = {
    "topics": topics.REVISION,
    "flow": flow.REVISION,
    "intents": progression.REVISION,
    "complexity": complexity.REVISION,
    "switches": switches.REVISION,
    "coherence": coherence.REVISION,
    "engagement": engagement.REVISION,
}


@dataclass(frozen=True, slots=True)
class ThreadTopic:
    """What one thread is about, over all of its stretches."""

    thread: str  # its key
    topic: Topic


@dataclass(frozen=True, slots=True)
class Context:
    """The context analysis of one conversation."""

    topics: Evolution
    threads: tuple[ThreadTopic, ...]
    flow: Flow
    intents: Progression
    complexity: Complexity
    switches: Switches
    coherence: Coherence
    engagement: Engagement


def context(
    material: Material,
    frequencies: Frequencies,
    terms: Terms | None = None,
    heard: Sequence[Utterance] | None = None,
) -> Context:
    """Return the context analysis of *material*. Linear in its length.

    *terms* remembers tokens from one conversation to the next, and *heard* are the utterances
    with all of their terms, if somebody has them; the result is the same without.
    """
    rarities = Rarities(frequencies)
    said = heaviest(utterances(material, terms or Terms()) if heard is None else heard, rarities)
    asked = progression.progression(material)
    return Context(
        topics.evolution(said, rarities, activity.activity(material)),
        thread_topics(material, said, rarities),
        flow.flow(said, rarities),
        asked,
        complexity.complexity(material),
        switches.switches(material),
        coherence.coherence(material, said, rarities),
        engagement.engagement(material, asked.prompts),
    )


def thread_topics(
    material: Material, said: tuple[Utterance, ...], rarities: Rarities
) -> tuple[ThreadTopic, ...]:
    """Return the topic of each thread of *material*, in the order in which they begin."""
    keys = switches.threads(material.main, material.cuts)
    stretches: dict[str, list[Utterance]] = {}
    for one in said:
        stretches.setdefault(keys[one.turn], []).append(one)
    stretches.pop("", None)
    return tuple(
        ThreadTopic(key, topics.of_stretch(words, rarities)) for key, words in stretches.items()
    )
