"""The insights of one conversation, as they are read off the UI's thread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Final

from core.analysis.complexity import Complexity
from core.analysis.context import Context
from core.analysis.tools_effect import Effect, effects
from core.analysis.tools_patterns import Recovery, Sequence, recoveries, sequences
from core.contexts import context_of
from core.insights import part_of
from core.queries import spots, threads
from core.queries.threads import ThreadRow
from desktop.models.insights_axis import Turn, Turns
from desktop.models.thread_map import ThreadMap

MOST: Final = 12  # sequences and recoveries


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """How tools were used in this conversation."""

    effects: tuple[Effect, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    messages: Mapping[int, int] = field(default_factory=dict[int, int])  # of calls: row ids


@dataclass(frozen=True, slots=True)
class Insights:
    """What is known of one conversation, and where on the axis each message stands."""

    conversation: int  # row id
    context: Context
    revisions: tuple[tuple[str, int], ...]  # by analyser
    computed_at: int  # ms
    turns: Turns
    places: Mapping[int, int]  # message: number of its turn
    said: Mapping[int, str]  # message: how it begins
    compactions: tuple[spots.Compaction, ...]
    threads: tuple[ThreadRow, ...]
    tools: ToolFacts

    @property
    def enough(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.turns) > 0


def kept(conversation: int, db: Connection) -> Insights | None:
    """Return the insights of *conversation* as they were worked out last; None if never.

    Raises:
        ValueError: what is kept is of another shape.
    """
    return _made(conversation, db, kept=True)


def read(conversation: int, db: Connection) -> Insights | None:
    """Return the insights of *conversation* as it is now; None if there is none of this id.

    Costs a look at what is kept, or, where the conversation has changed since, its analysis.

    Raises:
        ValueError: what is kept is of another shape.
    """
    return _made(conversation, db, kept=False)


def _made(conversation: int, db: Connection, *, kept: bool) -> Insights | None:
    found = context_of(db, conversation, kept=kept)
    if found is None:
        return None
    context = found.context
    messages = set(_messages(context))
    compactions = tuple(spots.compactions(db, conversation))
    sessions = spots.sessions(db, messages)
    said = spots.beginnings(db, messages)
    rows = threads.threads(db, conversation)
    turns = _turns(context.complexity, sessions, said, ThreadMap(rows))
    sessions |= {one.message: one.session for one in compactions}
    places = {one: turns.number(one, session) for one, session in sessions.items()}
    return Insights(
        conversation,
        context,
        tuple(found.revisions.items()),
        found.computed_at,
        turns,
        {one: number for one, number in places.items() if number is not None},
        said,
        compactions,
        tuple(rows),
        _tools(db, conversation, kept=kept),
    )


def _messages(context: Context) -> Iterator[int]:
    """Yield the row ids of all messages that an analyser names."""
    for point in context.topics.points:
        yield point.spot.id
    for asked in context.intents.prompts:
        yield asked.spot.id
    for piece in (*context.complexity.turns, *context.complexity.messages):
        yield piece.spot.id
    for switch in context.switches.switches:
        yield switch.spot.id
    told = context.engagement
    for spot in (*told.corrections, *told.interruptions, *told.denied):
        yield spot.id
    for one in (told.longest_at, told.abandoned_at):
        if one is not None:
            yield one.id


def _turns(
    complexity: Complexity,
    sessions: Mapping[int, int],
    said: Mapping[int, str],
    colours: ThreadMap,
) -> Turns:
    return Turns(
        [
            Turn(
                piece.spot.id,
                sessions.get(piece.spot.id, 0),
                piece.at,
                said.get(piece.spot.id, ""),
                colours.stretch_at(piece.spot.id)[0],
                colours.colour_at(piece.spot.id),
            )
            for piece in complexity.turns
        ]
    )


def _tools(db: Connection, conversation: int, *, kept: bool) -> ToolFacts:
    part = part_of(db, conversation, kept=kept)
    follow = tuple(sequences(part.grams)[:MOST])
    after = tuple(recoveries(part.recoveries)[:MOST])
    calls = [call for one in follow for call in one.examples]
    calls += [call for one in after for call in one.examples]
    return ToolFacts(tuple(effects(part.effects)), follow, after, spots.messages_of(db, calls))
