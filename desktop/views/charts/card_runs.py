"""The card that answers how far the agent runs alone."""

from functools import partial
from typing import Final

from typing_extensions import override

from core.analysis.tools_patterns import runs
from core.insights import Insights
from core.queries import behind
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import remarks
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.columns import Bar, ColumnPlot
from desktop.views.charts.leads import Goal, Lead

_BINS: Final = (
    (0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, 1 << 60),
)  # fmt: skip


class RunsCard(Card):
    """A bar for each range of steps, and a table of every number of steps."""

    def __init__(self) -> None:
        self._columns = ColumnPlot()
        super().__init__(
            translate("charts", "How far does it run alone?"),
            translate(
                "charts",
                "How many steps the agent took after each of your prompts before the next one, on "
                "the main line. A step is all tool calls of one reply: they run at the same time. "
                "Steps of its own agents are not counted.\n\nThe bars are not equally wide ranges: "
                "each says which. Whole conversations that reach into the range count. Long runs "
                "are neither good nor bad by themselves.",
            ),
            self._columns,
        )

    @override
    def show_answer(self, answer: Answer[Insights]) -> None:
        """Show the prompts of *answer*."""
        tally = answer.rows.part.runs
        found = runs(tally)
        if not found:
            remarks.say_no_pattern(
                self, answer, translate("charts", "Nobody typed a prompt in these conversations.")
            )
            return
        examples = {int(key[0]): tally.examples(key) for key, _ in tally}
        bars: list[Bar] = []
        goals: list[Goal] = []
        for low, high in _BINS:
            inside = [(steps, count) for steps, count in found if low <= steps <= high]
            value = sum(count for _, count in inside)
            bars.append(Bar(_name(low, high), value, _tip(low, high, value)))
            ids = [one for steps, _ in inside[::-1] for one in examples[steps]]
            goals.append(_goal(_steps(low, high), ids, value))
        self._columns.show_bars(bars)
        self.fill_table(
            [Column(translate("charts", "Steps")), Column(translate("charts", "Prompts"))],
            found,
        )
        self.lead(goals, [_goal(_steps(n, n), examples[n], count) for n, count in found])
        prompts = sum(count for _, count in found)
        middle = _median(found)
        self.say(
            remarks.of_patterns(translate("charts", "Prompts by the steps after them"), answer),
            translate(
                "charts",
                "{0} prompts. Half of them were followed by at most {1} steps, the longest run is "
                "{2}. Arrow keys go from bar to bar.",
            ).format(words.count(prompts), words.count(middle), words.count(found[-1][0])),
        )


def _median(found: list[tuple[int, int]]) -> int:
    left = sum(count for _, count in found) / 2
    for steps, count in found:
        left -= count
        if left <= 0:
            return steps
    return 0


def _name(low: int, high: int) -> str:
    if low == high:
        return str(low)
    return f"{low}+" if high > 1_000_000 else f"{low}–{high}"


def _steps(low: int, high: int) -> str:
    if low == high:
        return words.plural(low, translate("charts", "step"), translate("charts", "steps"))
    return translate("charts", "{0} steps").format(_name(low, high))


def _tip(low: int, high: int, value: int) -> str:
    many = words.plural(value, translate("charts", "prompt"), translate("charts", "prompts"))
    return translate("charts", "{0}: {1}").format(_steps(low, high), many)


def _goal(steps: str, ids: list[int], total: int) -> Goal:
    if not ids:
        return None
    ask = partial(behind.said, messages=tuple(ids[: behind.MOST]), total=total)
    return Lead(translate("charts", "Prompts followed by {0}").format(steps), ask, calls=True)
