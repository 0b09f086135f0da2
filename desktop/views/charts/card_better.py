"""The card that answers whether it is getting better."""

from datetime import date, timedelta
from functools import partial

from typing_extensions import override

from core.analysis.tools_rates import ENOUGH, Rate
from core.queries import behind
from core.queries.rollups import WeekFailures
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads, scale
from desktop.views.charts.asking import Answer
from desktop.views.charts.band import BandPlot, Share
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.scale import Bucket

_WEEK = timedelta(days=7)


class BetterCard(Card):
    """The failure rate of every week, with its interval, and a table of weeks."""

    def __init__(self) -> None:
        self._band = BandPlot()
        super().__init__(
            translate("charts", "Is it getting better?"),
            translate(
                "charts",
                "The share of tool calls whose result the log marks as an error, by week from "
                "Monday to Sunday in your time zone. Denied, interrupted and unanswered calls are "
                "in neither number.\n\nThe band is the 95 % Wilson interval: where the true rate "
                "lies. Two weeks whose bands overlap may well be alike. Weeks with fewer than {0} "
                "calls show no rate.\n\nOther work fails at another rate: a change may come from "
                "what you asked for.",
            ).format(ENOUGH),
            self._band,
        )

    @override
    def show_answer(self, answer: Answer[tuple[WeekFailures, ...]]) -> None:
        """Show the weeks of *answer*."""
        weeks = _whole(answer.rows)
        told = [(week, share) for week in weeks if (share := week.failed.share) is not None]
        if not answer.rows:
            say_nothing(self, answer)
            return
        if not told:
            self.say_empty(
                translate("charts", "Too few calls"),
                translate(
                    "charts", "No week has {0} calls with a result. Try a longer range."
                ).format(ENOUGH),
            )
            return
        years = weeks[0].monday.year != weeks[-1].monday.year
        self._band.show_shares(
            [
                Share(
                    scale.day_label(week.monday, year=years),
                    week.failed.share,
                    *week.failed.interval,
                    tip(week),
                )
                for week in weeks
            ]
        )
        filled = [week for week in weeks if week.failed.n]
        self._fill(filled)
        self.lead([_goal(answer, week) for week in weeks], [_goal(answer, week) for week in filled])
        (first, before), (last, now) = told[0], told[-1]
        few = len(filled) - len(told)
        caption = translate("charts", "Failed tool calls per week, with the 95 % interval")
        if few:
            note = translate("charts", "{0} with fewer than {1} calls").format(
                words.plural(few, translate("charts", "week"), translate("charts", "weeks")), ENOUGH
            )
            caption = f"{caption} · {note}"
        self.say(
            caption,
            translate(
                "charts", "{0} in the week of {1}, {2} in that of {3}. Arrow keys go week by week."
            ).format(
                words.percent(before),
                scale.day_label(first.monday, year=True),
                words.percent(now),
                scale.day_label(last.monday, year=True),
            ),
        )

    def _fill(self, weeks: list[WeekFailures]) -> None:
        columns = [
            Column(translate("charts", "Week from")),
            Column(translate("charts", "Calls")),
            Column(translate("charts", "Failed")),
            Column(translate("charts", "Rate"), share=True),
            Column(translate("charts", "From"), share=True),
            Column(translate("charts", "To"), share=True),
        ]
        rows: list[tuple[date | int | float | None, ...]] = []
        for week in weeks:
            rate = week.failed
            low, high = rate.interval if rate.share is not None else (None, None)
            rows.append((week.monday, rate.n, rate.hits, rate.share, low, high))
        self.fill_table(columns, rows, by=0, up=False)


def tip(week: WeekFailures) -> str:
    """Return everything that is known of *week*."""
    rate = week.failed
    when = scale.span_label(week.monday, week.monday + timedelta(days=6))
    if not rate.n:
        return translate("charts", "{0}: no calls").format(when)
    counted = translate("charts", "{0} of {1} calls failed").format(
        words.count(rate.hits), words.count(rate.n)
    )
    if rate.share is None:
        few = translate("charts", "fewer than {0} calls: no rate").format(ENOUGH)
        return f"{when}\n{counted}\n{few}"
    low, high = rate.interval
    sure = translate("charts", "{0} (true rate {1} to {2}, 95 % sure)").format(
        words.percent(rate.share), words.percent(low), words.percent(high)
    )
    return f"{when}\n{counted}\n{sure}"


def _whole(weeks: tuple[WeekFailures, ...]) -> list[WeekFailures]:
    """Return *weeks* with those between them that have no calls."""
    known = {week.monday: week for week in weeks}
    found: list[WeekFailures] = []
    at = min(known, default=None)
    while at is not None and at <= max(known):
        found.append(known.get(at, WeekFailures(at, Rate(0, 0))))
        at += _WEEK
    return found


def _goal(answer: Answer[tuple[WeekFailures, ...]], week: WeekFailures) -> Goal:
    bucket = Bucket(week.monday, week.monday + timedelta(days=6))
    scope = leads.narrowed(answer, bucket)
    if scope is None or not week.failed.hits:
        return None
    title = translate("charts", "Failed calls of {0}").format(
        scale.span_label(bucket.first, bucket.last)
    )
    return leads.calls(title, partial(behind.failed, scope=scope, total=week.failed.hits))
