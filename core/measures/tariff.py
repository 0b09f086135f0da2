"""What one API reply costs at given rates, in whole micro-dollars.

A dollar per million tokens is a micro-dollar per token, so the arithmetic is tokens times
price. It is done in decimals wide enough to be exact, and rounded once, half up, at the end.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Self

from core.model import Usage

NEWEST: Final = 253_402_300_799_999  # the last millisecond of the year 9999
_DAY: Final = 86_400_000  # milliseconds
_EXACT: Final = Context(prec=100)  # a count has at most 19 digits, a price at most some 20
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
    fma = _EXACT.fma
    sum_ = Decimal(0)
    for count, price in (
        (usage.input, tier.input),
        (usage.output, tier.output),
        (usage.cache_read, tier.cache_read),
        (short, tier.cache_write_5m),
        (usage.cache_1h, tier.cache_write_1h),
    ):
        if count:
            sum_ = fma(count, price, sum_)
    if searches and rates.search is not None:
        sum_ = fma(searches, rates.search * _MICRO_DOLLARS_A_SEARCH, sum_)
    return int(sum_.to_integral_value(ROUND_HALF_UP, _EXACT))
