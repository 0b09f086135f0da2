"""Patterns that last over a conversation, seen in the facts that its pieces keep.

Each takes the histories of all pieces, in order, and which lanes are asked about: a fact of a
lane that is not may still count against a pattern, such as an edit between two readings.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from core.analysis.findings.history import WARM, History, Restart, Touch, restarted
from core.analysis.findings.sighting import Evidences, Sighting, latest, of_spots, tokens

REREAD: Final = 3  # times that the same lines of a file are read before it is told

Lanes: TypeAlias = tuple[bool, ...]  # False: the line a person talks in; True: agents'
Lasting: TypeAlias = Callable[[Sequence[History], Lanes], Iterator[Sighting]]


def rereads(told: Sequence[History], lanes: Lanes) -> Iterator[Sighting]:
    """The same lines of a file read three times in a lane, with nothing written to it between.

    A compaction between two reads makes the second one needed; it is not counted here.
    """
    seen: dict[tuple[str, str, str], list[Touch]] = {}
    for visit in (visit for one in told for visit in one.visits):
        if visit.compactions:
            for key in [key for key in seen if key[0] == visit.lane]:
                yield from _reread(seen.pop(key))
        for touch in visit.touches:
            if touch.edit:
                for key in [key for key in seen if key[1] == touch.target]:
                    yield from _reread(seen.pop(key))
            elif touch.lines and visit.agent in lanes:
                seen.setdefault((visit.lane, touch.target, touch.lines), []).append(touch)
    for touches in seen.values():
        yield from _reread(touches)


def _reread(touches: Sequence[Touch]) -> Iterator[Sighting]:
    if len(touches) < REREAD:
        return
    again = touches[1:]
    yield Sighting(
        "reread",
        touches[0].target,
        _of_touches(touches),
        len(again),
        sum(touch.took_ms for touch in again),
        sum(tokens(touch.size) for touch in again),
        latest(touch.at for touch in touches),
        touches[0].target,
    )


def _of_touches(touches: Sequence[Touch]) -> Evidences:
    return tuple((touch.spot.id, touch.call, touch.spot.uuid) for touch in touches)


def compactions(told: Sequence[History], lanes: Lanes) -> Iterator[Sighting]:
    """Compactions in the middle of a turn; what was read before is read again after them."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for visit in (visit for one in told for visit in one.visits):
        for spot, goes_on in visit.compactions:
            if not goes_on or visit.agent not in lanes:
                continue
            earlier = {touch.target for touch in visit.touches if touch.spot.id < spot.id}
            before = known[visit.lane] | earlier
            lost = sum(
                tokens(touch.size)
                for touch in visit.touches
                if touch.spot.id > spot.id and not touch.edit and touch.target in before
            )
            yield Sighting(
                "compaction", "compactions in the middle of work", of_spots([spot]), 1, 0, lost,
                visit.ended,
            )  # fmt: skip
        known[visit.lane].update(touch.target for touch in visit.touches)


def cold_restarts(told: Sequence[History], lanes: Lanes) -> Iterator[Sighting]:
    """Replies after a pause for which most of the context had to be written to the cache again."""
    last: dict[str, tuple[int | None, int]] = {}
    for one in told:
        found = list(one.restarts)
        for lane in one.replies:
            at, context = last.get(lane.lane, (None, 0))
            last[lane.lane] = lane.last_at, lane.last_context
            if at is None or lane.first_at is None or lane.first_at - at < WARM:
                continue
            again = restarted(context, lane.first_read, lane.first_made)
            if again:
                found.append(Restart(lane.first, lane.lane, lane.first_at, again))
        for restart in sorted(found, key=lambda one: one.spot.id):
            if bool(restart.lane) in lanes:
                yield Sighting(
                    "cold-cache", "pauses that emptied the cache", of_spots([restart.spot]), 1, 0,
                    restart.tokens, restart.at,
                )  # fmt: skip


def abandoned(told: Sequence[History], lanes: Lanes) -> Iterator[Sighting]:
    """Branches that were left behind after a rewind: their tokens and their time."""
    left = [one for history in told for one in history.left]
    prompts = [one for one in left if one.prompt is not None]
    if False not in lanes or not prompts or not any(one.calls for one in left):
        return
    yield Sighting(
        "abandoned",
        "branches left behind",
        of_spots(one.prompt for one in prompts if one.prompt is not None),
        len({(one.session, one.branch) for one in left}),
        sum(one.took_ms for one in left),
        sum(one.tokens for one in left),
        latest(one.ended for one in left),
        next((one.text for one in prompts if one.text), ""),
    )


LASTING: Final[Mapping[str, Lasting]] = {
    "reread": rereads,
    "compaction": compactions,
    "cold-cache": cold_restarts,
    "abandoned": abandoned,
}
