"""Finds what a reader looked at among other rows than before."""

from collections.abc import Sequence


def nearest(before: Sequence[int], row: int, now: Sequence[int]) -> int:
    """Return which of the ids *now* stands for that of *row* in *before*; 0 if none does.

    It is that one, else the next one below it that is still there, else the next above.
    """
    if not 0 <= row < len(before):
        return 0
    if before[row] in now:
        return before[row]
    there = frozenset(now)
    below = next((before[at] for at in range(row, len(before)) if before[at] in there), 0)
    return below or next((before[at] for at in range(row, -1, -1) if before[at] in there), 0)
