"""One lane of a conversation while it grows: its turns, its threads, the rows that say so.

Messages come in one by one. The turn that is still open is threaded as it stands whenever
rows are asked for, and taken back when it grows; what lies far enough back does not change.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

from core.threads.cutting import LONGEST
from core.threads.evidence import Gatherer, Turn
from core.threads.shaping import Part, shaped
from core.threads.threader import Threader
from core.threads.weights import Weights
from core.threads.words import Lexicon, dot
from core.threads.woven import Edit, Rows
from core.weaving.reading import Spoken
from core.weaving.tally import Tally, total


class Lane:
    """Follows one lane."""

    def __init__(self, key: str, weights: Weights, shift: float, lexicon: Lexicon) -> None:
        """Begin lane *key* without a message; *shift* makes more cuts where it is above zero."""
        self.key = key
        self.weights = weights
        self.lexicon = lexicon
        self.threader = Threader(weights, shift)
        self.uuids: list[str] = []  # of the prompts that turns begin with
        self.tallies: list[Tally] = []  # of the turns
        self.near: list[float] = []  # likeness of each turn and the one before it
        self.spans: dict[int, tuple[int, int]] = {}  # session: its first and last turn
        self.grown = False  # since rows were last asked for
        self.rows = Rows()
        self.parts: list[Part] = []
        self._gatherer = Gatherer(lexicon)
        self._provisional = False
        self._added = 0  # segments that lie too far back to change, and are counted together
        self._sums: dict[tuple[int, int], Tally] = {}

    def add(self, spoken: Spoken, cwd: str, branch: str, *, begins: bool) -> None:
        """Take in the next message. *begins*: it is a prompt that opens a turn.

        What comes before the first prompt of a lane belongs to its first turn; in a lane
        without any prompt the first message stands for one.
        """
        self.grown = True
        first = not self.tallies
        if begins and self._provisional:
            self._gatherer.close()
            self._gatherer.open(spoken.message, cwd, branch)
            self.uuids[-1] = spoken.message.uuid
            self.tallies[-1].ask(spoken)
            self._provisional = False
        elif begins or first:
            if done := self._gatherer.open(spoken.message, cwd, branch):
                self._put(done)
                self.tallies[-1].close()
            self.uuids.append(spoken.message.uuid)
            self.tallies.append(Tally())
            self.tallies[-1].ask(spoken)
            self._provisional = not begins
        else:
            self._gatherer.add(spoken.message)
            self.tallies[-1].add(spoken)
        at = len(self.tallies) - 1
        self.spans[spoken.session] = (self.spans.get(spoken.session, (at, at))[0], at)

    def flush(self) -> None:
        """Thread the open turn as it stands."""
        # A copy is closed: the gatherer itself goes on collecting.
        if turn := copy(self._gatherer).close():
            self._put(replace(turn))

    def _put(self, turn: Turn) -> None:
        turns = self.threader.turns
        if len(turns) == len(self.tallies):
            self.threader.replace(turn)
            self.near.pop()
        else:
            self.threader.add(turn)
        turns = self.threader.turns
        self.near.append(dot(turns[-2].words, turn.words) if len(turns) > 1 else 0.0)

    def weigh(self) -> None:
        """Do now what would have to be done for all turns together when rows are asked for."""
        turns = len(self.threader.turns)
        self.threader.sure(turns)
        for one in self.threader.segments()[self._added :]:
            if one.end > turns - 2 * LONGEST:
                break
            self._closed(one.first, one.end)
            self._added += 1

    def shape(self, edits: Mapping[str, Edit]) -> list[Part]:
        """Return the parts of the lane as it stands, a person's decisions put over them."""
        return shaped(self.threader.segments(), self.uuids, edits)

    def tally(self, part: Part) -> Tally:
        """Return what is counted of *part*; costs its new turns, not all of them."""
        open_ = len(self.tallies) - 1
        end = min(part.end, open_)
        closed = self._closed(part.first, end)
        return closed if end == part.end else total((closed, self.tallies[open_]))

    def _closed(self, first: int, end: int) -> Tally:
        known = self._sums.get((first, end))
        if known is None:
            shorter = self._sums.pop((first, end - 1), None)
            parts: Sequence[Tally] = self.tallies[first:end]
            known = total(parts if shorter is None else (shorter, self.tallies[end - 1]))
            self._sums[(first, end)] = known
        return known
