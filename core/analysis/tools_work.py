"""One conversation's tool calls as patterns are looked for in them: by turn, lane and step.

Calls of one API reply run in parallel: they are one step. Calls without a reply's number are a
step each. A step never reaches over a turn, and a turn is in one lane, so nothing is joined
across agents, prompts or sessions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from core.analysis.material import MAIN, Call, Spot, Turn
from core.analysis.satisfaction import Opinion, opinion
from core.analysis.tools_commands import checks, head
from core.analysis.tools_registry import ToolClass, canonical, key_argument, tool_class
from core.model import Outcome
from core.records.fields import load

_READ: Final = 2_400  # letters of a prompt in which its opinion is looked for


@dataclass(frozen=True, slots=True)
class Use:
    """A tool call, understood."""

    call: Call
    tool: str  # its one name
    kind: ToolClass
    target: str  # its key argument: a path, a command, a pattern
    head: str  # of a shell command: the program and what it is to do


@dataclass(frozen=True, slots=True)
class Left:
    """What a turn of the main line leaves to be judged by the next prompt."""

    tools: tuple[str, ...]  # that it used
    edited: int  # row id of its last edit that went well; 0: none
    checked: bool  # a check followed that edit


@dataclass(frozen=True, slots=True)
class Stint:
    """A turn with its calls, in order, and as steps."""

    turn: Turn
    uses: tuple[Use, ...]
    steps: tuple[tuple[Use, ...], ...]
    judges: Left | None = None  # what its prompt follows on the main line
    answer: Opinion | None = None  # what the prompt says about that

    def edited_last(self) -> int | None:
        """Return the place of the last edit that went well among its calls."""
        return next(
            (
                place
                for place in range(len(self.uses) - 1, -1, -1)
                if self.uses[place].kind is ToolClass.EDIT
                and self.uses[place].call.outcome is Outcome.OK
            ),
            None,
        )

    def round_ms(self, place: int) -> int:
        """Return how long step *place* took until the next one began, at most five minutes.

        That is the call and what the model took to go on; for the last step the calls alone.
        """
        began = self.steps[place][0].call.at
        if began is None:
            return 0
        if place + 1 < len(self.steps):
            then = self.steps[place + 1][0].call.at
        else:
            ends = [use.call.ended for use in self.steps[place] if use.call.ended is not None]
            then = max(ends, default=began)
        return 0 if then is None else min(max(0, then - began), 300_000)


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of one API reply, and when."""

    spot: Spot
    lane: str
    at: int | None
    input: int
    output: int
    cache_read: int
    cache_creation: int


@dataclass(frozen=True, slots=True)
class Work:
    """All stints of a conversation or of a piece of it, in order, and its API replies, in order."""

    stints: tuple[Stint, ...]
    spent: tuple[Spent, ...] = ()
    left: Left | None = None  # by its last turn of the main line


def work(turns: Sequence[Turn], spent: tuple[Spent, ...] = (), left: Left | None = None) -> Work:
    """Return the calls of *turns* by turn and step. Each call's input is decoded once.

    *left* is what the turn before them, of the same session, leaves to be judged.
    """
    stints: list[Stint] = []
    session = turns[0].session if turns else ""
    for turn in turns:
        uses = tuple(_use(call) for call in turn.calls)
        stint = Stint(turn, uses, tuple(_steps(uses)))
        if turn.lane == MAIN and turn.active:
            if turn.session != session:
                left, session = None, turn.session
            if left is not None and turn.prompt is not None:
                said = turn.prompt.text[:_READ]
                answer = opinion(said) if said and left.tools else None
                stint = replace(stint, judges=left, answer=answer)
            left = _left(stint)
        stints.append(stint)
    return Work(tuple(stints), spent, left)


def _left(stint: Stint) -> Left:
    last = stint.edited_last()
    after = () if last is None else stint.uses[last + 1 :]
    return Left(
        tuple(sorted({use.tool for use in stint.uses})),
        0 if last is None else stint.uses[last].call.id,
        any(use.kind is ToolClass.SHELL and checks(use.target) for use in after),
    )


def _use(call: Call) -> Use:
    tool = canonical(call.tool)
    kind = tool_class(call.tool)
    target = key_argument(call.tool, load(call.input))
    return Use(call, tool, kind, target, head(target) if tool == "Bash" else "")


def _steps(uses: tuple[Use, ...]) -> Iterator[tuple[Use, ...]]:
    for _, group in groupby(uses, key=lambda use: use.call.reply or -use.call.id):
        yield tuple(group)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands next to a call, in its own turn and lane."""

    before: tuple[str, ...]  # tools of up to three steps before it, the nearest last
    after: tuple[str, ...]  # and after it, the nearest first
    since_ms: int | None  # from the end of the step before to its own beginning
    prompt: Spot | None  # the prompt that the turn began with


def around(work: Work, call: int, reach: int = 3) -> Around | None:
    """Return what stands next to the call with row id *call*; None: it is not in *work*."""
    return next((found for use, found in neighbours(work, reach) if use.call.id == call), None)


def neighbours(work: Work, reach: int = 3) -> Iterator[tuple[Use, Around]]:
    """Yield every call with what stands next to it. Linear in the number of calls."""
    for stint in work.stints:
        names = [" + ".join(sorted({use.tool for use in one})) for one in stint.steps]
        prompt = stint.turn.prompt
        for place, step in enumerate(stint.steps):
            began = min((use.call.at for use in step if use.call.at is not None), default=None)
            earlier = stint.steps[place - 1] if place else ()
            ends = [use.call.ended for use in earlier if use.call.ended is not None]
            found = Around(
                tuple(names[max(0, place - reach) : place]),
                tuple(names[place + 1 : place + 1 + reach]),
                None if began is None or not ends else max(0, began - max(ends)),
                None if prompt is None else prompt.spot,
            )
            for use in step:
                yield use, found
