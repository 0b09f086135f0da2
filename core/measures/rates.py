"""How sure one can be of a share."""

from math import sqrt
from typing import Final

_Z95: Final = 1.959964  # standard deviations that hold 95 % of a normal distribution


def wilson(part: int, of: int) -> tuple[float, float]:
    """Return the bounds between which the true share of *part* in *of* lies, 95 times in 100.

    The score interval of E. B. Wilson, 1927: it stays within 0 and 1, for few cases as well.
    """
    if of <= 0:
        return 0.0, 1.0
    share, square = part / of, _Z95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z95 / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)
