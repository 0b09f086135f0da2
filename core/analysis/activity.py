"""When somebody, the person or the agent, was at it: the measure of time that others share.

Active time is what lies between two moments of a conversation less than five minutes apart,
and what tool calls took. A longer pause counts nothing, not even its first minutes. Waiting
for a permission cannot be told from running, so a call counts for an hour at most.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from core.analysis.material import Call, Material, Turn

REVISION: Final = 1
GAP: Final = 300_000  # ms; a pause from this length on is no activity
PATIENCE: Final = 3_600_000  # ms of a call that count at most


class Activity:
    """The stretches of active time of some turns, without overlap, in order."""

    def __init__(self, moments: Iterable[int], calls: Iterable[Call] = ()) -> None:
        spans = [(one, other) for one, other in pairwise(sorted(moments)) if other - one < GAP]
        spans.extend(
            (call.at, call.at + min(call.duration_ms, PATIENCE))
            for call in calls
            if call.at is not None and call.duration_ms
        )
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before = [0]  # active time before each stretch
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
                continue
            self._starts.append(start)
            self._ends.append(end)
        for start, end in zip(self._starts, self._ends, strict=True):
            self._before.append(self._before[-1] + end - start)

    @property
    def total(self) -> int:
        """All active time, ms."""
        return self._before[-1]

    def until(self, at: int) -> int:
        """Return the active time before the moment *at*, ms."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return self._before[index] + min(at, self._ends[index]) - self._starts[index]

    def between(self, start: int, end: int) -> int:
        """Return the active time from *start* to *end*, ms."""
        return max(0, self.until(end) - self.until(start))


def activity(material: Material) -> Activity:
    """Return when *material* was active: its main lane, the branches left behind too."""
    turns = [turn for turn in material.turns if not turn.lane]
    calls = [call for turn in turns for call in turn.calls]
    return Activity([at for turn in turns for at in moments(turn)], calls)


def moments(turn: Turn) -> list[int]:
    """Return every moment that the log tells of *turn*, in no order."""
    known = [turn.at, turn.ended]
    known += [reply.at for reply in turn.replies]
    known += [call.at for call in turn.calls]
    return [at for at in known if at is not None]
