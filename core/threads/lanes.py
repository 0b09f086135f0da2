"""The lanes of one transcript: the main line, branches left behind, agents' runs.

File order is the spine and parent links annotate it. Children alone make no fork (parallel
tool calls look the same): the tree is built over turns. Links that are missing or dangle
are repaired, by tool call first, then by time; nothing is ever dropped.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from core.model import Kind, Role
from core.threads.events import Event

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where each event of a transcript is. All tuples run along the transcript's events."""

    above: tuple[int | None, ...]  # the event before it in the chain, links repaired
    turn: tuple[int | None, ...]  # the prompt that it belongs to; None before the first
    lane: tuple[str, ...]  # `MAIN`, ``branch:<uuid>`` or ``agent:<id>``


def lanes(events: Sequence[Event]) -> Lanes:
    """Return the lanes of *events*, which are in file order."""
    above = _above(events)
    ranks = _ranks(events, above)
    side = _sides(events, above, ranks)
    begins = [
        (event.opens and not side[i]) or bool(side[i] and _first_asked(events, above, side, i))
        for i, event in enumerate(events)
    ]
    turn: list[int | None] = [None] * len(events)
    for i in ranks:
        up = above[i]
        turn[i] = i if begins[i] else (turn[up] if up is not None else None)
    left = _left_behind(events, above, turn, ranks, side)
    names: list[str] = []
    for i in range(len(events)):
        at = turn[i]
        branch = left.get(at) if at is not None else None
        names.append(side[i] or (f"branch:{events[branch].uuid}" if branch is not None else MAIN))
    return Lanes(tuple(above), tuple(turn), tuple(names))


def _above(events: Sequence[Event]) -> list[int | None]:
    """Return the event that each one follows, with missing and dangling links repaired."""
    place = {event.uuid: i for i, event in reversed(list(enumerate(events))) if event.uuid}
    caller = {key: i for i, event in enumerate(events) for key in event.calls}
    order = sorted(
        (i for i, event in enumerate(events) if event.at is not None),
        key=lambda i: (events[i].at, i),
    )
    times = [events[i].at or 0 for i in order]
    above: list[int | None] = []
    for i, event in enumerate(events):
        found = place.get(event.parent)
        if found is None:
            found = place.get(event.logical)
        if found is None and event.answers:
            found = caller.get(event.answers[0])
        if found is None and not _root(event, i):
            found = _before(events, i, order, times)
        above.append(None if found == i else found)
    return above


def _root(event: Event, i: int) -> bool:
    """Tell whether *event* may be a beginning; any other event has lost its parent."""
    return i == 0 or (event.sidechain and event.kind is Kind.TASK and not event.parent)


def _before(
    events: Sequence[Event], i: int, order: Sequence[int], times: Sequence[int]
) -> int | None:
    """Return the last event of the same lane before event *i*, by time, else in the file."""
    event = events[i]
    if event.at is not None:
        at = bisect_right(times, event.at) - 1
        for j in reversed(order[max(0, at - _LOOK) : at + 1]):
            if j != i and _alike(events[j], event) and (events[j].at, j) < (event.at, i):
                return j
    for j in range(i - 1, max(-1, i - _LOOK), -1):
        if _alike(events[j], event):
            return j
    return None


_LOOK = 200  # events that are looked at for one of the same lane


def _alike(one: Event, other: Event) -> bool:
    return one.sidechain == other.sidechain and one.agent == other.agent


def _ranks(events: Sequence[Event], above: list[int | None]) -> list[int]:
    """Return the events so that each comes after the one above it. Breaks cycles in *above*."""
    state = [0] * len(events)  # 0 not seen, 1 on the way, 2 done
    done: list[int] = []
    for i in range(len(events)):
        path: list[int] = []
        at: int | None = i
        while at is not None and state[at] == 0:
            state[at] = 1
            path.append(at)
            at = above[at]
        if at is not None and state[at] == 1:
            above[path[-1]] = None
        for j in reversed(path):
            state[j] = 2
            done.append(j)
    return done


def _sides(events: Sequence[Event], above: Sequence[int | None], ranks: Sequence[int]) -> list[str]:
    """Return the lane of each event of an agent; "" for those of the session itself."""
    side = [""] * len(events)
    for i in ranks:
        event = events[i]
        if not event.sidechain:
            continue
        up = above[i]
        if event.agent:
            side[i] = f"agent:{event.agent}"
        else:
            side[i] = (side[up] if up is not None else "") or f"agent:{event.uuid}"
    return side


def _first_asked(
    events: Sequence[Event], above: Sequence[int | None], side: Sequence[str], i: int
) -> bool:
    """Tell whether event *i* is what an agent was asked at first: its whole run answers it."""
    up = above[i]
    first = up is None or side[up] != side[i]
    return first and events[i].role is Role.USER


def _left_behind(
    events: Sequence[Event],
    above: Sequence[int | None],
    turn: Sequence[int | None],
    ranks: Sequence[int],
    side: Sequence[str],
) -> dict[int, int]:
    """Return for each prompt on a branch left behind the prompt that the branch begins with."""
    prompts = [i for i in ranks if turn[i] == i and not side[i]]
    if not prompts:
        return {}
    over: dict[int, int | None] = {}
    for i in prompts:
        up = above[i]
        over[i] = turn[up] if up is not None else None
    newest = max(prompts, key=lambda i: (events[i].at or 0, i))
    line: set[int] = set()
    at: int | None = newest
    while at is not None and at not in line:
        line.add(at)
        at = over.get(at)
    left: dict[int, int] = {}
    for i in prompts:
        if i not in line:
            up = over[i]
            left[i] = left.get(up, i) if up is not None else i
    return left
