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
from core.store.reply_rows import ReplyRow, spending

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


def drafted_sums(rows: Composed, *, lane: bool) -> DraftedSums | None:
    """Return the sums of *rows*, all that a new session has; *lane*: it is an agent's.

    None where a row has no time that a calendar has, or an agent's lane is inside the session.
    """
    columns = [rows.messages.column(place) for place in (8, 11, 0, 5, 6)]
    columns[1] = [-1 if reply is None else reply for reply in columns[1]]
    said = cast("list[_Said]", list(zip(*columns, strict=True)))
    times = [one[0] for one in said] + [reply.at for reply in rows.replies]
    if not all(at is not None and 0 <= at < _END for at in times):
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
    for reply_row in rows.replies:
        slot = (reply_row.at or 0) // SLOT
        noted[slot] = noted.get(slot, 0) + 1
    messages = tuple((slot, *one[1:]) for slot, one in sums.items())
    return DraftedSums(noted, messages, _called(rows, places))


def _called(rows: Composed, places: Mapping[int, tuple[int, int]]) -> Sums:
    """Return the sums of the calls; *places* are slot and reply by message."""
    models = {reply.id: reply.model for reply in rows.replies}
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


def reply_sums(rows: Sequence[ReplyRow], costs: Sequence[int | None]) -> Sums:
    """Return the sums of *rows*, replies that all have a time, and of what they cost.

    Slot, model, and what follows these in rollup_reply.
    """
    found: dict[tuple[int, str], list[int]] = {}
    for row, cost in zip(rows, costs, strict=True):
        sums = found.setdefault(((row.at or 0) // SLOT, row.model), [0] * 7)
        spent, unpriced = spending(cost, row.total)
        each = (1, row.input, row.output, row.cache_read, row.cache_creation, spent, unpriced)
        for place, value in enumerate(each):
            sums[place] += value
    return tuple((*key, *sums) for key, sums in found.items())
