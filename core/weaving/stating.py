"""The rows of a lane: what its parts, their cuts and their counts say, put into words."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from core.measures.topics import TERMS, summary, topic
from core.threads import boundaries
from core.threads.explaining import SHOWN, Switch, reasons, resemblance
from core.threads.links import Tie
from core.threads.relinking import TAIL
from core.threads.shaping import Part
from core.threads.woven import Bond, Edit, MadeBy, Place, Rows, Stretch, Thread
from core.weaving.lane import Lane
from core.weaving.spelling import Spelt
from core.weaving.tally import Tally, ranked, total

T = TypeVar("T")
_PROMPTS = 5  # prompts of a thread that may give its topic


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a lane from outside."""

    depth: int
    title: str  # what the call that began it says, "" if nothing
    titles: Mapping[int, str]  # what the log calls its sessions, by their row ids
    references: Sequence[Bond]


Steps: TypeAlias = Generator[None, None, T]


def stating(
    lane: Lane, setting: Setting, edits: Mapping[str, Edit], *, again: bool = False
) -> Steps[Rows]:
    """Return the rows of *lane* as it stands; those that have not changed are the same objects.

    *again*: what is known from outside has changed, so every thread is put into words anew.
    Yields after each cut and each thread. If *lane* grows before the end, begin once more.
    """
    lane.flush()
    parts = lane.shape(edits)
    before = [] if again else lane.parts
    same = 0
    while same < min(len(parts), len(before)) and parts[same] == before[same]:
        same += 1
    # The last part has grown, and the one before a cut knows how sure that is.
    fresh = max(0, min(same, len(parts) - 1) - 1)
    yield
    places = yield from _places(lane, parts, fresh, edits)
    touched = {part.thread for part in (*parts[fresh:], *lane.parts[fresh:])}
    threads = yield from _threads(lane, parts, touched, places, setting)
    keys = {part.thread: lane.uuids[part.first] for part in reversed(parts)}
    stretches = _stretches(lane, parts, fresh, keys)
    bonds = (*_returns(lane, parts), *setting.references)
    lane.parts, lane.grown = parts, False
    lane.rows = Rows(threads, stretches, places, bonds)
    return lane.rows


def _places(
    lane: Lane, parts: Sequence[Part], fresh: int, edits: Mapping[str, Edit]
) -> Steps[tuple[Place, ...]]:
    """Return the cuts of *lane*; those before part *fresh* are as they were."""
    if len(parts) < 2:
        return ()
    old = {one.message: one for one in lane.rows.places}
    turns = len(lane.tallies)
    begun = parts[max(1, fresh)].first
    last = {part.thread: part for part in parts[: max(1, fresh)]}
    found = [old[lane.tallies[part.first].first] for part in parts[1 : max(1, fresh)]]
    threader = lane.threader
    sure = threader.sure(begun)
    for part in parts[max(1, fresh) :]:
        earlier = last.get(part.thread)
        last[part.thread] = part
        returns = earlier is not None
        message = lane.tallies[part.first].first
        known = old.get(message)
        if part.by_person:
            said = _by_person(edits.get(lane.uuids[part.first]))
            place = Place(message, lane.key, Switch.CUE, 1.0, said, MadeBy.PERSON, returns)
        else:
            settled = part.first < turns - 1 - boundaries.AHEAD
            if (
                settled
                and known is not None
                and known.made_by is MadeBy.MODEL
                and known.returns == returns
            ):
                kind, why = known.kind, known.evidence
            else:
                kind, why = _why(lane, part, earlier)
            likely = max(sure[part.first - begun], part.sure)
            place = Place(message, lane.key, kind, round(likely, 3), why, MadeBy.MODEL, returns)
        found.append(place)
        yield
    return tuple(found)


def _why(lane: Lane, part: Part, earlier: Part | None) -> tuple[Switch, tuple[str, ...]]:
    """Return what *part* begins with; *earlier* is the last of its thread, if it is taken up."""
    own = lane.tallies[part.first]
    near = lane.tallies[max(earlier.first, earlier.end - TAIL) : earlier.end] if earlier else []
    text = " ".join((own.said, *own.words, *(word for one in near for word in one.words)))
    lexicon = Spelt(lane.lexicon, text)
    kind, why = reasons(lane.threader, part.first, lane.weights, lexicon)
    if earlier is not None:
        turns, before = lane.threader.turns, range(earlier.first, earlier.end)
        why = (*resemblance(turns, part.first, before, lexicon), *why)[:SHOWN]
    return kind, why


def _by_person(made: Edit | None) -> tuple[str, ...]:
    return ("you split the thread here",) if made and not made.target else ("you put it there",)


def _threads(
    lane: Lane,
    parts: Sequence[Part],
    touched: set[int],
    places: Sequence[Place],
    setting: Setting,
) -> Steps[tuple[Thread, ...]]:
    groups: dict[int, list[int]] = {}
    for at, part in enumerate(parts):
        groups.setdefault(part.thread, []).append(at)
    old = {one.key: one for one in lane.rows.threads}
    sure = [1.0, *(place.confidence for place in places), 1.0]
    found: list[Thread] = []
    for number, (thread, members) in enumerate(groups.items(), 1):
        key = lane.uuids[parts[members[0]].first]
        known = old.get(key)
        if thread not in touched and known is not None and known.number == number:
            found.append(known)
            continue
        least = min(min(sure[at], sure[at + 1]) for at in members)
        own = [parts[at] for at in members]
        found.append(_thread(lane, own, number, least, setting))
        yield
    return tuple(found)


def _thread(
    lane: Lane, parts: Sequence[Part], number: int, confidence: float, setting: Setting
) -> Thread:
    tally = lane.tally(parts[0]) if len(parts) == 1 else total(lane.tally(one) for one in parts)
    first = parts[0].first
    asked = [one.said for one in lane.tallies[first : min(parts[0].end, first + _PROMPTS)]]
    titles = [setting.title, *_titles(lane, parts, setting)]
    near = [lane.near[at] for part in parts for at in range(part.first + 1, part.end)]
    return Thread(
        key=lane.uuids[first],
        lane=lane.key,
        number=number,
        depth=setting.depth,
        first=lane.tallies[first].first,
        topic=topic(titles, asked),
        summary=summary(asked, tally.tools, tally.files, tally.errors),
        terms=tuple(ranked(tally.words)[:TERMS]),
        started_at=tally.started,
        ended_at=tally.ended,
        active_ms=tally.active,
        confidence=round(confidence, 3),
        coherence=round(sum(near) / len(near), 4) if near else None,
        messages=tally.messages,
        prompts=tally.prompts,
        calls=tally.calls,
        errors=tally.errors,
    )


def _titles(lane: Lane, parts: Sequence[Part], setting: Setting) -> list[str]:
    """Return what the log calls the sessions that lie in *parts* from end to end."""
    return [
        title
        for session, (first, last) in lane.spans.items()
        if (title := setting.titles.get(session, ""))
        and any(part.first <= first and last < part.end for part in parts)
    ]


def _stretches(
    lane: Lane, parts: Sequence[Part], fresh: int, keys: Mapping[int, str]
) -> tuple[Stretch, ...]:
    found = [one for one in lane.rows.stretches if one.number <= fresh]
    if any(one.thread != keys[parts[one.number - 1].thread] for one in found):
        found, fresh = [], 0  # a thread before has begun elsewhere
    for number, part in enumerate(parts[fresh:], fresh + 1):
        tally: Tally = lane.tally(part)
        found.extend(
            Stretch(keys[part.thread], session, lane.key, number, first, last)
            for session, first, last in _by_session(tally.pieces)
        )
    return tuple(found)


def _by_session(pieces: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return *pieces* with one for each session: a lane may come back to one."""
    found: dict[int, tuple[int, int, int]] = {}
    for session, first, last in pieces:
        _, begun, end = found.get(session, (session, first, last))
        found[session] = (session, min(begun, first), max(end, last))
    return list(found.values())


def _returns(lane: Lane, parts: Sequence[Part]) -> list[Bond]:
    """Return for each thread that is taken up again which prompt it goes on from."""
    last: dict[int, int] = {}
    found: list[Bond] = []
    for part in parts:
        before = last.get(part.thread)
        if before is not None:
            message, target = lane.tallies[part.first].first, lane.tallies[before].first
            how = ("you put it there", 1.0) if part.by_person else ("topic", round(part.likely, 3))
            found.append(Bond(Tie.TOPIC_FOLLOW_UP, message, target, lane.key, how[1], how[0]))
        last[part.thread] = part.end - 1
    return found
