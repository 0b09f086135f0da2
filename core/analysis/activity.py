"""When somebody, the person or the agent, was at it: the measure of time that others share.

Active time is what lies between two moments of a conversation less than five minutes apart,
and what tool calls took. A longer pause counts nothing, not even its first minutes. Waiting
for a permission cannot be told from running, so a call counts for an hour at most.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.analysis.material import MAIN, Turn

REVISION: Final = 1
GAP: Final = 300_000  # ms; a pause from this length on is no activity
PATIENCE: Final = 3_600_000  # ms of a call that count at most


@dataclass(frozen=True, slots=True)
class Spans:
    """When something happened in some turns, so that more turns can be added.

    A run is moments of which each comes less than `GAP` after the one before, from the first to
    the last of them: what lies between is told by no other turn either.
    """

    runs: tuple[tuple[int, int], ...] = ()
    calls: tuple[tuple[int, int], ...] = ()  # from, to; of an hour at most


class Activity:
    """The stretches of active time of some turns, without overlap, in order."""

    def __init__(self, told: Iterable[Spans]) -> None:
        """Add up what is *told*, in any order."""
        every = list(told)
        runs = sorted(run for one in every for run in one.runs)
        spans = [run for run in runs if run[0] < run[1]]
        last: int | None = None
        for start, end in runs:
            if last is not None and 0 < start - last < GAP:
                spans.append((last, start))
            last = end if last is None else max(last, end)
        spans.extend(span for one in every for span in one.calls)
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


def spans(turns: Sequence[Turn]) -> Spans:
    """Return when *turns* were active: the main lane, the branches left behind too."""
    main = [turn for turn in turns if turn.lane == MAIN]
    runs: list[tuple[int, int]] = []
    for at in sorted(at for turn in main for at in moments(turn)):
        if runs and at - runs[-1][1] < GAP:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    calls = [
        (call.at, call.at + min(call.duration_ms, PATIENCE))
        for turn in main
        for call in turn.calls
        if call.at is not None and call.duration_ms
    ]
    return Spans(tuple(runs), tuple(calls))


def activity(turns: Sequence[Turn]) -> Activity:
    """Return when *turns* were active."""
    return Activity([spans(turns)])


def moments(turn: Turn) -> list[int]:
    """Return every moment that the log tells of *turn*, in no order."""
    known = [turn.at, turn.ended]
    known += [reply.at for reply in turn.replies]
    known += [call.at for call in turn.calls]
    return [at for at in known if at is not None]
