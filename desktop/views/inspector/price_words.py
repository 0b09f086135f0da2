"""The words for prices: what a million tokens cost, who says so, and since when."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QDate, QLocale

from core.measures.prices import Rates
from core.queries.tariffs import Charged
from desktop.look import words
from desktop.look.words import translate

_MODELS: Final = 6  # that are told apart; a conversation with more is rare


def told(charged: Sequence[Charged]) -> str:
    """Return the prices of all *charged* models as a few paragraphs."""
    parts = [
        translate(
            "inspector",
            "What the makers’ own API charges on the day of each reply, in dollars per million "
            "tokens. Not your bill: subscriptions, discounts and taxes are not in it.",
        )
    ]
    parts += [_model(one) for one in charged[:_MODELS]]
    if len(charged) > _MODELS:
        parts.append(translate("inspector", "and {0} more models").format(len(charged) - _MODELS))
    return "\n\n".join(parts)


def _model(one: Charged) -> str:
    name = words.one_line(one.model, 60) or translate("inspector", "Unknown model")
    if not one.rates:
        return f"{name}\n{translate('inspector', 'No known price: not in the sum.')}"
    return "\n".join([name, *(line for rates in one.rates for line in _rates(rates))])


def _rates(rates: Rates) -> list[str]:
    lines: list[str] = []
    for tier in rates.tiers:
        kinds = [
            (translate("inspector", "{0} input"), tier.input),
            (translate("inspector", "{0} output"), tier.output),
            (translate("inspector", "{0} cache read"), tier.cache_read),
            (translate("inspector", "{0} cache write"), tier.cache_write_5m),
        ]
        if tier.cache_write_1h != tier.cache_write_5m:
            kinds.append((translate("inspector", "{0} for an hour"), tier.cache_write_1h))
        said = ", ".join(pattern.format(_dollars(price)) for pattern, price in kinds)
        if tier.above:
            longer = translate("inspector", "Prompts above {0} tokens: {1}")
            said = longer.format(words.short_count(tier.above), said)
        lines.append(said)
    source = translate("inspector", "Source: {0}").format(words.one_line(rates.source, 120))
    if rates.since is not None:
        source = translate("inspector", "{0}, since {1}").format(source, _day(rates.since))
    return [*lines, source]


def _dollars(price: Decimal) -> str:
    """Return *price* with two digits behind the point, or all if it has more."""
    digits = max(2, -int(price.normalize().as_tuple().exponent))
    return f"${QLocale().toString(float(price), 'f', min(digits, 6))}"


def _day(day: date) -> str:
    pattern = translate("inspector", "d MMM yyyy")
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)
