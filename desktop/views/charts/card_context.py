"""The card that answers how full the context gets."""

from typing_extensions import override

from core.queries.filling import LINES, Fill, Line
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal, Place
from desktop.views.charts.legend import Legend
from desktop.views.charts.names import conversation
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.steps import Point, StepPlot, Steps

_NAME = 48  # characters of a title in the legend


class ContextCard(Card):
    """A step line for each of the largest conversations, and a table of their calls."""

    def __init__(self) -> None:
        self._steps = StepPlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "How full does the context get?"),
            translate(
                "charts",
                "The tokens that each call of the API was sent: input, cache reads and cache "
                "writes, as the API counted them. The {0} conversations of the choice that were "
                "sent most, their main lines only, whole, also outside of the range. A triangle "
                "marks the first call after a compaction.\n\nLong lines are thinned out: the first "
                "and the fullest call of each stretch are kept, so peaks are real.\n\nHow much "
                "fits depends on the model; logs do not tell.",
            ).format(LINES),
            self._steps,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[tuple[Line, ...]]) -> None:
        """Show the conversations of *answer*."""
        lines = answer.rows
        if not lines:
            say_nothing(self, answer)
            return
        self._steps.show_lines(
            [
                Steps(ink, tuple(_point(line, fill) for fill in line.points))
                for ink, line in enumerate(lines)
            ]
        )
        self._key.show_entries(
            [(conversation(line.title, _NAME), ink) for ink, line in enumerate(lines)]
        )
        rows = [(line, fill) for line in lines for fill in line.points]
        self.fill_table(
            [
                Column(translate("charts", "Conversation")),
                Column(translate("charts", "Call")),
                Column(translate("charts", "Tokens sent")),
                Column(translate("charts", "Compacted before"), words=True),
            ],
            [
                (
                    line.title,
                    fill.number,
                    fill.tokens,
                    translate("charts", "yes") if fill.compacted else None,
                )
                for line, fill in rows
            ],
            by=2,
            up=False,
        )
        goals: list[Goal] = [Place(line.key, fill.message) for line, fill in rows]
        self.lead(goals, goals)
        fullest = max(lines, key=lambda line: line.fullest)
        compacted = sum(fill.compacted for _, fill in rows)
        self.say(
            translate("charts", "Tokens sent, by API call of the conversation"),
            translate(
                "charts",
                "{0} conversations. Fullest: {1} with {2} tokens. {3} compactions. Arrow keys go "
                "from call to call, Return opens one.",
            ).format(
                words.count(len(lines)),
                conversation(fullest.title, _NAME),
                words.count(fullest.fullest),
                words.count(compacted),
            ),
        )


def _point(line: Line, fill: Fill) -> Point:
    said = translate("charts", "{0}\ncall {1}: {2} tokens sent").format(
        conversation(line.title), words.count(fill.number), words.count(fill.tokens)
    )
    if fill.compacted:
        said = "\n".join([said, translate("charts", "the context was compacted just before")])
    return Point(fill.number, fill.tokens, said, fill.compacted)
