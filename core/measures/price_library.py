"""The prices that genai-prices brings along, as rates.

Why this library: it is data in a wheel (some 2 300 models in one Python module, MIT licence), so
a price is looked up without a network; its lists name their sources; it knows from which day on a
price holds, whole-request tiers, cache reads, both cache writes, web searches and, for newer
models, fast mode. Others were set aside: tokencost fetches LiteLLM's list when it is imported;
LiteLLM itself is a large gateway, and its list has no dates; a table of our own would be out of
date with every new model.

Only its bundled module is read. Its updater, the one part that uses the network, is never
started, and a snapshot that something else may have installed is not looked at. The library is
asked for models and prices; the sum is ours, because it has no fast price for some models that
had one, and starts the peak hours of a price before the price itself.

Importing this module takes a seventh of a second: import it when the first price is asked for.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Final

from genai_prices import __version__
from genai_prices.data import providers
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from core.measures.model_names import Name
from core.measures.tariff import Dated, Rates, Tier, midnight

# Anthropic's models whose fast price is not in the list: times the usual price of every kind,
# the long context's too. https://platform.claude.com/docs/en/build-with-claude/fast-mode, as it
# stood for Opus 4.6; the list's own rows at OpenRouter say the same of Opus 4.6 and 4.7.
_FAST: Final = {"claude-opus-4-6": Decimal(6), "claude-opus-4-7": Decimal(6)}

# Anthropic's models whose long context is not in the list: above how many tokens, times how much
# for the prompt, times how much for the output. Sonnet 4 had 1M tokens of context from
# 2025-08-12 on, at $6 and $22.50: https://claude.com/blog/1m-context
_LONG: Final = {"claude-sonnet-4-0": (200_000, Decimal(2), Decimal("1.5"))}

# What a request asks for to be served fast, in the list's words: Anthropic's, OpenAI's.
_FAST_VARIANTS: Final = ({"speed": "fast"}, {"service_tier": "fast"})


def listed(name: Name) -> tuple[Dated, ...]:
    """Return the prices of a model, the first that holds wins; empty for an unknown model."""
    try:
        provider, model = _snapshot().find_provider_model(
            name.model, None, name.maker or None, None
        )
    except LookupError:
        return ()
    found = tuple(_dated(model, provider.id))
    if name.fast:
        found = tuple(
            Dated(_as_fast(one.rates), one.start, one.hours) for one in found if one.rates.fast
        )
    return found


@cache
def _snapshot() -> DataSnapshot:
    return DataSnapshot(providers=providers, from_auto_update=False)


def _dated(model: ModelInfo, provider: str) -> Iterator[Dated]:
    """Yield the prices of *model*, the one that wins first.

    The library tries its list from the end, and takes the first price where none holds. One
    thing is read in another way: a price for some hours of the day that stands behind a price
    from some day on begins with that day. The library would charge such hours before it, too.
    """
    prices = (
        model.prices if isinstance(model.prices, list) else [ConditionalPrice(prices=model.prices)]
    )
    found: list[Dated] = []
    since: date | None = None
    for one in prices:
        hours = None
        if isinstance(one.constraint, StartDateConstraint):
            since = one.constraint.start_date
        elif isinstance(one.constraint, TimeOfDateConstraint):
            hours = _milliseconds(one.constraint.start_time), _milliseconds(one.constraint.end_time)
        rates = _rates(model, one.prices, provider, since)
        if rates is not None:
            found.append(Dated(rates, midnight(since), hours))
    yield from reversed(found)
    yield from (Dated(one.rates) for one in found[:1])


def _rates(model: ModelInfo, price: ModelPrice, provider: str, since: date | None) -> Rates | None:
    tiers = _tiers(price)
    if not tiers:
        return None
    fast: tuple[Tier, ...] = ()
    notes = [f"genai-prices {__version__}, {provider}"]
    for variant in model.price_variants or ():
        if variant.when in _FAST_VARIANTS and variant.constraint is None:
            fast = _tiers(ModelPrice(**(price.__dict__ | variant.prices.__dict__)))
    if provider == "anthropic" and len(tiers) == 1 and model.id in _LONG:
        above, factor, output = _LONG[model.id]
        tiers += (tiers[0].times(factor, output, above),)
        notes.append("long context: Clew's own table")
    if provider == "anthropic" and not fast and model.id in _FAST:
        factor = _FAST[model.id]
        fast = tuple(tier.times(factor, factor, tier.above) for tier in tiers)
        notes.append("fast mode: Clew's own table")
    search = price.web_searches_kcount
    return Rates(
        model.id,
        tiers,
        fast,
        search if isinstance(search, Decimal) else None,
        "; ".join(notes),
        since,
    )


def _tiers(price: ModelPrice) -> tuple[Tier, ...]:
    """Return the tiers of *price*; none where tokens alone do not make the price.

    Cached tokens without a price of their own are charged as input, as the library does it.
    """
    if price.input_mtok is None or price.output_mtok is None or price.requests_kcount is not None:
        return ()
    write = price.input_mtok if price.cache_write_mtok is None else price.cache_write_mtok
    read = price.input_mtok if price.cache_read_mtok is None else price.cache_read_mtok
    short = write if price.cache_write_5m_mtok is None else price.cache_write_5m_mtok
    long = write if price.cache_write_1h_mtok is None else price.cache_write_1h_mtok
    kinds = (price.input_mtok, price.output_mtok, read, short, long)
    steps = {tier.start for kind in kinds if isinstance(kind, TieredPrices) for tier in kind.tiers}
    return tuple(
        Tier(above, *(_above(kind, above) for kind in kinds)) for above in sorted(steps | {0})
    )


def _above(price: Decimal | TieredPrices, above: int) -> Decimal:
    """Return the price for a prompt of just more than *above* tokens."""
    if isinstance(price, Decimal):
        return price
    return next((one.price for one in reversed(price.tiers) if one.start <= above), price.base)


def _as_fast(rates: Rates) -> Rates:
    return Rates(rates.model, rates.fast, rates.fast, rates.search, rates.source, rates.since)


def _milliseconds(clock: time) -> int:
    """Return *clock* as milliseconds since midnight UTC; without a zone it is UTC."""
    moment = datetime.combine(date(2000, 1, 2), clock, clock.tzinfo or UTC).astimezone(UTC)
    return int(moment.timestamp() * 1000) % 86_400_000
