"""The context analysis of one conversation, made from its pieces, each analyser with its revision.

Whatever reads text is done in the pieces, which are kept; here they are put side by side, and
what hangs on all of them is worked out: how common terms are, windows over neighbours, threads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.analysis import (
    coherence,
    complexity,
    engagement,
    flow,
    progression,
    switches,
    topics,
)
from core.analysis.activity import Activity
from core.analysis.coherence import Coherence
from core.analysis.complexity import Complexity
from core.analysis.context_piece import ContextPiece
from core.analysis.engagement import Engagement
from core.analysis.flow import Flow
from core.analysis.material import Cut
from core.analysis.progression import Progression
from core.analysis.switches import Switches
from core.analysis.terms import Frequencies
from core.analysis.topics import Evolution, Topic, Transition
from core.analysis.utterances import Rarities, Utterance, heaviest

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
    pieces: Sequence[ContextPiece],
    cuts: Sequence[Cut],
    frequencies: Callable[[set[str]], Frequencies],
) -> Context:
    """Return the context analysis of the conversation of *pieces*, in order. Linear in them.

    *cuts* are where its threads begin, and *frequencies* tells how common terms are in the
    library. Where the conversation is cut into pieces changes nothing.
    """
    said = _joined(pieces)
    rarities = Rarities(frequencies({term for one in said for term in one.counts}))
    said = heaviest(said, rarities)
    heads = [head for piece in pieces for head in piece.heads]
    keys = switches.threads(heads, cuts)
    active = Activity([piece.spans for piece in pieces])
    asked = tuple(one for piece in pieces for one in piece.prompts)
    return Context(
        topics.evolution(said, rarities, active),
        thread_topics(keys, said, rarities),
        flow.flow(said, rarities),
        progression.progression(asked),
        Complexity(
            tuple(one for piece in pieces for one in piece.turns),
            tuple(one for piece in pieces for one in piece.messages),
        ),
        switches.switches(heads, cuts),
        coherence.coherence(keys, said, rarities),
        engagement.engagement([piece.effort for piece in pieces], active.total, asked),
    )


def topic_changes(
    pieces: Sequence[ContextPiece], frequencies: Callable[[set[str]], Frequencies]
) -> tuple[Transition, ...]:
    """Return where the topic of the conversation of *pieces* changes, and nothing else."""
    said = _joined(pieces)
    rarities = Rarities(frequencies({term for one in said for term in one.counts}))
    return topics.evolution(heaviest(said, rarities), rarities).transitions


def thread_topics(
    keys: Sequence[str], said: Sequence[Utterance], rarities: Rarities
) -> tuple[ThreadTopic, ...]:
    """Return the topic of each thread, in the order in which they begin.

    *keys* are the threads of the main lane's turns, in order.
    """
    stretches: dict[str, list[Utterance]] = {}
    for one in said:
        stretches.setdefault(keys[one.turn], []).append(one)
    stretches.pop("", None)
    return tuple(
        ThreadTopic(key, topics.of_stretch(words, rarities)) for key, words in stretches.items()
    )


def _joined(pieces: Sequence[ContextPiece]) -> tuple[Utterance, ...]:
    """Return what was said in *pieces*, its turns counted through."""
    found: list[Utterance] = []
    turns = 0
    for piece in pieces:
        found += [
            Utterance(one.spot, one.at, one.prompt, one.turn + turns, one.counts)
            for one in piece.said
        ]
        turns += len(piece.heads)
    return tuple(found)
