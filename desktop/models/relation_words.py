"""The words for how two messages belong together, seen from either of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.queries.relations import RelationRow
from core.threads.links import Tie
from desktop.look.words import translate


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one message to another that it belongs with."""

    text: str
    tip: str  # how that is known
    message: int  # row id


def ways(message: int, found: Sequence[RelationRow]) -> tuple[Way, ...]:
    """Return the ways from *message*, a row id, along the relations *found* that it is part of."""
    made = (_way(message, one) for one in found if one.source != one.target)
    return tuple(way for way in made if way.text)


def _way(message: int, one: RelationRow) -> Way:
    if one.source == message:
        return Way(_back(one.kind), _how(one), one.target)
    return Way(_forth(one.kind), _how(one), one.source)


def _back(kind: Tie) -> str:
    match kind:
        case Tie.REFERENCE:
            return translate("relations", "Go to what this refers to")
        case Tie.TOPIC_FOLLOW_UP:
            return translate("relations", "Go to where this was left")
        case Tie.RESPONSE:
            return translate("relations", "Go to the prompt that this answers")
        case _:
            return ""  # a result stands in the row of its call


def _forth(kind: Tie) -> str:
    match kind:
        case Tie.REFERENCE:
            return translate("relations", "Go to where this is referred to")
        case Tie.TOPIC_FOLLOW_UP:
            return translate("relations", "Go to where this is taken up again")
        case _:
            return ""  # of answers to a prompt there are many


def _how(one: RelationRow) -> str:
    if one.recorded:
        return translate("relations", "Recorded in the log.")
    said = translate("relations", "A guess, {0} % sure; found by: {1}.")
    return said.format(round(one.confidence * 100), one.method.replace("_", " "))
