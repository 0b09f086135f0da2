"""One conversation's tool calls as patterns are looked for in them: by turn, lane and step.

Calls of one API reply run in parallel: they are one step. Calls without a reply's number are a
step each. A step never reaches over a turn, and a turn is in one lane, so nothing is joined
across agents, prompts or sessions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from core.analysis.material import Call, Material, Spot, Turn
from core.analysis.satisfaction import Opinion, opinion
from core.analysis.tools_commands import head
from core.analysis.tools_registry import ToolClass, canonical, key_argument, tool_class
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
class Stint:
    """A turn with its calls, in order, and as steps."""

    turn: Turn
    uses: tuple[Use, ...]
    steps: tuple[tuple[Use, ...], ...]
    next: Turn | None = None  # what the person said after it, on the main line
    answer: Opinion | None = None  # what that says about it

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
    """All stints of a conversation, in order, and its API replies, in order."""

    material: Material
    stints: tuple[Stint, ...]
    spent: tuple[Spent, ...] = ()


def work(material: Material, spent: tuple[Spent, ...] = ()) -> Work:
    """Return *material*'s calls by turn and step. Each call's input is decoded once."""
    return Work(material, tuple(_stints(material)), spent)


def _stints(material: Material) -> Iterator[Stint]:
    following: dict[int, Turn] = {}
    before: Turn | None = None
    for turn in material.main:
        if before is not None and turn.prompt is not None and turn.session == before.session:
            following[id(before)] = turn
        before = turn
    for turn in material.turns:
        uses = tuple(_use(call) for call in turn.calls)
        then = following.get(id(turn))
        said = then.prompt.text[:_READ] if then is not None and then.prompt is not None else ""
        answer = opinion(said) if said and uses else None
        yield Stint(turn, uses, tuple(_steps(uses)), then, answer)


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
