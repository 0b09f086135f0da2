"""The card that answers how tool use has changed over time."""

from typing_extensions import override

from core.queries.behind import Sum
from core.queries.dashboard import ToolDay
from desktop.look import words
from desktop.look.words import translate
from desktop.views.charts import leads, scale
from desktop.views.charts import series as sums_
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.legend import Legend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.stacks import Series, StackPlot, counted


class DaysCard(Card):
    """Stacked bars of the most used tools, and a table of days."""

    def __init__(self) -> None:
        self._stacks = StackPlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "How has tool use changed over time?"),
            translate(
                "charts",
                "Tool calls by the local day on which they were made; by week if the range is "
                "longer than 120 days, and by month beyond three years. The {0} tools that are "
                "used most in the range have a colour of their own.\n\nCalls without a time in "
                "the log are left out.",
            ).format(sums_.TOP),
            self._stacks,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[tuple[ToolDay, ...]]) -> None:
        """Show the days of *answer*."""
        rows = answer.rows
        if not rows or answer.period is None:
            say_nothing(self, answer)
            return
        days = scale.calendar(answer.period)
        made = series(rows, days)
        self._stacks.show_series(
            days, made, counted(translate("charts", "call"), translate("charts", "calls"))
        )
        self._key.show_entries([(one.name, one.ink) for one in made])
        self._fill(answer, days, made)
        units = {
            "day": translate("charts", "Tool calls per day"),
            "week": translate("charts", "Tool calls per week"),
            "month": translate("charts", "Tool calls per month"),
        }
        self.say(units[days.unit], _summary(units[days.unit], rows, days, made))

    def _fill(
        self, answer: Answer[tuple[ToolDay, ...]], days: scale.Calendar, made: list[Series]
    ) -> None:
        head = {
            "day": translate("charts", "Day"),
            "week": translate("charts", "Week from"),
            "month": translate("charts", "Month from"),
        }
        twin = sums_.filled(made, days)
        columns = sums_.columns(head[days.unit], translate("charts", "All"), made)
        self.fill_table(columns, twin.rows, by=0, up=False)
        goals = [
            leads.conversations(
                translate("charts", "Tool calls of {0}").format(
                    scale.bucket_label(bucket, days.unit)
                ),
                answer,
                leads.narrowed(answer, bucket),
                Sum.CALLS,
            )
            if any(one.values[at] for one in made)
            else None
            for at, bucket in enumerate(days.buckets)
        ]
        self.lead(goals, [goals[at] for at in twin.buckets])


def series(rows: tuple[ToolDay, ...], days: scale.Calendar) -> list[Series]:
    """Return the most used tools of *rows* and all others together, in the buckets of *days*."""
    return sums_.largest(
        ((row.day, row.tool, row.calls) for row in rows),
        days,
        unnamed=translate("charts", "(no name)"),
        others=translate("charts", "Other tools"),
    )


def _summary(head: str, rows: tuple[ToolDay, ...], days: scale.Calendar, made: list[Series]) -> str:
    sums = [sum(one.values[at] for one in made) for at in range(len(days.buckets))]
    most = max(range(len(sums)), key=lambda at: sums[at])
    return translate(
        "charts", "{0}: {1} calls, most of them, {2}, in {3}. Arrow keys go from bar to bar."
    ).format(
        head,
        words.count(sum(row.calls for row in rows)),
        words.count(sums[most]),
        scale.bucket_label(days.buckets[most], days.unit),
    )
