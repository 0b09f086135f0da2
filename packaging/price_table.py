"""Write the table of prices that Clew ships, from the data of genai-prices: `price_table.py`.

genai-prices is data in a wheel (some 2 300 models in one Python module), so this needs no
network; but importing it takes a seventh of a second and 18 MB, which no user has to pay. What
is read of it, and in which way, is told in `core.measures.price_library`, which reads the table.

The table is JSON, one value a line: the version, then for each provider its name and what it is
told by, then its models. A test holds the table to what this script would write.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

import orjson
from genai_prices import __version__
from genai_prices.data import providers
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from core.measures.tariff import Tier

TABLE: Final = Path(__file__).parents[1] / "core" / "measures" / "prices.jsonl"

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


def table() -> bytes:
    """Return the table."""
    lines: list[object] = [{"version": __version__}]
    for provider in providers:
        lines.append(
            {
                "id": provider.id,
                "match": _clause(provider.provider_match),
                "models": _clause(provider.model_match),
                "fallback": provider.fallback_model_providers or [],
            }
        )
        lines.append([_model(model, provider) for model in provider.models])
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def _clause(clause: object) -> object:
    """Return what tells a name: a word and what it is about, or a word and other clauses."""
    if clause is None:
        return None
    ((kind, about),) = vars(clause).items()
    if isinstance(about, list):
        return [kind.strip("_"), [_clause(one) for one in about]]
    return [kind, about if kind == "regex" else about.lower()]


def _model(model: ModelInfo, provider: Provider) -> list[object]:
    return [model.id, _clause(model.match), list(_prices(model, provider.id))]


def _prices(model: ModelInfo, provider: str) -> Iterator[object]:
    """Yield the prices of *model*, the one that wins first.

    The library tries its list from the end, and takes the first price where none holds. One
    thing is read in another way: a price for some hours of the day that stands behind a price
    from some day on begins with that day. The library would charge such hours before it, too.
    """
    prices = (
        model.prices if isinstance(model.prices, list) else [ConditionalPrice(prices=model.prices)]
    )
    found: list[dict[str, object]] = []
    since: date | None = None
    for one in prices:
        hours = None
        if isinstance(one.constraint, StartDateConstraint):
            since = one.constraint.start_date
        elif isinstance(one.constraint, TimeOfDateConstraint):
            hours = _milliseconds(one.constraint.start_time), _milliseconds(one.constraint.end_time)
        rates = _rates(model, one.prices, provider)
        if rates is not None:
            found.append(
                rates | {"since": since and since.isoformat(), "hours": hours, "always": False}
            )
    yield from reversed(found)
    yield from ({**one, "hours": None, "always": True} for one in found[:1])


def _rates(model: ModelInfo, price: ModelPrice, provider: str) -> dict[str, object] | None:
    tiers = _tiers(price)
    if not tiers:
        return None
    fast: tuple[Tier, ...] = ()
    extra: dict[str, object] = {}  # where it is Anthropic that is asked, and no gateway
    notes: list[str] = []
    for variant in model.price_variants or ():
        if variant.when in _FAST_VARIANTS and variant.constraint is None:
            fast = _tiers(ModelPrice(**(price.__dict__ | variant.prices.__dict__)))
    if provider == "anthropic" and len(tiers) == 1 and model.id in _LONG:
        above, factor, output = _LONG[model.id]
        long = (*tiers, tiers[0].times(factor, output, above))
        extra["tiers"] = _written(long)
        notes.append("long context: Clew's own table")
    else:
        long = tiers
    if provider == "anthropic" and not fast and model.id in _FAST:
        factor = _FAST[model.id]
        extra["fast"] = _written(tuple(one.times(factor, factor, one.above) for one in long))
        notes.append("fast mode: Clew's own table")
    search = price.web_searches_kcount
    return {
        "tiers": _written(tiers),
        "fast": _written(fast),
        "search": str(search) if isinstance(search, Decimal) else None,
        "extra": extra | {"notes": notes} if notes else {},
    }


def _written(tiers: tuple[Tier, ...]) -> list[list[object]]:
    return [
        [above, *(str(price) for price in prices)]
        for above, *prices in (tier.row for tier in tiers)
    ]


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


def _milliseconds(clock: time) -> int:
    """Return *clock* as milliseconds since midnight UTC; without a zone it is UTC."""
    moment = datetime.combine(date(2000, 1, 2), clock, clock.tzinfo or UTC).astimezone(UTC)
    return int(moment.timestamp() * 1000) % 86_400_000


if __name__ == "__main__":
    TABLE.write_bytes(table())
