"""Where a conversation goes from one thread to another: the same cuts that threads show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.analysis.material import Cut, Spot, Turn

REVISION: Final = 1


@dataclass(frozen=True, slots=True)
class Head:
    """Where a turn of the main lane begins."""

    uuid: str  # of its prompt; "": none opens it
    at: int | None


@dataclass(frozen=True, slots=True)
class Switch:
    """One change of thread, with what spoke for it."""

    spot: Spot
    at: int | None
    of: str  # key of the thread that is left
    to: str
    type: str
    confidence: float
    returns: bool  # to a thread that was there before
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Switches:
    """The context switches of one conversation."""

    switches: tuple[Switch, ...]
    by_type: Mapping[str, int]
    per_turn: float | None  # share of the turns, but the first, that switch


def heads(main: Iterable[Turn]) -> tuple[Head, ...]:
    """Return where each turn of *main* begins."""
    return tuple(Head(turn.prompt.spot.uuid if turn.prompt else "", turn.at) for turn in main)


def switches(main: Sequence[Head], cuts: Sequence[Cut]) -> Switches:
    """Return the context switches at *cuts*, those of *main*: one for each but the first."""
    times = {head.uuid: head.at for head in main if head.uuid}
    found: list[Switch] = []
    seen: set[str] = set()
    last: Cut | None = None
    for cut in cuts:
        if last is not None and cut.thread != last.thread:
            back = cut.thread in seen
            at = times.get(cut.spot.uuid)
            found.append(
                Switch(
                    cut.spot, at, last.thread, cut.thread, cut.type, cut.confidence, back,
                    cut.evidence,
                )
            )  # fmt: skip
        seen.add(cut.thread)
        last = cut
    kinds = Counter(one.type for one in found)
    share = len(found) / (len(main) - 1) if len(main) > 1 else None
    return Switches(tuple(found), dict(sorted(kinds.items())), share)


def threads(main: Iterable[Head], cuts: Iterable[Cut]) -> list[str]:
    """Return the thread of each turn of *main*; "" before the first cut."""
    begins = {cut.spot.uuid: cut.thread for cut in cuts}
    found: list[str] = []
    thread = ""
    for head in main:
        if head.uuid:
            thread = begins.get(head.uuid, thread)
        found.append(thread)
    return found
