"""The card that answers what happens after a failure."""

from collections import defaultdict
from functools import partial
from typing import Final

from typing_extensions import override

from core.analysis.tools_patterns import ASKED, CHANGED, RERUN, Recovery, recoveries
from core.insights import Insights
from core.queries import behind
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads, remarks
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal
from desktop.views.charts.matrix import Cell, MatrixPlot

ROWS: Final = 7  # failing tools
COLUMNS: Final = 6  # what follows, besides all else
FEW: Final = 20  # failures below which no share is told
_FAINT: Final = 0.01  # as what a cell is drawn whose share is not told
_FIXED: Final = (RERUN, CHANGED, ASKED)


class AfterCard(Card):
    """A row for each tool that fails most, a column for each thing that follows."""

    def __init__(self) -> None:
        self._cells = MatrixPlot()
        super().__init__(
            translate("charts", "What happens after a failure?"),
            translate(
                "charts",
                "The next step in the same lane, before the turn ends. A step is all calls of one "
                "reply: they run at the same time. “As it was”: the same tool with the same input. "
                "“Changed”: the same tool with another input. “Turn ends”: nothing more was called "
                "before you were asked or spoke.\n\nWhole conversations that reach into the range "
                "count: your part of them, the agents’, or both. Shares are left out below {0} "
                "failures.",
            ).format(FEW),
            self._cells,
        )

    @override
    def show_answer(self, answer: Answer[Insights]) -> None:
        """Show the failures of *answer*."""
        found = recoveries(answer.rows.part.recoveries)
        if not found:
            remarks.say_no_pattern(
                self, answer, translate("charts", "No tool call of these conversations failed.")
            )
            return
        tools = list(dict.fromkeys(one.tool for one in found))[:ROWS]
        heads = _heads([one for one in found if one.tool in tools])
        cases: defaultdict[tuple[str, str], list[Recovery]] = defaultdict(list)
        for one in found:
            cases[one.tool, one.next if one.next in heads else ""].append(one)
        columns = [*heads, ""] if any(cases.get((tool, "")) for tool in tools) else heads
        of = {one.tool: one.of for one in found}
        grid = [[cases.get((tool, head), []) for head in columns] for tool in tools]
        self._cells.show_cells(
            [f"{words.one_line(tool, 60)} ({words.count(of[tool])})" for tool in tools],
            [_short(head) for head in columns],
            [
                [
                    _cell(tool, head, of[tool], found_)
                    for head, found_ in zip(columns, row, strict=True)
                ]
                for tool, row in zip(tools, grid, strict=True)
            ],
        )
        self.fill_table(
            [
                Column(translate("charts", "Failed")),
                Column(translate("charts", "Next"), words=True),
                Column(translate("charts", "Times")),
                Column(translate("charts", "Of failures")),
                Column(translate("charts", "Share"), share=True),
            ],
            [
                (one.tool, name(one.next), one.count, one.of, _share(one.count, one.of))
                for one in found
            ],
            by=2,
            up=False,
        )
        goals = [
            _goal(tool, head, cell)
            for tool, row in zip(tools, grid, strict=True)
            for head, cell in zip(columns, row, strict=True)
        ]
        self.lead(goals, [_goal(one.tool, one.next, [one]) for one in found])
        first = max(found, key=lambda one: one.count)
        caption = translate("charts", "Failing tool (failures), and the share of each next step")
        self.say(
            remarks.of_patterns(caption, answer),
            translate(
                "charts", "{0} tools that fail. Most often: after {1}, {2}, {3}. Arrow keys move."
            ).format(words.count(len(tools)), first.tool, name(first.next), first.count),
        )


def name(step: str) -> str:
    """Return what the next step *step* is called."""
    return {
        RERUN: translate("charts", "Same tool, as it was"),
        CHANGED: translate("charts", "Same tool, changed"),
        ASKED: translate("charts", "Turn ends"),
        "": translate("charts", "Something else"),
    }.get(step, step)


def _short(step: str) -> str:
    return {
        RERUN: translate("charts", "As it was"),
        CHANGED: translate("charts", "Changed"),
        ASKED: translate("charts", "Turn ends"),
        "": translate("charts", "Else"),
    }.get(step, step)


def _heads(found: list[Recovery]) -> list[str]:
    sums: defaultdict[str, int] = defaultdict(int)
    for one in found:
        sums[one.next] += one.count
    ranked = sorted(sums, key=lambda step: (-sums[step], step))[:COLUMNS]
    return sorted(ranked, key=lambda step: _FIXED.index(step) if step in _FIXED else len(_FIXED))


def _share(count: int, of: int) -> float | None:
    return count / of if of >= FEW else None


def _cell(tool: str, head: str, of: int, found: list[Recovery]) -> Cell:
    count = sum(one.count for one in found)
    share = _share(count, of)
    text = words.count(count) if share is None else f"{words.percent(share)}\n{words.count(count)}"
    lines = [
        translate("charts", "{0} failed, then: {1}").format(words.one_line(tool, 80), name(head)),
        translate("charts", "{0} of {1} failures").format(words.count(count), words.count(of))
        + (f", {words.percent(share)}" if share is not None else ""),
    ]
    if not head:
        lines += [f"{words.count(one.count)}  {words.one_line(one.next, 80)}" for one in found[:8]]
    faint = _FAINT if count else 0.0
    return Cell(share if share is not None and count else faint, text, "\n".join(lines))


def _goal(tool: str, head: str, found: list[Recovery]) -> Goal:
    ids = [example for one in found for example in one.examples]
    if not ids:
        return None
    title = translate("charts", "{0} failed, then: {1}").format(
        words.one_line(tool, 60), words.one_line(name(head), 60)
    )
    total = sum(one.count for one in found)
    return leads.calls(title, partial(behind.named, calls_=tuple(ids), total=total))
