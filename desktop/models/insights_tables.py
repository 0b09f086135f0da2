"""Tables of a conversation's insights: the lanes' twin, the topics, the tools."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from core.analysis.clarity import CHECKLIST
from core.analysis.intents import Intent
from core.analysis.progression import Asked
from core.analysis.topics import Point
from desktop.look import words
from desktop.look.words import translate
from desktop.models import insights_words as words_
from desktop.models.insights_reading import Insights
from desktop.models.tables import Column, Value

_T = "insights"
_MS: Final = 1_000
Row: TypeAlias = tuple[Value, ...]


def turn_columns() -> tuple[Column, ...]:
    """Return the columns of the lanes' twin."""
    return (
        Column(translate(_T, "Prompt"), words=True),
        Column(translate(_T, "Turn")),
        Column(translate(_T, "Time"), words=True),
        Column(translate(_T, "Topic"), words=True),
        Column(translate(_T, "Intent"), words=True),
        Column(translate(_T, "Sure"), share=True),
        Column(translate(_T, "Clarity"), share=True),
        Column(translate(_T, "Complexity"), digits=2),
        Column(translate(_T, "Shift"), digits=2),
        Column(translate(_T, "Sentiment"), words=True),
        Column(translate(_T, "Marks"), words=True),
    )


def turn_rows(found: Insights) -> list[Row]:
    """Return a row for each turn, as `turn_columns` has it."""
    asked = _by_turn(found)
    topics = _topics(found)
    shifts = _shifts(found)
    marks = _marks(found)
    rows: list[Row] = []
    for number, (turn, piece) in enumerate(
        zip(found.turns.turns, found.context.complexity.turns, strict=True)
    ):
        topic = topics.get(number)
        one = asked.get(number)
        rows.append(
            (
                words.one_line(turn.said, 120),
                number + 1,
                "" if turn.at is None else words.clock(turn.at),
                topic.topic.primary if topic is not None else "",
                *_wanted(one),
                piece.level,
                shifts.get(number),
                _felt(one),
                ", ".join(marks.get(number, ())),
            )
        )
    return rows


def _wanted(one: Asked | None) -> tuple[str, float | None, float | None]:
    if one is None:
        return "", None, None
    kind = "" if one.reading.intent is Intent.NONE else words_.intent(one.reading.intent)
    return kind, one.reading.confidence, len(one.clarity.evidence) / len(CHECKLIST)


def _felt(one: Asked | None) -> str:
    return "" if one is None or one.sentiment.feeling is None else one.sentiment.feeling.value


def _by_turn(found: Insights) -> dict[int, Asked]:
    return {
        found.places[one.spot.id]: one
        for one in found.context.intents.prompts
        if one.spot.id in found.places
    }


def _topics(found: Insights) -> dict[int, Point]:
    """Return the last topic of each turn."""
    return {
        found.places[one.spot.id]: one
        for one in found.context.topics.points
        if one.spot.id in found.places
    }


def _shifts(found: Insights) -> dict[int, float]:
    """Return the largest shift of each turn."""
    most: dict[int, float] = {}
    for move in found.context.flow.moves:
        turn = found.places.get(move.spot.id)
        if turn is not None:
            most[turn] = max(most.get(turn, 0.0), move.shift)
    return most


def _marks(found: Insights) -> Mapping[int, list[str]]:
    marks: dict[int, list[str]] = {}
    told = (
        (translate(_T, "switch"), [one.spot.id for one in found.context.switches.switches]),
        (translate(_T, "major shift"), [one.spot.id for one in found.context.flow.major]),
        (translate(_T, "compaction"), [one.message for one in found.compactions]),
    )
    for name, messages in told:
        for turn in sorted({found.places[one] for one in messages if one in found.places}):
            marks.setdefault(turn, []).append(name)
    return marks


def tool_columns() -> tuple[Column, ...]:
    """Return the columns of the table of tools."""
    return (
        Column(translate(_T, "Tool"), words=True),
        Column(translate(_T, "Calls")),
        Column(translate(_T, "Failed"), tip=translate(_T, "Results that are marked as errors.")),
        Column(
            translate(_T, "Repeated"),
            tip=translate(_T, "The same tool with the same input within the five calls before."),
        ),
        Column(translate(_T, "p50, s"), tip=translate(_T, "Half of the calls took less.")),
        Column(translate(_T, "p95, s"), tip=translate(_T, "95 in 100 calls took less.")),
    )


def tool_rows(found: Insights) -> list[Row]:
    """Return a row for each tool, as `tool_columns` has it."""
    return [
        (
            one.tool,
            one.calls,
            one.error,
            one.retried.hits,
            _seconds(one.p50_ms),
            _seconds(one.p95_ms),
        )
        for one in found.tools.effects
    ]


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / _MS
