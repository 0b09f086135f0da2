"""The card that answers when the work is done."""

from datetime import datetime
from functools import partial

from typing_extensions import override

from core.queries.behind import Sum
from core.queries.rollups import Hours
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.heat_map import HeatPlot, hour_name, weekday_name, weekdays
from desktop.views.charts.legend import HeatLegend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.zones import zone_name


class WeekCard(Card):
    """A heat map of the local hours of the week, and a table of them."""

    def __init__(self) -> None:
        self._map = HeatPlot()
        self._key = HeatLegend(translate("charts", "Few"), "")
        super().__init__(
            translate("charts", "When do I work with it?"),
            translate(
                "charts",
                "Tool calls by the weekday and hour at which they were made, in the time zone of "
                "this computer. Each call is put on the clock that was valid on its day, so "
                "summer time shifts nothing.\n\nThe darkest colour is the busiest hour; the "
                "steps between are not equally wide.",
            ),
            self._map,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[Hours]) -> None:
        """Show the week of *answer*."""
        week = answer.rows.calls
        most = max(max(hours) for hours in week)
        if not most or answer.period is None:
            say_nothing(self, answer)
            return
        self._map.show_week(week)
        self._key.say(
            translate("charts", "{0} calls in the busiest hour of the week").format(
                words.count(most)
            )
        )
        columns = [Column(translate("charts", "Hour"))]
        columns += [Column(weekday_name(day, short=True)) for day in weekdays()]
        self.fill_table(
            columns,
            [(f"{hour:02}:00", *(week[day][hour] for day in weekdays())) for hour in range(24)],
        )
        self._lead(answer)
        zone = zone_name(answer.choice.zone)
        day, hour = max(
            ((d, h) for d in range(7) for h in range(24)), key=lambda at: week[at[0]][at[1]]
        )
        self.say(
            translate("charts", "Tool calls by weekday and hour, {0}").format(zone),
            translate(
                "charts",
                "Tool calls by weekday and hour in {0}. Busiest: {1} from {2} to {3} with {4} "
                "calls. Arrow keys go from hour to hour.",
            ).format(
                zone, weekday_name(day), hour_name(hour), hour_name(hour + 1), words.count(most)
            ),
        )

    def _lead(self, answer: Answer[Hours]) -> None:
        self.lead(
            [
                leads.conversations(
                    translate("charts", "Conversations on {0}, {1} to {2}").format(
                        weekday_name(day), hour_name(hour), hour_name(hour + 1)
                    ),
                    answer,
                    answer.scope,
                    Sum.CALLS,
                    partial(_falls_in, day, hour),
                )
                if answer.rows.calls[day][hour]
                else None
                for day in weekdays()
                for hour in range(24)
            ]
        )


def _falls_in(day: int, hour: int, at: datetime) -> bool:
    return (at.weekday(), at.hour) == (day, hour)
