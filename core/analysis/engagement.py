"""How person and agent worked together: how long, how far alone, how often it was put right.

Counted in the main lane. Branches that were left behind count as time and as rewinds, not as
prompts. A rate is None where what it divides by is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from core.analysis import activity as active
from core.analysis import satisfaction
from core.analysis.material import MAIN, Call, Spot, Turn
from core.analysis.progression import Asked
from core.analysis.satisfaction import Verdict
from core.analysis.tools_registry import ToolClass, tool_class
from core.model import Outcome

REVISION: Final = active.REVISION * 10 + satisfaction.REVISION
HOUR: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Engagement:
    """The figures of one conversation."""

    active_ms: int  # see `core.analysis.activity`
    prompts: int  # typed by a person
    prompts_per_hour: float | None  # of active time; None below a minute of it
    steps: int  # API replies that called tools; parallel calls are one step
    steps_per_prompt: float | None  # median of the turns that a person opened
    longest_run: int  # most steps without the person
    longest_at: Spot | None
    reply_wait_ms: int | None  # median, prompt to the first word or call that answers it
    corrections: tuple[Spot, ...]  # prompts that find fault or ask for another try
    interruptions: tuple[Spot, ...]
    denied: tuple[Spot, ...]  # calls whose permission was refused
    edits_offered: int  # edits that a person could refuse
    edits_taken: int  # of which were carried out
    rewinds: int  # branches that were left behind
    abandoned: str  # how the conversation was given up; "" if it was not
    abandoned_at: Spot | None


@dataclass(frozen=True, slots=True)
class Effort:
    """What some turns next to each other add to the figures."""

    turns: int  # of the main lane
    steps: int
    runs: tuple[int, ...]  # steps of each turn that a prompt opened
    longest_at: Spot | None  # the prompt of the first one with most of them
    waits: tuple[int, ...]  # ms
    interruptions: tuple[Spot, ...]
    denied: tuple[Spot, ...]
    offered: int
    taken: int
    left: tuple[tuple[str, int], ...]  # session and number of branches that were left behind
    abandoned: str  # how the last of the turns was given up
    abandoned_at: Spot | None


def effort(turns: Sequence[Turn]) -> Effort:
    """Return what *turns*, of any lanes, add."""
    main = [turn for turn in turns if turn.lane == MAIN and turn.active]
    opened = [(turn, turn.prompt.spot) for turn in main if turn.prompt]
    runs = tuple(_steps(turn.calls) for turn, _ in opened)
    calls = [call for turn in main for call in turn.calls]
    edits = [call for call in calls if tool_class(call.tool) is ToolClass.EDIT]
    left = {(one.session, one.branch) for one in turns if one.lane == MAIN and not one.active}
    abandoned, where = _abandoned(main)
    return Effort(
        turns=len(main),
        steps=sum(_steps(turn.calls) for turn in main),
        runs=runs,
        longest_at=opened[runs.index(max(runs))][1] if runs else None,
        waits=tuple(wait for wait in (_wait(turn) for turn, _ in opened) if wait is not None),
        interruptions=tuple(spot for turn in main for spot in turn.interrupts),
        denied=tuple(call.spot for call in calls if call.outcome is Outcome.DENIED),
        offered=len(edits),
        taken=sum(call.outcome is Outcome.OK for call in edits),
        left=tuple(sorted(left)),
        abandoned=abandoned,
        abandoned_at=where,
    )


def engagement(efforts: Sequence[Effort], total: int, asked: Sequence[Asked]) -> Engagement:
    """Return the figures of *efforts*, in order: *total* ms of active time, prompts as read."""
    runs = [run for one in efforts for run in one.runs]
    waits = [wait for one in efforts for wait in one.waits]
    longest = max((one for one in efforts if one.runs), key=lambda one: max(one.runs), default=None)
    last = next((one for one in reversed(efforts) if one.turns), None)
    return Engagement(
        active_ms=total,
        prompts=len(asked),
        prompts_per_hour=len(asked) * HOUR / total if total >= HOUR // 60 else None,
        steps=sum(one.steps for one in efforts),
        steps_per_prompt=float(median(runs)) if runs else None,
        longest_run=max(runs, default=0),
        longest_at=longest.longest_at if longest else None,
        reply_wait_ms=int(median(waits)) if waits else None,
        corrections=tuple(one.spot for one in asked if _corrects(one)),
        interruptions=tuple(spot for one in efforts for spot in one.interruptions),
        denied=tuple(spot for one in efforts for spot in one.denied),
        edits_offered=sum(one.offered for one in efforts),
        edits_taken=sum(one.taken for one in efforts),
        rewinds=len({branch for one in efforts for branch in one.left}),
        abandoned=last.abandoned if last else "",
        abandoned_at=last.abandoned_at if last else None,
    )


def _steps(calls: Sequence[Call]) -> int:
    """Return how many steps *calls* were; a call whose reply is not told is one by itself."""
    return len({call.reply or -call.id for call in calls})


def _wait(turn: Turn) -> int | None:
    """Return how long *turn*'s prompt waited for a word or a call, ms."""
    if not turn.prompt or turn.prompt.at is None:
        return None
    answers = [*(one.at for one in turn.replies), *(one.at for one in turn.calls)]
    first = min((at for at in answers if at is not None), default=None)
    return None if first is None or first < turn.prompt.at else first - turn.prompt.at


def _corrects(one: Asked) -> bool:
    return one.opinion.verdict in {Verdict.NEGATIVE, Verdict.RETRY}


def _abandoned(main: Sequence[Turn]) -> tuple[str, Spot | None]:
    """Return how the last turn was given up, and where; "" if it came to a word of the agent."""
    if not main:
        return "", None
    last = main[-1]
    if last.interrupts:
        return "interrupted, and nothing said after", last.interrupts[-1]
    if last.failures and not last.replies:
        return "the API failed, and nothing came after", last.failures[-1]
    if last.prompt and not last.replies and not last.calls:
        return "a prompt that nothing answers", last.prompt.spot
    if last.calls and last.calls[-1].outcome in _OPEN_ENDS and not _spoke_after(last):
        return _OPEN_ENDS[last.calls[-1].outcome], last.calls[-1].spot
    return "", None


_OPEN_ENDS: Final = {
    Outcome.DENIED: "a permission refused, and nothing said after",
    Outcome.NONE: "a call without a result, and nothing said after",
}


def _spoke_after(turn: Turn) -> bool:
    return bool(turn.replies) and turn.replies[-1].spot.id > turn.calls[-1].spot.id
