"""The card that answers which steps follow each other."""

from functools import partial
from typing import Final

from PySide6.QtCore import QLocale, Slot
from typing_extensions import override

from core.analysis.tools_patterns import LEAST, Sequence, sequences
from core.insights import Insights
from core.queries import behind
from desktop.look import words
from desktop.look.widgets.chips import Chip
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads, remarks
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal
from desktop.views.charts.rows import Row, RowsPlot

SHOWN: Final = 12  # sequences with a bar of their own
LISTED: Final = 300  # in the table
_THEN: Final = " → "


class SequencesCard(Card):
    """Bars of the most frequent sequences, and a table of more."""

    def __init__(self) -> None:
        self._rows_ = RowsPlot()
        self._answer: Answer[Insights] | None = None
        self.surprising = Chip(translate("charts", "More than chance"), checkable=True)
        super().__init__(
            translate("charts", "Which steps follow each other?"),
            translate(
                "charts",
                "Two to four steps in a row within one turn of one lane, at least {0} times. A "
                "step is all tool calls of one reply, named by its tools: they run at the same "
                "time.\n\nP: how often the last step followed the ones before it, of the times "
                "that anything did. Lift: that chance against how often the last step follows "
                "anything; 1 means that they have nothing to do with each other. “More than "
                "chance” shows lift above 1.5, in order of lift.\n\nWhole conversations that reach "
                "into the range count: your part of them, the agents’, or both.",
            ).format(LEAST),
            self._rows_,
            option=self.surprising,
        )
        self.surprising.toggled.connect(self._draw)

    @override
    def show_answer(self, answer: Answer[Insights]) -> None:
        """Show the sequences of *answer*."""
        self._answer = answer
        self._draw()

    @Slot()
    def _draw(self) -> None:
        answer = self._answer
        if answer is None:
            return
        found = sequences(answer.rows.part.grams)
        if not found:
            remarks.say_no_pattern(
                self,
                answer,
                translate("charts", "No sequence of steps was seen {0} times.").format(LEAST),
            )
            return
        shown = _chosen(found, surprising=self.surprising.isChecked())
        self._rows_.show_rows(
            [
                Row(
                    _THEN.join(one.steps),
                    ((one.count, 0),),
                    (words.count(one.count), words.percent(one.chance), _decimal(one.lift)),
                    tip(one),
                )
                for one in shown
            ],
            (
                translate("charts", "Times"),
                translate("charts", "P"),
                translate("charts", "Lift"),
            ),
        )
        listed = found[:LISTED]
        self.fill_table(
            [
                Column(translate("charts", "Steps")),
                Column(translate("charts", "Times")),
                Column(translate("charts", "P"), share=True),
                Column(translate("charts", "Lift"), digits=2),
                Column(translate("charts", "Length")),
            ],
            [
                (_THEN.join(one.steps), one.count, one.chance, one.lift, len(one.steps))
                for one in listed
            ],
            by=1,
            up=False,
        )
        self.lead([_goal(one) for one in shown], [_goal(one) for one in listed])
        self.say(
            remarks.of_patterns(
                translate("charts", "Times that the steps followed each other"), answer
            ),
            translate(
                "charts", "{0} sequences. First: {1}. Arrow keys go from one to the next."
            ).format(words.count(len(found)), tip(shown[0]).replace("\n", ", ")),
        )


def tip(one: Sequence) -> str:
    """Return what a bar says."""
    return translate("charts", "{0}\n{1}\nP = {2}, lift = {3}").format(
        _THEN.join(one.steps),
        words.plural(one.count, translate("charts", "time"), translate("charts", "times")),
        words.percent(one.chance),
        _decimal(one.lift),
    )


def _chosen(found: list[Sequence], *, surprising: bool) -> list[Sequence]:
    if not surprising:
        return found[:SHOWN]
    above = [one for one in found if one.lift > 1.5 and one.count >= 2 * LEAST]
    ranked = sorted(above, key=lambda one: (-one.lift, -one.count, one.steps))
    return ranked[:SHOWN] or found[:SHOWN]


def _decimal(value: float) -> str:
    return QLocale().toString(value, "f", 1)


def _goal(one: Sequence) -> Goal:
    if not one.examples:
        return None
    title = translate("charts", "Where {0} begins").format(
        words.one_line(_THEN.join(one.steps), 90)
    )
    return leads.calls(title, partial(behind.named, calls_=one.examples, total=one.count))
