"""The card that answers how tool use has changed over time."""

from collections import Counter
from datetime import date
from typing import Final

from core.queries.tools import DayCalls, Rhythm
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import scale
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.inks import OTHER
from desktop.views.charts.legend import Legend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.stacks import Series, StackPlot, counted

TOP: Final = 6  # tools with a colour of their own
_INKS: Final = (0, 1, 2, 3, 4, 5)


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
            ).format(TOP),
            self._stacks,
            legend=self._key,
        )

    def show_answer(self, answer: Answer[Rhythm]) -> None:
        """Show the days of *answer*."""
        rows = answer.rows.days
        if not rows or answer.period is None:
            say_nothing(self, answer)
            return
        days = scale.calendar(answer.period)
        made = series(rows, days)
        self._stacks.show_series(
            days, made, counted(translate("charts", "call"), translate("charts", "calls"))
        )
        self._key.show_entries([(one.name, one.ink) for one in made])
        self._fill(days, made)
        units = {
            "day": translate("charts", "Tool calls per day"),
            "week": translate("charts", "Tool calls per week"),
            "month": translate("charts", "Tool calls per month"),
        }
        self.say(units[days.unit], _summary(units[days.unit], rows, days, made))

    def _fill(self, days: scale.Calendar, made: list[Series]) -> None:
        head = {
            "day": translate("charts", "Day"),
            "week": translate("charts", "Week from"),
            "month": translate("charts", "Month from"),
        }
        columns = [Column(head[days.unit]), Column(translate("charts", "All"))]
        columns += [Column(words.one_line(one.name, 40)) for one in made]
        rows: list[tuple[date | int, ...]] = []
        for at, bucket in enumerate(days.buckets):
            values = [one.values[at] for one in made]
            if any(values):
                rows.append((bucket.first, sum(values), *values))
        self.fill_table(columns, rows, by=0, up=False)


def series(rows: tuple[DayCalls, ...], days: scale.Calendar) -> list[Series]:
    """Return the most used tools of *rows* and all others together, in the buckets of *days*."""
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.tool] += row.calls
    ranked = sorted(sums, key=lambda tool: (-sums[tool], tool))
    top = ranked if len(ranked) <= TOP else ranked[:TOP]
    values = {tool: [0] * len(days.buckets) for tool in top}
    other = [0] * len(days.buckets)
    for row in rows:
        at = days.number(row.day)
        if at is not None:
            values.get(row.tool, other)[at] += row.calls
    made = [
        Series(words.one_line(tool, 80), ink, tuple(values[tool]))
        for tool, ink in zip(top, _INKS, strict=False)
    ]
    if len(ranked) > len(top):
        made.append(Series(translate("charts", "Other tools"), OTHER, tuple(other)))
    return made


def _summary(
    head: str, rows: tuple[DayCalls, ...], days: scale.Calendar, made: list[Series]
) -> str:
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
