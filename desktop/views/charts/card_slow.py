"""The card that answers which tools are slow."""

from functools import partial
from typing import Final

from typing_extensions import override

from core.queries import behind
from core.queries.rollups import ToolSpread
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal
from desktop.views.charts.legend import Legend
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.ranges import RangePlot, Span

SHOWN: Final = 12  # tools with a row of their own
FEW: Final = 20  # timed calls below which the slowest twentieth says nothing
_SECOND: Final = 1_000


class SlowCard(Card):
    """The middle and the slow end of every tool, and a table of all."""

    def __init__(self) -> None:
        self._spans = RangePlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "Which tools are slow?"),
            translate(
                "charts",
                "From the call to its result, as the log has both times. Waiting for your "
                "permission is in it, because most logs do not tell it apart.\n\nHalf of the calls "
                "took at most the round mark (median), 95 in 100 at most the square one. The axis "
                "is logarithmic: each line is ten times the one before. Both are exact, over all "
                "calls.\n\nTools with fewer than {0} timed calls are in the table only.",
            ).format(FEW),
            self._spans,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[tuple[ToolSpread, ...]]) -> None:
        """Show the tools of *answer*."""
        timed = [row for row in answer.rows if row.timed]
        shown = sorted(
            (row for row in timed if row.timed >= FEW),
            key=lambda row: (-(row.p95_ms or 0), row.tool),
        )[:SHOWN]
        if not timed:
            say_nothing(self, answer)
            return
        if not shown:
            self.say_empty(
                translate("charts", "Too few calls"),
                translate(
                    "charts", "No tool has {0} calls with a duration. Try a longer range."
                ).format(FEW),
            )
            return
        self._spans.show_spans(
            [
                Span(words.one_line(row.tool, 120), row.p50_ms or 0, row.p95_ms or 0, tip(row))
                for row in shown
            ]
        )
        self._key.show_entries(
            [
                (translate("charts", "Median"), 0),
                (translate("charts", "95 in 100 are faster"), 1),
            ]
        )
        self._fill(answer, timed, shown)
        slow = shown[0]
        self.say(
            translate("charts", "Time from call to result, slowest first"),
            translate(
                "charts",
                "{0} tools. Slowest: {1}, 95 in 100 calls within {2}. Arrow keys go from tool to "
                "tool.",
            ).format(words.count(len(shown)), words.one_line(slow.tool, 60), _took(slow.p95_ms)),
        )

    def _fill(
        self,
        answer: Answer[tuple[ToolSpread, ...]],
        timed: list[ToolSpread],
        shown: list[ToolSpread],
    ) -> None:
        columns = [
            Column(translate("charts", "Tool")),
            Column(translate("charts", "Timed calls")),
            Column(translate("charts", "Median, s"), digits=2),
            Column(translate("charts", "95 %, s"), digits=2),
            Column(translate("charts", "In all, s"), digits=1),
        ]
        self.fill_table(
            columns,
            [
                (
                    row.tool,
                    row.timed,
                    (row.p50_ms or 0) / _SECOND,
                    (row.p95_ms or 0) / _SECOND,
                    row.total_ms / _SECOND,
                )
                for row in timed
            ],
            by=3,
            up=False,
        )
        self.lead([_goal(answer, row) for row in shown], [_goal(answer, row) for row in timed])


def tip(row: ToolSpread) -> str:
    """Return everything that is known of how long *row* takes."""
    return translate("charts", "{0}\nmedian {1}, 95 in 100 within {2}\nn = {3}, in all {4}").format(
        words.one_line(row.tool, 120),
        _took(row.p50_ms),
        _took(row.p95_ms),
        words.count(row.timed),
        words.duration(row.total_ms),
    )


def _took(ms: int | None) -> str:
    return translate("charts", "under 1 ms") if not ms else words.duration(ms)


def _goal(answer: Answer[tuple[ToolSpread, ...]], row: ToolSpread) -> Goal:
    scope = answer.scope
    if scope is None:
        return None
    title = translate("charts", "Slowest calls of {0}").format(words.one_line(row.tool, 80))
    return leads.calls(title, partial(behind.slowest, scope=scope, tool=row.tool))
