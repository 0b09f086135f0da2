"""What the lanes of a conversation's insights show, and what each mark says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from core.analysis.flow import Flow
from core.analysis.intents import Intent
from core.analysis.progression import Asked
from core.analysis.sentiment import Feeling
from desktop.models import insights_words as words_
from desktop.models.insights_axis import Spread
from desktop.models.insights_reading import Insights

SWITCH: Final = "switch"
COMPACTION: Final = "compaction"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a lane shows: from where to where, in turns, and what it says."""

    first: float
    last: float
    message: int  # row id, where a click leads
    say: Callable[[], str]  # makes the tip: only the few that are looked at are made
    turn: int = 0  # its place

    @property
    def tip(self) -> str:
        """What it says: plain text, may have lines."""
        return self.say()

    @property
    def spoken(self) -> str:
        """The tip as one sentence."""
        return self.tip.replace("\n", ", ")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across all lanes: a context switch or a compaction."""

    kind: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Cell:
    """One prompt's intent."""

    mark: Mark
    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A height between 0 and 1, in parts that lie upon each other."""

    mark: Mark
    parts: tuple[float, ...]
    flag: bool = False


@dataclass(frozen=True, slots=True)
class Feel:
    """What one prompt feels like."""

    mark: Mark
    feeling: Feeling


@dataclass(frozen=True, slots=True)
class Line:
    """Points between 0 and 1, some of which stand out, and what they are compared with."""

    marks: tuple[Mark, ...]
    values: tuple[float, ...]
    major: frozenset[int]  # numbers of points
    baseline: float | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Turns next to each other that are of one thread."""

    mark: Mark
    title: str
    colour: int


def rules(found: Insights) -> list[Rule]:
    """Return the context switches and compactions, from left to right."""
    made: list[Rule] = []
    titles = {one.key: one.title for one in found.threads}
    for switch in found.context.switches.switches:
        turn = found.places.get(switch.spot.id)
        if turn is not None:
            say = partial(words_.switched, found, turn, switch, titles)
            made.append(Rule(SWITCH, Mark(turn, turn, switch.spot.id, say, turn)))
    for one in found.compactions:
        turn = found.places.get(one.message)
        if turn is not None:
            say = partial(words_.compacted, found, turn)
            made.append(Rule(COMPACTION, Mark(turn + 1, turn + 1, one.message, say, turn)))
    return sorted(made, key=lambda rule: rule.mark.first)


def stretches(found: Insights) -> list[Stretch]:
    """Return the stretches of threads; none if there is only one thread."""
    turns = found.turns.turns
    by_key = {one.key: one for one in found.threads}
    made: list[Stretch] = []
    first = 0
    for at in range(1, len(turns) + 1):
        if at < len(turns) and turns[at].thread == turns[first].thread:
            continue
        thread = by_key.get(turns[first].thread)
        if thread is not None and turns[first].colour >= 0:
            say = partial(words_.threaded, found, first, at, thread)
            mark = Mark(first, at, turns[first].message, say, first)
            made.append(Stretch(mark, thread.title, turns[first].colour))
        first = at
    return made


def intents(found: Insights) -> list[Cell]:
    """Return the intents of all prompts."""
    return [
        Cell(
            _whole(turn, one, partial(words_.asked, found, turn, one)),
            one.reading.intent,
            _sure(one),
        )
        for turn, one in _prompts(found)
    ]


def clarity(found: Insights) -> list[Bar]:
    """Return how many points of the checklist each prompt has; flagged ones are urgent."""
    return [
        Bar(
            _whole(turn, one, partial(words_.clear, found, turn, one)),
            (one.clarity.score,),
            bool(one.urgent),
        )
        for turn, one in _prompts(found)
    ]


def feelings(found: Insights) -> list[Feel]:
    """Return the feeling of each prompt of which it can be told: those in English."""
    return [
        Feel(_whole(turn, one, partial(words_.felt, found, turn, one)), one.sentiment.feeling)
        for turn, one in _prompts(found)
        if one.sentiment.feeling is not None
    ]


def shifts(found: Insights) -> Line:
    """Return how the words move."""
    told: Flow = found.context.flow
    placed = [(one, found.places[one.spot.id]) for one in told.moves if one.spot.id in found.places]
    across = Spread().over(turn for _, turn in placed)
    major = {one.spot.id for one in told.major}
    marks = [
        Mark(
            at,
            at,
            one.spot.id,
            partial(words_.moved, found, turn, one, major=one.spot.id in major),
            turn,
        )
        for (one, turn), at in zip(placed, across, strict=True)
    ]
    peaks = frozenset(n for n, (one, _) in enumerate(placed) if one.spot.id in major)
    return Line(tuple(marks), tuple(one.shift for one, _ in placed), peaks, told.baseline)


def complexity(found: Insights) -> list[Bar]:
    """Return the complexity of each turn in its parts."""
    return [
        Bar(
            Mark(n, n + 1, piece.spot.id, partial(words_.complex_, found, n, piece), n),
            words_.scaled(piece.parts),
        )
        for n, piece in enumerate(found.context.complexity.turns)
    ]


def moments(found: Insights) -> dict[int, list[int]]:
    """Return the times, ms, that are known of each turn."""
    told: dict[int, list[int]] = {}
    dated = [(one.spot.id, one.at) for one in found.context.topics.points]
    dated += [(one.spot.id, one.at) for one in found.context.complexity.messages]
    for message, at in dated:
        turn = found.places.get(message)
        if turn is not None and at is not None:
            told.setdefault(turn, []).append(at)
    return told


def by_place(marks: Sequence[Mark], turn: int) -> int | None:
    """Return the number of the mark that is nearest to the middle of *turn*; None: no marks."""
    middle = turn + 0.5
    order = range(len(marks))
    return min(
        order, key=lambda n: abs((marks[n].first + marks[n].last) / 2 - middle), default=None
    )


def _prompts(found: Insights) -> Iterator[tuple[int, Asked]]:
    for one in found.context.intents.prompts:
        turn = found.places.get(one.spot.id)
        if turn is not None:
            yield turn, one


def _whole(turn: int, one: Asked, say: Callable[[], str]) -> Mark:
    return Mark(turn, turn + 1, one.spot.id, say, turn)


def _sure(one: Asked) -> float:
    return one.reading.confidence
