"""The card that answers where the time went."""

from typing_extensions import override

from core.queries.behind import Sum
from core.queries.rollups import DayActive
from desktop.look import words
from desktop.look.words import translate
from desktop.views.charts import leads, scale, series
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.legend import Legend
from desktop.views.charts.names import folders
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.stacks import Series, StackPlot, spans

_MINUTE = 60_000  # ms


class TimeCard(Card):
    """Stacked bars of the projects with most active time, and a table of days."""

    def __init__(self) -> None:
        self._stacks = StackPlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "Where did my time go?"),
            translate(
                "charts",
                "Active time: the gaps between neighbouring records of a session, as long as they "
                "are at most 5 minutes, or at most 10 if the gap ends with a tool’s result. Longer "
                "pauses count nothing.\n\nSessions side by side add up, and so do agents: with "
                "agents a day may have more than 24 hours. Choose “You” to leave them out.\n\n"
                "Records without a time in the log are left out.",
            ),
            self._stacks,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[tuple[DayActive, ...]]) -> None:
        """Show the days of *answer*."""
        rows = [row for row in answer.rows if row.active_ms]
        if answer.period is None or not rows:
            say_nothing(self, answer)
            return
        days = scale.calendar(answer.period)
        names = folders({row.project for row in rows})
        made = series.largest(
            ((row.day, names[row.project], row.active_ms) for row in rows),
            days,
            unnamed=translate("charts", "(no folder)"),
            others=translate("charts", "Other projects"),
        )
        sums = [sum(one.values[at] for one in made) for at in range(len(days.buckets))]
        self._stacks.show_series(days, made, spans(max(sums)))
        self._key.show_entries([(one.name, one.ink) for one in made])
        self._lead(answer, days, made)
        units = {
            "day": translate("charts", "Active time per day"),
            "week": translate("charts", "Active time per week"),
            "month": translate("charts", "Active time per month"),
        }
        parts = ", ".join(f"{one.name} {words.duration(sum(one.values))}" for one in made)
        self.say(
            units[days.unit],
            translate("charts", "{0}, in all {1}: {2}. Arrow keys go from bar to bar.").format(
                units[days.unit], words.duration(sum(sums)), parts
            ),
        )

    def _lead(
        self, answer: Answer[tuple[DayActive, ...]], days: scale.Calendar, made: list[Series]
    ) -> None:
        goals = [
            leads.conversations(
                translate("charts", "Active on {0}").format(scale.bucket_label(bucket, days.unit)),
                answer,
                leads.narrowed(answer, bucket),
                Sum.ACTIVE,
            )
            if any(one.values[at] for one in made)
            else None
            for at, bucket in enumerate(days.buckets)
        ]
        twin = series.filled(made, days, bare=True, unit=_MINUTE)
        columns = series.columns(
            translate("charts", "From"), translate("charts", "All, minutes"), made
        )
        self.fill_table(columns, twin.rows, by=0, up=False)
        self.lead(goals, [goals[at] for at in twin.buckets])
