"""How large a piece of work was: of each turn, and of each message that called tools.

The parts are counted, not judged: kinds of tools, calls, failed calls, files touched, lines
changed, tokens (without those read from the cache), other versions after a rewind. The level
puts each part on a logarithmic scale on which 1 is what 95 in 100 turns of real transcripts
stay below, and takes the mean; a part that is larger counts 1.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

from core.analysis.material import Call, Spot, Turn
from core.analysis.tools_registry import ToolClass, canonical, key_argument, tool_class
from core.model import Outcome
from core.records.fields import JsonObject, items, load, mapping, text

REVISION: Final = 1
_LARGEST: Final = 1_000_000  # letters of an input that is read; a larger one counts no lines
_TOUCH = (ToolClass.READ, ToolClass.EDIT)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a piece of work consisted of."""

    tools: int = 0  # different ones
    calls: int = 0
    failed: int = 0
    files: int = 0  # different ones read or edited
    lines: int = 0  # added and removed
    tokens: int = 0  # input, output and written to the cache
    branches: int = 0  # other versions of what follows

    def level(self) -> float:
        """Return the mean of the parts, each on its scale, 0 to 1."""
        return _level(
            self.tools, self.calls, self.failed, self.files, self.lines, self.tokens, self.branches
        )


# What 95 in 100 turns with calls stay below, in the transcripts that docs/analysis.md names.
USUAL: Final = Parts(
    tools=5, calls=40, failed=4, files=5, lines=400, tokens=130_000, branches=1
)  # fmt: skip
_SCALES: Final = tuple(math.log1p(getattr(USUAL, part.name)) for part in fields(Parts))


@lru_cache(4096)  # most messages have one call and nothing else
def _level(*counted: int) -> float:
    scaled = [
        min(1.0, math.log1p(n) / scale) if n else 0.0
        for n, scale in zip(counted, _SCALES, strict=True)
    ]
    return round(sum(scaled) / len(scaled), 4)


@dataclass(frozen=True, slots=True)
class Piece:
    """The complexity of a turn or of one message."""

    spot: Spot
    at: int | None
    parts: Parts
    level: float


@dataclass(frozen=True, slots=True)
class Complexity:
    """Turns and the messages with calls in them, in order; the main lane."""

    turns: tuple[Piece, ...]
    messages: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    """What one call did."""

    call: Call
    tool: str
    files: frozenset[str]
    lines: int


def complexity(main: Iterable[Turn]) -> Complexity:
    """Return the complexity of *main*, turns, and of their messages. Each call is read once."""
    turns: list[Piece] = []
    messages: list[Piece] = []
    for turn in main:
        done = [_done(call) for call in turn.calls]
        spot = _spot(turn)
        if spot is None:
            continue
        whole = _parts(done, _tokens(turn), turn.branches)
        turns.append(Piece(spot, turn.at, whole, whole.level()))
        for group in _by_message(done):
            parts = _parts(group)
            messages.append(Piece(group[0].call.spot, group[0].call.at, parts, parts.level()))
    return Complexity(tuple(turns), tuple(messages))


def changed(given: JsonObject) -> int:
    """Return the lines that a call with the input *given* adds and removes, as it says itself."""
    total = 0
    for edit in (given, *(mapping(one) for one in items(given.get("edits")))):
        old = text(edit, "old_string") or text(edit, "old_str") or text(edit, "oldText")
        new = text(edit, "new_string") or text(edit, "new_str") or text(edit, "newText")
        total += _lines(old) + _lines(new)
    total += _lines(text(given, "content") or text(given, "file_text"))
    patch = text(given, "patch") or text(given, "input")
    if "*** Begin Patch" in patch or "\n@@" in patch or patch.startswith("@@"):
        total += sum(
            1
            for line in patch.splitlines()
            if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}
        )
    return total


def _lines(said: str) -> int:
    return said.count("\n") + (not said.endswith("\n")) if said else 0


def _done(call: Call) -> _Done:
    kind = tool_class(call.tool)
    if kind not in _TOUCH or len(call.input) > _LARGEST:
        return _Done(call, canonical(call.tool), frozenset(), 0)
    given = load(call.input)
    file = key_argument(call.tool, given)
    lines = changed(mapping(given)) if kind is ToolClass.EDIT and _took(call) else 0
    return _Done(call, canonical(call.tool), frozenset([file] if file else []), lines)


def _took(call: Call) -> bool:
    """Tell whether *call* did what it says: it was neither refused nor failed."""
    return call.outcome in {Outcome.OK, Outcome.NONE}


def _parts(done: Sequence[_Done], tokens: int = 0, branches: int = 0) -> Parts:
    if len(done) == 1:
        (one,) = done
        failed = int(one.call.outcome is Outcome.ERROR)
        return Parts(1, 1, failed, len(one.files), one.lines, tokens, branches)
    return Parts(
        tools=len({one.tool for one in done}),
        calls=len(done),
        failed=sum(one.call.outcome is Outcome.ERROR for one in done),
        files=len({file for one in done for file in one.files}),
        lines=sum(one.lines for one in done),
        tokens=tokens,
        branches=branches,
    )


def _by_message(done: Iterable[_Done]) -> list[list[_Done]]:
    """Return *done* by the message that holds it, in order."""
    groups: dict[int, list[_Done]] = {}
    for one in done:
        groups.setdefault(one.call.spot.id, []).append(one)
    return list(groups.values())


def _tokens(turn: Turn) -> int:
    return turn.usage.input + turn.usage.output + turn.usage.cache_creation


def _spot(turn: Turn) -> Spot | None:
    if turn.prompt:
        return turn.prompt.spot
    if turn.calls:
        return turn.calls[0].spot
    return turn.replies[0].spot if turn.replies else None
