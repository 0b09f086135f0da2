"""The card that answers what it would cost at API prices."""

from collections import Counter
from typing import Final

from typing_extensions import override

from core.queries.behind import Sum
from core.queries.rollups import DayUse
from desktop.look import words
from desktop.look.words import translate
from desktop.views.charts import leads, scale
from desktop.views.charts import series as sums_
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.legend import Legend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.stacks import MONEY, Series, StackPlot

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

    @override
    def show_answer(self, answer: Answer[tuple[DayUse, ...]]) -> None:
        """Show the costs of *answer*."""
        found = answer.rows
        if answer.period is None or not any(row.cost for row in found):
            if answer.period is not None and unpriced(found):
                self.say_empty(translate("charts", "Nothing here has a price"), unpriced(found))
            else:
                say_nothing(self, answer)
            return
        days = scale.calendar(answer.period)
        made = series(found, days)
        self._stacks.show_series(days, made, MONEY)
        self._key.show_entries([(one.name, one.ink) for one in made])
        self._fill(answer, days, made)
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
                caption, words.money(sum(row.cost for row in found)), sums
            ),
        )

    def _fill(
        self, answer: Answer[tuple[DayUse, ...]], days: scale.Calendar, made: list[Series]
    ) -> None:
        twin = sums_.filled(made, days, bare=True)
        names = translate("charts", "From"), translate("charts", "All")
        self.fill_table(sums_.columns(*names, made, money=True), twin.rows, by=0, up=False)
        goals = [
            leads.conversations(
                translate("charts", "Cost of {0}").format(scale.bucket_label(bucket, days.unit)),
                answer,
                leads.narrowed(answer, bucket),
                Sum.COST,
            )
            if any(one.values[at] for one in made)
            else None
            for at, bucket in enumerate(days.buckets)
        ]
        self.lead(goals, [goals[at] for at in twin.buckets])


def unpriced(found: tuple[DayUse, ...]) -> str:
    """Return how many replies have no price, and of which models; empty if all have one."""
    missing: Counter[str] = Counter()
    for row in found:
        missing[row.model] += row.unpriced
    ranked = [model for model, count in missing.most_common() if count]
    if not ranked:
        return ""
    unknown = translate("charts", "unknown model")
    names = [words.one_line(model, 40) or unknown for model in ranked]
    shown = names[:_NAMED] + ([words.ELLIPSIS] if len(names) > _NAMED else [])
    replies = translate("charts", "reply"), translate("charts", "replies")
    many = words.plural(missing.total(), *replies)
    return translate("charts", "{0} without a price ({1})").format(many, ", ".join(shown))


def series(rows: tuple[DayUse, ...], days: scale.Calendar) -> list[Series]:
    """Return the dearest models of *rows* and all others together, in the buckets of *days*."""
    return sums_.largest(
        ((row.day, row.model, row.cost) for row in rows),
        days,
        unnamed=translate("charts", "Unknown model"),
        others=translate("charts", "Other models"),
    )
