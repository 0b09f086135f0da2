"""What some turns of a session add to the context analysis of its conversation.

A piece is worked out from its turns alone and from how the reply before them ends: nothing of
the library is in it, and nothing of what comes later. So it stays as it is until its own turns
change, and an appended message costs the last piece. `core.analysis.context` makes the figures
of a conversation from its pieces, whatever the places at which it was cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.analysis import activity, complexity, engagement, progression, switches
from core.analysis.activity import Spans
from core.analysis.complexity import Piece
from core.analysis.engagement import Effort
from core.analysis.material import MAIN, Spot, Turn
from core.analysis.progression import Asked
from core.analysis.reviving import revived
from core.analysis.switches import Head
from core.analysis.terms import Terms
from core.analysis.utterances import Utterance, utterances
from core.records.fields import load, mapping

REVISION: Final = 1
BEFORE: Final = 300  # letters of the last reply that say how the next prompt is meant


@dataclass(frozen=True, slots=True)
class ContextPiece:
    """Turns of the main lane, in order, as far as the analysers of context read them."""

    heads: tuple[Head, ...]
    said: tuple[Utterance, ...]  # with all of their terms; turns are counted from 0
    prompts: tuple[Asked, ...]
    turns: tuple[Piece, ...]  # their complexity
    messages: tuple[Piece, ...]
    spans: Spans
    effort: Effort


def context_piece(turns: Sequence[Turn], terms: Terms, before: str = "") -> ContextPiece:
    """Return what *turns*, of one session and any lanes, add; *before* is the reply before them."""
    main = [turn for turn in turns if turn.lane == MAIN and turn.active]
    sizes = complexity.complexity(main)
    return ContextPiece(
        switches.heads(main),
        utterances(main, terms),
        progression.prompts(main, before),
        sizes.turns,
        sizes.messages,
        activity.spans(turns),
        engagement.effort(turns),
    )


def last_reply(turns: Sequence[Turn], before: str = "") -> str:
    """Return how the last reply of *turns* ends: what `context_piece` has to know next."""
    for turn in reversed(turns):
        if turn.lane == MAIN and turn.active and turn.replies:
            return turn.replies[-1].text[-BEFORE:]
    return before


def words(piece: ContextPiece) -> set[str]:
    """Return every term of *piece*."""
    return {term for one in piece.said for term in one.counts}


def plain(piece: ContextPiece) -> dict[str, object]:
    """Return *piece* for `context_parts.text`: each term stands in it once."""
    known: dict[str, int] = {}
    said = [
        (one.spot.id, one.spot.uuid, one.at, one.prompt, one.turn,
         [known.setdefault(term, len(known)) for term in one.counts], [*one.counts.values()])
        for one in piece.said
    ]  # fmt: skip
    return {
        "terms": [*known],
        "said": said,
        "heads": piece.heads,
        "prompts": piece.prompts,
        "turns": piece.turns,
        "messages": piece.messages,
        "spans": piece.spans,
        "effort": piece.effort,
    }


def read(text: str) -> ContextPiece:
    """Return the piece that was written as *text*.

    Raises:
        ValueError: it is of another shape.
    """
    told = mapping(load(text))
    try:
        return ContextPiece(
            revived(tuple[Head, ...], told["heads"]),
            tuple(_said(told)),
            revived(tuple[Asked, ...], told["prompts"]),
            revived(tuple[Piece, ...], told["turns"]),
            revived(tuple[Piece, ...], told["messages"]),
            revived(Spans, told["spans"]),
            revived(Effort, told["effort"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"This is no piece of an analysis: {error!r}") from error


def words_of(text: str) -> set[str]:
    """Return every term of the piece that was written as *text*."""
    return set(revived(tuple[str, ...], mapping(load(text)).get("terms")))


def _said(told: Any) -> list[Utterance]:  # noqa: ANN401  JSON, checked by whoever reads it
    terms = told["terms"]
    return [
        Utterance(
            Spot(id_, uuid), at, prompt, turn,
            {terms[which]: number for which, number in zip(places, numbers, strict=True)},
        )
        for id_, uuid, at, prompt, turn, places, numbers in told["said"]
    ]  # fmt: skip
