"""The axis that all lanes of a conversation's insights share: its turns, side by side."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

PAUSE: Final = 300_000  # ms: a longer one is drawn as long as this
_LEAST: Final = 0.25  # of an even share, what every turn is given


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the main lane: what a person said, and all that followed."""

    message: int  # row id of its first message
    session: int  # row id
    at: int | None  # ms
    said: str  # how its prompt begins; "" if it has none
    thread: str = ""  # key of the thread
    colour: int = -1  # of the thread; negative if there is only one


class Turns:
    """The turns of one conversation, and which of them a message is in.

    Row ids grow in file order within a session, so a turn is a range of ids of its session; a
    look-up costs a bisection.
    """

    def __init__(self, turns: Sequence[Turn] = ()) -> None:
        """Take *turns* in the order of the transcript."""
        self.turns = tuple(turns)
        self._begins: dict[int, list[tuple[int, int]]] = {}
        for number, turn in enumerate(self.turns):
            self._begins.setdefault(turn.session, []).append((turn.message, number))
        for begins in self._begins.values():
            begins.sort()

    def __len__(self) -> int:
        return len(self.turns)

    def number(self, message: int, session: int) -> int | None:
        """Return the place of the turn that *message* of *session* is in, from 0."""
        begins = self._begins.get(session)
        if not begins:
            return None
        at = bisect_right(begins, (message, len(self.turns))) - 1
        return begins[max(0, at)][1]


@dataclass(frozen=True, slots=True)
class Axis:
    """Where turns stand between 0 and 1: *edges* has one more than there are turns."""

    edges: tuple[float, ...] = (0.0, 1.0)

    @property
    def size(self) -> int:
        """How many turns it has."""
        return len(self.edges) - 1

    def place(self, turn: float) -> float:
        """Return where *turn* stands; 2.5 is the middle of the third one."""
        whole = min(max(0, int(turn)), self.size - 1)
        left, right = self.edges[whole], self.edges[whole + 1]
        return left + (right - left) * min(1.0, max(0.0, turn - whole))

    def turn_at(self, place: float) -> int:
        """Return which turn stands at *place*, between 0 and 1."""
        return min(self.size - 1, max(0, bisect_right(self.edges, place) - 1))


def even(size: int) -> Axis:
    """Return an axis on which *size* turns are of one width."""
    many = max(1, size)
    return Axis(tuple(n / many for n in range(many + 1)))


def timed(turns: Turns, moments: Mapping[int, Sequence[int]]) -> Axis:
    """Return an axis on which turns are as wide as they took.

    *moments* are the times, ms, that are known of each turn by its place. Pauses count up to
    `PAUSE`, and every turn is given a little, so that it can be seen.
    """
    known = [(at, n) for n in range(len(turns)) for at in _moments(turns, moments, n)]
    took = [0.0] * max(1, len(turns))
    for (at, n), (after, _) in pairwise(known):
        took[n] += min(PAUSE, max(0, after - at))
    whole = sum(took)
    if not whole:
        return even(len(turns))
    least = _LEAST * whole / len(took)
    return _edges([max(least, one) for one in took])


def _moments(turns: Turns, moments: Mapping[int, Sequence[int]], n: int) -> list[int]:
    at = turns.turns[n].at
    return sorted([*moments.get(n, ()), *([] if at is None else [at])])


def _edges(widths: Sequence[float]) -> Axis:
    whole, at = sum(widths), 0.0
    edges = [0.0]
    for width in widths:
        at += width
        edges.append(at / whole)
    edges[-1] = 1.0
    return Axis(tuple(edges))


@dataclass(slots=True)
class Spread:
    """Gives what stands in one turn places beside each other."""

    _counts: dict[int, int] = field(default_factory=dict[int, int])

    def over(self, numbers: Iterable[int]) -> list[float]:
        """Return a place, in turns, for each of *numbers*: two of turn 3 are at 3.25 and 3.75."""
        listed = list(numbers)
        for number in listed:
            self._counts[number] = self._counts.get(number, 0) + 1
        seen: dict[int, int] = {}
        found: list[float] = []
        for number in listed:
            at = seen.get(number, 0)
            seen[number] = at + 1
            found.append(number + (at + 0.5) / self._counts[number])
        return found
