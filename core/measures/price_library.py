"""The prices that Clew brings along, as rates: those of the library genai-prices.

Why this library: it is data in a wheel (some 2 300 models, MIT licence), so a price is looked up
without a network; its lists name their sources; it knows from which day on a price holds,
whole-request tiers, cache reads, both cache writes, web searches and, for newer models, fast
mode. Others were set aside: tokencost fetches LiteLLM's list when it is imported; LiteLLM itself
is a large gateway, and its list has no dates; a table of our own would be out of date with every
new model.

The library itself is asked when Clew is built, by `packaging/price_table.py`, which adds a few
prices that it lacks, each with its source. What it says is in a table beside this module, and
models are told by their names in the very way the library tells them. Only the part of the
table that a price is asked of is read: that takes some milliseconds and a megabyte.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from core.measures.model_names import Name
from core.measures.tariff import Dated, Rates, Tier, midnight

_TABLE: Final = files("core.measures") / "prices.jsonl"
_COMPACT_DATE: Final = re.compile(r"(-)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)")


def listed(name: Name) -> tuple[Dated, ...]:
    """Return the prices of a model, the first that holds wins; empty for an unknown model."""
    wanted = name.model.lower()
    provider = _provider(wanted, name.maker)
    model = None if provider is None else _found(provider, wanted)
    if provider is None or model is None:
        return ()
    found = tuple(_dated(model[1], provider, own=model[0] == provider))
    if name.fast:
        found = tuple(
            Dated(_as_fast(one.rates), one.start, one.hours) for one in found if one.rates.fast
        )
    return found


@cache
def version() -> str:
    """Return the version of the library whose prices these are."""
    with _TABLE.open("rb") as stream:
        return str(orjson.loads(stream.readline())["version"])


@cache
def _providers() -> Mapping[str, tuple[Mapping[str, Any], bytes]]:
    """Return what tells each provider, and its models as they are written."""
    _, *lines = _TABLE.read_bytes().splitlines()
    heads = [orjson.loads(line) for line in lines[::2]]
    return {head["id"]: (head, line) for head, line in zip(heads, lines[1::2], strict=True)}


@cache
def _models(provider: str) -> Sequence[Any]:
    found: Sequence[Any] = orjson.loads(_providers()[provider][1])
    return found


def _provider(model: str, maker: str) -> str | None:
    """Return whose list *model* is looked up in."""
    every = _providers()
    if maker:
        wanted = maker.lower().strip()
        if wanted in every:
            return wanted
        by_maker = (id_ for id_, (head, _) in every.items() if _fits(head["match"], wanted))
        return next(by_maker, None)
    return next((id_ for id_, (head, _) in every.items() if _fits(head["models"], model)), None)


def _found(provider: str, model: str) -> tuple[str, Sequence[Any]] | None:
    """Return whose row *model* has in the list of *provider*, and that row."""
    found = _matched(provider, model)
    if found is None and (dashed := _COMPACT_DATE.sub(_dashed, model)) != model:
        found = _matched(provider, dashed)
    return found


def _matched(provider: str, model: str) -> tuple[str, Sequence[Any]] | None:
    head, _ = _providers()[provider]
    for one in (provider, *(other for other in head["fallback"] if other in _providers())):
        for row in _models(one):
            if _fits(row[1], model):
                return one, row
    return None


def _dashed(found: re.Match[str]) -> str:
    """Return a day as the lists write it, where some gateways leave the dashes out."""
    year, month, day = found.group(2, 3, 4)
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return found.group()
    return f"-{year}-{month}-{day}"


def _fits(clause: Sequence[Any] | None, name: str) -> bool:  # noqa: PLR0911  one case for each word
    """Tell whether *clause* tells *name*, in lower case."""
    if clause is None:
        return False
    kind, about = clause
    match kind:
        case "equals":
            return bool(name == about)
        case "starts_with":
            return name.startswith(about)
        case "ends_with":
            return name.endswith(about)
        case "contains":
            return about in name
        case "regex":
            return re.search(about, name) is not None
        case "or":
            return any(_fits(one, name) for one in about)
        case "and":
            return all(_fits(one, name) for one in about)
        case _:
            raise ValueError(kind)


def _dated(row: Sequence[Any], provider: str, *, own: bool) -> Iterator[Dated]:
    model, _, prices = row
    for each in prices:
        one = each | each["extra"] if own else each
        since = date.fromisoformat(one["since"]) if one["since"] else None
        notes = [f"genai-prices {version()}, {provider}", *one.get("notes", ())]
        rates = Rates(
            model, _tiers(one["tiers"]), _tiers(one["fast"]),
            None if one["search"] is None else Decimal(one["search"]), "; ".join(notes), since,
        )  # fmt: skip
        hours = tuple(one["hours"]) if one["hours"] else None
        # The first of all holds where none of the others does.
        yield Dated(rates, None if one["always"] else midnight(since), hours)


def _tiers(rows: Sequence[Sequence[Any]]) -> tuple[Tier, ...]:
    return tuple(Tier(above, *(Decimal(price) for price in prices)) for above, *prices in rows)


def _as_fast(rates: Rates) -> Rates:
    return Rates(rates.model, rates.fast, rates.fast, rates.search, rates.source, rates.since)
