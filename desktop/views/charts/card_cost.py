"""The card that answers what it would cost at API prices."""

from collections import Counter
from datetime import date
from typing import Final

from core.queries.spending import DayCost, Spending
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import scale
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.inks import OTHER
from desktop.views.charts.legend import Legend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.stacks import MONEY, Series, StackPlot

TOP: Final = 6  # models with a colour of their own
_NAMED: Final = 3  # models without a price that the caption names


class CostCard(Card):
    """Stacked bars of the dearest models, and a table of days."""

    def __init__(self) -> None:
        self._stacks = StackPlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "What would it cost at API prices?"),
            translate(
                "charts",
                "API-equivalent, not your bill: what the makers’ own API charges for the tokens "
                "of each reply, at the price of its day, each reply counted once. Subscriptions, "
                "discounts and taxes are not in it. What an agent program says itself is shown "
                "beside it in the inspector, and is not in this chart.\n\nPrices come from your "
                "own prices.toml, else from the list that is bundled with Clew. Replies of a "
                "model that neither has are left out and counted in the caption; nothing is "
                "guessed. Replies without a time in the log are left out.",
            ),
            self._stacks,
            legend=self._key,
        )

    def show_answer(self, answer: Answer[Spending]) -> None:
        """Show the costs of *answer*."""
        found = answer.rows
        if answer.period is None or not found.days:
            if answer.period is not None and found.unpriced:
                self.say_empty(translate("charts", "Nothing here has a price"), unpriced(found))
            else:
                say_nothing(self, answer)
            return
        days = scale.calendar(answer.period)
        made = series(found.days, days)
        self._stacks.show_series(days, made, MONEY)
        self._key.show_entries([(one.name, one.ink) for one in made])
        self._fill(days, made)
        units = {
            "day": translate("charts", "US dollars per day, API-equivalent"),
            "week": translate("charts", "US dollars per week, API-equivalent"),
            "month": translate("charts", "US dollars per month, API-equivalent"),
        }
        missing = unpriced(found)
        caption = f"{units[days.unit]} · {missing}" if missing else units[days.unit]
        sums = ", ".join(f"{one.name} {words.money(sum(one.values))}" for one in made)
        self.say(
            caption,
            translate("charts", "{0}. In all {1}: {2}. Arrow keys go from bar to bar.").format(
                caption, words.money(found.cost), sums
            ),
        )

    def _fill(self, days: scale.Calendar, made: list[Series]) -> None:
        columns = [
            Column(translate("charts", "From")),
            Column(translate("charts", "All"), money=True),
        ]
        columns += [Column(words.one_line(one.name, 40), money=True) for one in made]
        rows: list[tuple[date | int | None, ...]] = []
        for at, bucket in enumerate(days.buckets):
            values = [one.values[at] for one in made]
            if any(values):
                rows.append((bucket.first, sum(values), *(value or None for value in values)))
        self.fill_table(columns, rows, by=0, up=False)


def unpriced(found: Spending) -> str:
    """Return how many replies have no price, and of which models; empty if all have one."""
    if not found.unpriced:
        return ""
    unknown = translate("charts", "unknown model")
    names = [words.one_line(model, 40) or unknown for model, _ in found.unpriced]
    shown = names[:_NAMED] + ([words.ELLIPSIS] if len(names) > _NAMED else [])
    replies = translate("charts", "reply"), translate("charts", "replies")
    many = words.plural(sum(count for _, count in found.unpriced), *replies)
    return translate("charts", "{0} without a price ({1})").format(many, ", ".join(shown))


def series(rows: tuple[DayCost, ...], days: scale.Calendar) -> list[Series]:
    """Return the dearest models of *rows* and all others together, in the buckets of *days*."""
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.model] += row.cost
    ranked = sorted(sums, key=lambda model: (-sums[model], model))
    top = ranked[:TOP]
    values = {model: [0] * len(days.buckets) for model in top}
    other = [0] * len(days.buckets)
    for row in rows:
        at = days.number(row.day)
        if at is not None:
            values.get(row.model, other)[at] += row.cost
    unknown = translate("charts", "Unknown model")
    made = [
        Series(words.one_line(model, 60) or unknown, ink, tuple(values[model]))
        for ink, model in enumerate(top)
    ]
    if len(ranked) > len(top):
        made.append(Series(translate("charts", "Other models"), OTHER, tuple(other)))
    return made
