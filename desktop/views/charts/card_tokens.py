"""The card that answers how many tokens were used, of which kind."""

from operator import attrgetter
from typing import Final

from PySide6.QtCore import Slot
from typing_extensions import override

from core.queries.behind import Sum
from core.queries.rollups import DayUse
from desktop.look import words
from desktop.look.widgets.chips import Chip
from desktop.look.words import translate
from desktop.views.charts import leads, scale
from desktop.views.charts import series as sums_
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.legend import Legend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.stacks import Series, StackPlot, counted

_INKS: Final = (0, 1, 2, 3)  # output, input, cache write, cache read


class TokensCard(Card):
    """Stacked bars of the four kinds of token, and a table of days."""

    def __init__(self) -> None:
        self._stacks = StackPlot()
        self._key = Legend()
        self._answer: Answer[tuple[DayUse, ...]] | None = None
        self.without_reads = Chip(translate("charts", "Without cache reads"), checkable=True)
        super().__init__(
            translate("charts", "How many tokens, of which kind?"),
            translate(
                "charts",
                "What the API counted, once for each of its replies, even where the log repeats "
                "it on several lines or in several files.\n\nInput: sent and not cached. Output: "
                "written by the model. Cache write: put into the cache. Cache read: sent again "
                "from the cache; each turn reads all of the context so far, so this is by far the "
                "largest, and the cheapest.\n\nReplies without a time in the log are left out.",
            ),
            self._stacks,
            legend=self._key,
            option=self.without_reads,
        )
        self.without_reads.toggled.connect(self._draw)

    @override
    def show_answer(self, answer: Answer[tuple[DayUse, ...]]) -> None:
        """Show the tokens of *answer*."""
        self._answer = answer
        if not answer.rows or answer.period is None:
            say_nothing(self, answer)
            return
        self._draw()

    @Slot()
    def _draw(self) -> None:
        answer = self._answer
        if answer is None or answer.period is None or not answer.rows:
            return
        days = scale.calendar(answer.period)
        everything = series(answer.rows, days)
        made = everything[:-1] if self.without_reads.isChecked() else everything
        self._stacks.show_series(
            days, made, counted(translate("charts", "token"), translate("charts", "tokens"))
        )
        self._key.show_entries([(one.name, one.ink) for one in made])
        self._fill(answer, days, everything)
        units = {
            "day": translate("charts", "Tokens per day"),
            "week": translate("charts", "Tokens per week"),
            "month": translate("charts", "Tokens per month"),
        }
        sums = ", ".join(f"{one.name} {words.short_count(sum(one.values))}" for one in everything)
        self.say(
            units[days.unit],
            translate("charts", "{0}, in all: {1}. Arrow keys go from bar to bar.").format(
                units[days.unit], sums
            ),
        )

    def _fill(
        self, answer: Answer[tuple[DayUse, ...]], days: scale.Calendar, made: list[Series]
    ) -> None:
        twin = sums_.filled(made, days)
        names = translate("charts", "From"), translate("charts", "All")
        self.fill_table(sums_.columns(*names, made), twin.rows, by=0, up=False)
        goals = [
            leads.conversations(
                translate("charts", "Tokens of {0}").format(scale.bucket_label(bucket, days.unit)),
                answer,
                leads.narrowed(answer, bucket),
                Sum.TOKENS,
            )
            if any(one.values[at] for one in made)
            else None
            for at, bucket in enumerate(days.buckets)
        ]
        self.lead(goals, [goals[at] for at in twin.buckets])


def series(rows: tuple[DayUse, ...], days: scale.Calendar) -> list[Series]:
    """Return the kinds of token in the buckets of *days*; cache reads are last."""
    kinds = (
        (translate("charts", "Output"), attrgetter("output")),
        (translate("charts", "Input"), attrgetter("input")),
        (translate("charts", "Cache write"), attrgetter("cache_creation")),
        (translate("charts", "Cache read"), attrgetter("cache_read")),
    )
    made: list[Series] = []
    for (name, of), ink in zip(kinds, _INKS, strict=True):
        values = [0] * len(days.buckets)
        for row in rows:
            at = days.number(row.day)
            if at is not None:
                values[at] += of(row)
        made.append(Series(name, ink, tuple(values)))
    return made
