"""What one API reply costs at given rates, in whole micro-dollars.

A dollar per million tokens is a micro-dollar per token, so the arithmetic is tokens times
price. It is done in whole numbers of a unit that all prices are multiples of, so it is exact, and
rounded once, half up, at the end.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import lcm
from typing import Final, Self

from core.model import Usage

NEWEST: Final = 253_402_300_799_999  # the last millisecond of the year 9999
_DAY: Final = 86_400_000  # milliseconds
_MICRO_DOLLARS_A_SEARCH: Final = Decimal(1000)  # for each dollar per thousand searches


@dataclass(frozen=True, slots=True)
class Tier:
    """Dollars per million tokens of each kind, for prompts of more than *above* tokens."""

    above: int
    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write_5m: Decimal
    cache_write_1h: Decimal
    # The prices in the order above in a unit of which each is a multiple, and how many units are 1.
    exact: tuple[tuple[int, ...], int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work the unit out once: replies are many."""
        ratios = [price.as_integer_ratio() for price in self.row[1:]]
        unit = lcm(*(parts for _, parts in ratios))
        exact = tuple(price * (unit // parts) for price, parts in ratios)
        object.__setattr__(self, "exact", (exact, unit))

    @property
    def row(self) -> tuple[int, Decimal, Decimal, Decimal, Decimal, Decimal]:
        """The fields that it is made of, in order."""
        return (
            self.above, self.input, self.output, self.cache_read, self.cache_write_5m,
            self.cache_write_1h,
        )  # fmt: skip

    def times(self, factor: Decimal, output: Decimal, above: int) -> Self:
        """Return the prices times *factor*, for output times *output*, above *above* tokens."""
        return replace(
            self,
            above=above,
            input=self.input * factor,
            output=self.output * output,
            cache_read=self.cache_read * factor,
            cache_write_5m=self.cache_write_5m * factor,
            cache_write_1h=self.cache_write_1h * factor,
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """What a model costs, and who says so."""

    model: str  # the name under which the source lists it
    tiers: tuple[Tier, ...]  # from the shortest prompts to the longest; never empty
    fast: tuple[Tier, ...]  # the same for fast mode; empty where no such price is known
    search: Decimal | None  # dollars per thousand web searches; None = not known
    source: str  # in words for a person
    since: date | None  # the day (UTC) from which this price holds; None = always


@dataclass(frozen=True, slots=True)
class Dated:
    """Rates, and when they hold: from a moment on, and perhaps at some hours of the day only."""

    rates: Rates
    start: int | None = None  # milliseconds since 1970, UTC; None = always
    hours: tuple[int, int] | None = None  # milliseconds since midnight UTC, the end excluded

    def holds(self, at: int) -> bool:
        """Return whether the rates hold at *at*, milliseconds since 1970, UTC."""
        if self.start is not None and at < self.start:
            return False
        if self.hours is None:
            return True
        begin, end = self.hours
        now = at % _DAY
        return begin <= now < end if begin <= end else now >= begin or now < end


def midnight(day: date | None) -> int | None:
    """Return the moment at which *day* begins in UTC, in milliseconds since 1970."""
    if day is None:
        return None
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1000


def charge(rates: Rates, usage: Usage, *, fast: bool = False, searches: int = 0) -> int | None:
    """Return what a reply costs in micro-dollars, or None where *rates* lack a price for it.

    The length of the whole prompt, cached or not, chooses one tier for the whole request: its
    output too. That is how Anthropic, Google and OpenAI bill long prompts
    (https://platform.claude.com/docs/en/about-claude/pricing#long-context-pricing).

    The written parts kept for five minutes and for an hour do not always add up to
    ``cache_creation``. What is in neither part counts as five minutes; what the parts have too
    much stays as it is.
    """
    tiers = rates.fast if fast else rates.tiers
    if not tiers or (searches and rates.search is None):
        return None
    short = max(usage.cache_5m, usage.cache_creation - usage.cache_1h)
    prompt = usage.input + usage.cache_read + short + usage.cache_1h
    tier = tiers[0]
    for longer in tiers[1:]:
        if prompt > longer.above:
            tier = longer
    (given, said, read, five_minutes, hour), unit = tier.exact
    sum_ = usage.input * given + usage.output * said + usage.cache_read * read
    sum_ += short * five_minutes + usage.cache_1h * hour
    if searches and rates.search is not None:
        price, parts = (rates.search * _MICRO_DOLLARS_A_SEARCH).as_integer_ratio()
        sum_, unit = sum_ * parts + searches * price * unit, unit * parts
    return (2 * sum_ + unit) // (2 * unit)
