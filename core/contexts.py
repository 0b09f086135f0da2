"""The context analysis of a conversation: its kept pieces, put together when somebody asks.

Pieces hold what was read; what hangs on the whole conversation or on the library, such as how
common a term is today, is worked out here. So an appended message costs its piece, and figures
of long ago are told against the library as it is now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection

from core.analysis import context_piece
from core.analysis.context import REVISIONS, Context, context, topic_changes
from core.analysis.topics import Transition
from core.pieces import pieces
from core.queries import material
from core.queries import pieces as queries
from core.queries.rollups import Scope


@dataclass(frozen=True, slots=True)
class Analysis:
    """The context analysis of one conversation, and what it stands on."""

    context: Context
    upto: int  # row id of the last message that it knows of
    computed_at: int  # when its latest piece was made, ms
    revisions: Mapping[str, int] = field(default_factory=lambda: dict(REVISIONS))


def context_of(db: Connection, conversation: int, *, kept: bool = False) -> Analysis | None:
    """Return the analysis of *conversation* as it is now; None if there is nothing of it.

    What is not kept, or older than its messages, is made and forgotten again: *db* may be a
    reader. With *kept* the analysis is told as it was made last, and no message is read.
    """
    told = list(pieces(db, conversation, kept=kept))
    if not told:
        return None
    found = context(
        [context_piece.read(one.context) for one in told if one.context is not None],
        tuple(material.cuts(db, conversation)),
        lambda terms: queries.frequencies(db, terms),
    )
    return Analysis(found, max(one.upto for one in told), max(one.made_at for one in told))


def intents(db: Connection, scope: Scope | None = None) -> Iterator[list[str]]:
    """Yield what was wanted in each conversation of *scope*, prompt by prompt, as kept."""
    for owner in queries.conversations(db, scope):
        yield [
            prompt.reading.intent.value
            for one in pieces(db, owner.id, kept=True)
            if one.context is not None
            for prompt in context_piece.read(one.context).prompts
        ]


def topics(db: Connection, scope: Scope | None = None) -> Iterator[tuple[Transition, ...]]:
    """Yield where the topic changes in each conversation of *scope*, as kept."""
    for owner in queries.conversations(db, scope):
        told = [
            context_piece.read(one.context)
            for one in pieces(db, owner.id, kept=True)
            if one.context is not None
        ]
        yield topic_changes(told, lambda terms: queries.frequencies(db, terms))
