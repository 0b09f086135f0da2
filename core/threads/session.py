"""A whole session threaded: lanes first, then the turns of each lane on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.threads.evidence import Turn
from core.threads.lanes import MAIN, Lanes, lanes
from core.threads.links import Relation, Tie, links
from core.threads.threader import Threader
from core.threads.transcripts import Transcript
from core.threads.weights import Weights


@dataclass(frozen=True, slots=True)
class Session:
    """A session's lanes, threads and relations."""

    lanes: Lanes
    threads: Mapping[str, str]  # uuid of an event: id of its thread, its first prompt's uuid
    relations: tuple[Relation, ...]
    threaders: Mapping[str, Threader]  # of each lane with turns


def session(read: Transcript, weights: Weights, shift: float = 0.0) -> Session:
    """Thread what was read. Pure: the same transcript gives the same threads."""
    found = lanes(read.events)
    turns = {turn.uuid: turn for turn in read.turns}
    by_lane: dict[str, list[Turn]] = {}
    for i in _in_order(found, read):
        turn = turns.get(read.events[i].uuid)
        if turn:
            by_lane.setdefault(found.lane[i], []).append(turn)
    of_turn: dict[str, str] = {}
    ties: list[Relation] = []
    threaders: dict[str, Threader] = {}
    for lane, own in by_lane.items():
        threaders[lane] = threader = Threader(weights, shift)
        for turn in own:
            threader.add(turn)
        named: dict[int, str] = {}
        last: dict[int, str] = {}
        for part in threader.segments():
            first = own[part.first].uuid
            if part.thread in last:
                ties.append(Relation(Tie.TOPIC_FOLLOW_UP, first, last[part.thread], 0.7, "topic"))
            last[part.thread] = own[part.end - 1].uuid
            name = named.setdefault(part.thread, first)
            of_turn.update((turn.uuid, name) for turn in own[part.first : part.end])
    threads = _threads(read, found, of_turn)
    relations = (*links(read.events, found), *ties, *read.references)
    return Session(found, threads, relations, threaders)


def _in_order(found: Lanes, read: Transcript) -> Sequence[int]:
    """Return the prompts by when they were sent: lines may stand in any order."""
    prompts = [i for i, at in enumerate(found.turn) if at == i and read.events[i].opens]
    return sorted(prompts, key=lambda i: (read.events[i].at or 0, i))


def _threads(read: Transcript, found: Lanes, of_turn: Mapping[str, str]) -> dict[str, str]:
    """Return the thread of every event; what comes before a lane's first turn goes with it."""
    first: dict[str, str] = {}
    threads: dict[str, str] = {}
    for i, event in enumerate(read.events):
        at = found.turn[i]
        name = of_turn.get(read.events[at].uuid, "") if at is not None else ""
        if name:
            first.setdefault(found.lane[i], name)
        threads[event.uuid] = name
    for i, event in enumerate(read.events):
        lane = found.lane[i]
        fallback = lane if lane != MAIN else (event.session or MAIN)
        threads[event.uuid] = threads[event.uuid] or first.get(lane, fallback)
    return threads
