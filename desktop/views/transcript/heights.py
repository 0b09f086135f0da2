"""Heights of many rows: sums, look-up by pixel, change and insertion, all in microseconds.

Rows are summed in runs of 256. With 50,000 rows an offset costs two sums over some two hundred
numbers each, which the interpreter does in C, and inserting in the middle needs no tree.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

_RUN: Final = 256


class Heights:
    """The heights of rows in pixels, and whether each is measured or guessed."""

    def __init__(self, guesses: "array[int] | None" = None) -> None:
        self._each: array[int] = guesses if guesses is not None else array("i")
        self._exact = bytearray(len(self._each))
        self._runs: list[int] = []
        self._sum_up(0)

    def __len__(self) -> int:
        return len(self._each)

    def __getitem__(self, row: int) -> int:
        return self._each[row]

    @property
    def total(self) -> int:
        """The height of all rows together."""
        return sum(self._runs)

    def exact(self, row: int) -> bool:
        """Return whether *row* was measured."""
        return bool(self._exact[row])

    def measured(self) -> int:
        """Return how many rows were measured."""
        return self._exact.count(1)

    def offset(self, row: int) -> int:
        """Return how far *row*'s top is below the top of the first; *row* may be the end."""
        run, rest = divmod(row, _RUN)
        return sum(self._runs[:run]) + sum(self._each[run * _RUN : run * _RUN + rest])

    def at(self, y: int) -> int:
        """Return the row that covers *y*; the first above all, the last below, -1 if none."""
        if not self._each:
            return -1
        tops = list(accumulate(self._runs, initial=0))
        run = max(0, min(bisect_right(tops, y) - 1, len(self._runs) - 1))
        first = run * _RUN
        ends = list(accumulate(self._each[first : first + _RUN]))
        return max(0, min(first + bisect_right(ends, y - tops[run]), len(self._each) - 1))

    def measure(self, row: int, height: int) -> int:
        """Say that *row* is *height* tall, and return by how much it grew."""
        grown = height - self._each[row]
        self._each[row] = height
        self._exact[row] = 1
        self._runs[row // _RUN] += grown
        return grown

    def doubt(self, row: int) -> None:
        """Say that *row*'s height has to be measured again."""
        self._exact[row] = 0

    def doubt_all(self) -> None:
        """Say that every height has to be measured again."""
        self._exact = bytearray(len(self._each))

    def insert(self, row: int, guesses: Iterable[int]) -> None:
        """Put rows of the heights *guesses* before *row*."""
        more = array("i", guesses)
        self._each[row:row] = more
        self._exact[row:row] = bytes(len(more))
        self._sum_up(row)

    def remove(self, row: int, count: int) -> None:
        """Take *count* rows away, the first of which is *row*."""
        del self._each[row : row + count]
        del self._exact[row : row + count]
        self._sum_up(row)

    def _sum_up(self, row: int) -> None:
        """Count the runs from the one with *row* on."""
        first = row // _RUN
        del self._runs[first:]
        for start in range(first * _RUN, len(self._each), _RUN):
            self._runs.append(sum(self._each[start : start + _RUN]))
