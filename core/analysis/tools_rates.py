"""Shares of calls, with what is known of them: an interval, and silence where too little is."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from core.measures.rates import wilson

ENOUGH: Final = 20  # calls below which no rate is shown: 1 of 1 is not 100 %


@dataclass(frozen=True, slots=True)
class Rate:
    """*hits* of *n*, and the 95 % interval in which the true share lies (Wilson)."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """The share itself; None below `ENOUGH`."""
        return self.hits / self.n if self.n >= ENOUGH else None

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and the upper end; all of 0 to 1 where there is nothing."""
        low, high = wilson(self.hits, self.n)
        # Not 3e-17: that none was seen is said as it is.
        return (0.0 if self.hits == 0 else low), (1.0 if self.hits == self.n else high)


def percentile(ordered: list[int], share: float) -> int | None:
    """Return the smallest of *ordered* that *share* of them do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
