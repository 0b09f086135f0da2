"""The card that answers which tools are used, and which fail."""

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
from desktop.views.charts.tool_bars import FEW, ToolPlot, bars

_NAMED: Final = 3  # tools that the summary names


class ToolsCard(Card):
    """Horizontal bars, and a table with every tool."""

    def __init__(self) -> None:
        self._bars = ToolPlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "Which tools are used, and which fail?"),
            translate(
                "charts",
                "Every tool call is counted once, however many files hold a copy of it. Agents’ "
                "calls count too.\n\nFailed: the log marks the result as an error. The "
                "rate is of the calls that ended by themselves: denied, interrupted and unanswered "
                "ones are in neither number.\n\nThe rate is left out below {0} calls, "
                "because chance alone moves it too much. The range in the tool tip is a 95 % "
                "Wilson interval.",
            ).format(FEW),
            self._bars,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[tuple[ToolSpread, ...]]) -> None:
        """Show the tools of *answer*."""
        rows = answer.rows
        if not rows:
            say_nothing(self, answer)
            return
        made = bars(rows)
        self._bars.show_bars(made)
        self._key.show_entries(
            [(translate("charts", "Failed"), "failed"), (translate("charts", "All other calls"), 0)]
        )
        self._fill(rows)
        goals = [_goal(answer, row) for row in rows]
        self.lead([None if bar.others else goals[at] for at, bar in enumerate(made)], goals)
        self.say(
            translate("charts", "Tool calls, most used first")
            if made[-1].others
            else translate("charts", "Tool calls"),
            _summary(rows),
        )

    def _fill(self, rows: tuple[ToolSpread, ...]) -> None:
        titles = (
            translate("charts", "Tool"),
            translate("charts", "Calls"),
            translate("charts", "Failed"),
            translate("charts", "Rate"),
            translate("charts", "From"),
            translate("charts", "To"),
            translate("charts", "Denied"),
            translate("charts", "Interrupted"),
            translate("charts", "No result"),
        )
        self.fill_table(
            [Column(title, share=at in {3, 4, 5}) for at, title in enumerate(titles)],
            [
                (
                    row.tool,
                    row.calls,
                    row.failed.hits,
                    *_rates(row),
                    row.denied,
                    row.interrupted,
                    row.unanswered,
                )
                for row in rows
            ],
            by=1,
            up=False,
        )


def _rates(row: ToolSpread) -> tuple[float | None, float | None, float | None]:
    share = row.failed.share
    return (None, None, None) if share is None else (share, *row.failed.interval)


def _goal(answer: Answer[tuple[ToolSpread, ...]], row: ToolSpread) -> Goal:
    scope = answer.scope
    if scope is None:
        return None
    title = translate("charts", "Calls of {0}, failed ones first").format(
        words.one_line(row.tool, 80)
    )
    return leads.calls(title, partial(behind.calls, scope=scope, tool=row.tool, total=row.calls))


def _summary(rows: tuple[ToolSpread, ...]) -> str:
    calls, failed = sum(row.calls for row in rows), sum(row.failed.hits for row in rows)
    most = ", ".join(
        f"{words.one_line(row.tool, 60)} {words.count(row.calls)}" for row in rows[:_NAMED]
    )
    return translate(
        "charts",
        "{0} calls of {1} tools, {2} failed. Most used: {3}. Arrow keys go from bar to bar.",
    ).format(words.count(calls), words.count(len(rows)), words.count(failed), most)
