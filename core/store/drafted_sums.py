"""What a new session adds to the sums that charts are drawn from, worked out with its rows.

A file that is read ahead of the writer brings rows of a session that the library does not have
yet. Its sums need no question to the library then, and are made where the rows are made. What the
views of step 0005 define is said here once more; `core.store.rollups.recount` compares the two,
and the writer takes these only if nothing but their rows was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from core.store.composing import Composed
from core.store.reply_rows import AT, MODEL, TOKENS
from core.store.rows import Rows

SLOT: Final = 900_000  # ms: a quarter of an hour
GAP: Final = 300_000  # ms: the longest that counts as active, see step 0005,
TOOL_GAP: Final = 600_000  # and before a tool's result
_END: Final = 253_402_300_800_000  # ms: the end of the year 9999, behind which is no slot
_SAID: Final = frozenset({"user", "assistant"})
_TYPED: Final = frozenset({"prompt", "queued"})
_OUTCOMES: Final = ("ok", "error", "denied", "interrupted", "none")

Sums: TypeAlias = tuple[tuple[object, ...], ...]
# Of a row of message: time, reply, id, record, kind. Of one of call: message, tool, outcome,
# duration. See `core.store.messages` and `core.store.pairing`.
_Said: TypeAlias = tuple[int, int, int, str, str]
_Called: TypeAlias = tuple[int, str, str, int | None]


@dataclass(frozen=True, slots=True)
class DraftedSums:
    """Sums of one session. In its lane; what the replies cost is for the writer to say."""

    noted: Mapping[int, int]  # by slot: how often the triggers note that a row was written
    messages: Sums  # slot, said, typed, active ms
    calls: Sums  # slot, model, tool, and what follows these in rollup_call
    replies: Sums  # slot, model, replies, and their tokens of four kinds
    places: tuple[int, ...]  # of each reply: which of these it is in


def drafted_sums(rows: Composed, *, lane: bool) -> DraftedSums | None:
    """Return the sums of *rows*, all that a new session has; *lane*: it is an agent's.

    None where a row has no time that a calendar has, or an agent's lane is inside the session.
    """
    columns = [rows.messages.column(place) for place in (8, 11, 0, 5, 6)]
    columns[1] = [-1 if reply is None else reply for reply in columns[1]]
    said = cast("list[_Said]", list(zip(*columns, strict=True)))
    times = rows.replies.column(AT)
    if not all(at is not None and 0 <= at < _END for at in (*columns[0], *times)):
        return None
    if not lane and any(rows.messages.column(9)):
        return None
    said.sort()
    sums: dict[int, list[int]] = {}
    places: dict[int, tuple[int, int]] = {}
    last = said[0][0] if said else 0
    for at, reply, id_, record, kind in said:
        slot = at // SLOT
        one = sums.get(slot)
        if one is None:
            one = sums[slot] = [0, 0, 0, 0]
        places[id_] = slot, reply
        one[0] += 1
        one[1] += record in _SAID
        if kind in _TYPED and not lane:
            one[2] += 1
        gap, last = at - last, at
        if gap <= GAP or (gap <= TOOL_GAP and kind == "result"):
            one[3] += gap
    noted = {slot: one[0] for slot, one in sums.items()}
    for at in times:
        noted[at // SLOT] = noted.get(at // SLOT, 0) + 1
    messages = tuple((slot, *one[1:]) for slot, one in sums.items())
    return DraftedSums(noted, messages, _called(rows, places), *_replied(rows.replies, times))


def _called(rows: Composed, places: Mapping[int, tuple[int, int]]) -> Sums:
    """Return the sums of the calls; *places* are slot and reply by message."""
    models = dict(zip(rows.replies.column(0), rows.replies.column(MODEL), strict=True))
    found: dict[tuple[int, str, str], list[tuple[str, int | None]]] = {}
    columns = [rows.calls.column(place) for place in (1, 4, 7, 9)]
    calls = cast("list[_Called]", list(zip(*columns, strict=True)))
    for message, tool, outcome, duration in calls:
        slot, reply = places[message]
        found.setdefault((slot, models.get(reply, ""), tool), []).append((outcome, duration))
    return tuple((*key, len(ends), *_ends(ends)) for key, ends in found.items())


def _ends(ends: Sequence[tuple[str, int | None]]) -> tuple[object, ...]:
    """Return how many calls ended in which way, and how long they took."""
    outcomes = [outcome for outcome, _ in ends]
    durations = [duration for _, duration in ends if duration is not None]
    return (
        *map(outcomes.count, _OUTCOMES), sum(durations), " ".join(map(str, durations)),
    )  # fmt: skip


def _replied(replies: Rows, times: Sequence[int]) -> tuple[Sums, tuple[int, ...]]:
    """Return the sums of *replies*, which were written at *times*, and in which each of them is."""
    found: dict[tuple[int, str], list[int]] = {}
    places: list[int] = []
    columns = [replies.column(place) for place in (MODEL, *TOKENS)]
    for at, model, fed, made, read, kept in zip(times, *columns, strict=True):
        key = at // SLOT, model
        sums = found.setdefault(key, [len(found), 0, 0, 0, 0, 0])
        places.append(sums[0])
        sums[1] += 1
        sums[2] += fed
        sums[3] += made
        sums[4] += read
        sums[5] += kept
    return tuple((*key, *sums[1:]) for key, sums in found.items()), tuple(places)


def with_costs(sums: DraftedSums, spent: Sequence[tuple[int, int]]) -> Sums:
    """Return the sums of the replies with what each of these adds, as rollup_reply has them."""
    costs = [[0, 0] for _ in sums.replies]
    for place, (cost, unpriced) in zip(sums.places, spent, strict=True):
        costs[place][0] += cost
        costs[place][1] += unpriced
    return tuple((*one, *cost) for one, cost in zip(sums.replies, costs, strict=True))
