"""Which colour each thread of a conversation has, so that none looks like those beside it.

A number stands for one of eight inks and how it is filled: the ninth thread has an ink that
another one has too, but not as a full bar. Threads next to each other never have the same ink,
nor two that people with a colour vision deficiency hardly tell apart, as long as there are
others left.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

INKS: Final = 8  # colours of a theme's chart
Parts: TypeAlias = tuple[tuple[float, float], ...]  # of a width, from 0 to 1
FULL: Final[Parts] = ((0.0, 1.0),)
_FILLS: Final[tuple[Parts, ...]] = (
    FULL,
    ((0.0, 1 / 3), (2 / 3, 1.0)),
    ((0.0, 1 / 3),),
    ((2 / 3, 1.0),),
)
# Pairs that differ by less than 20 (CIE 1976) in one of the themes, as somebody sees them who
# lacks one kind of cone. A test measures it.
ALIKE: Final = frozenset(
    frozenset(pair) for pair in ((0, 2), (1, 3), (1, 4), (2, 6), (3, 6), (4, 7), (5, 6))
)


def coloured(threads: Sequence[int], beside: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return a number for each of *threads*, in their order; *beside* are those next to each other.

    What comes later does not change the number of a thread, unless it is put beside it.
    """
    near: dict[int, set[int]] = {one: set() for one in threads}
    for one, other in beside:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    found: dict[int, int] = {}
    uses = [0] * INKS
    for at, one in enumerate(threads):
        taken = {found[other] % INKS for other in near[one] if other in found}
        ink = _ink(at % INKS, taken, uses)
        found[one] = ink + INKS * uses[ink]
        uses[ink] += 1
    return found


def fill(number: int) -> Parts:
    """Return the parts of a bar's width, from 0 to 1, that have the ink of *number*."""
    return _FILLS[number // INKS % len(_FILLS)]


def _ink(first: int, taken: set[int], uses: Sequence[int]) -> int:
    """Return the ink most easily told from those *taken*, of these the least used from *first*."""
    order = sorted(((first + step) % INKS for step in range(INKS)), key=lambda ink: uses[ink])
    free = [ink for ink in order if ink not in taken]
    clear = [ink for ink in free if not any(frozenset((ink, one)) in ALIKE for one in taken)]
    return next(iter((*clear, *free, first)))
