"""The card that answers which conversations stand out."""

from typing_extensions import override

from core.queries.dashboard import Outlier, Outliers
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal, Place
from desktop.views.charts.names import conversation, folder
from desktop.views.charts.nothing import say_nothing
from desktop.views.charts.scatter import Dot, ScatterPlot


class OutliersCard(Card):
    """A point for each conversation, and a table of all."""

    def __init__(self) -> None:
        self._dots = ScatterPlot()
        super().__init__(
            translate("charts", "Which conversations stand out?"),
            translate(
                "charts",
                "A point for each conversation: how many prompts you typed in it, and how many "
                "tokens it took, of all four kinds, within the range. Both axes are logarithmic: "
                "each line is ten times the one before.\n\nFar up and to the left: a few prompts "
                "that cost much. Far right: much talk. Conversations without a prompt of yours or "
                "without a token are left out and counted in the caption.",
            ),
            self._dots,
        )

    @override
    def show_answer(self, answer: Answer[Outliers]) -> None:
        """Show the conversations of *answer*."""
        rows = answer.rows.rows
        if not rows:
            say_nothing(self, answer)
            return
        self._dots.show_dots([Dot(row.prompts, row.tokens, tip(row)) for row in rows])
        self.fill_table(
            [
                Column(translate("charts", "Conversation")),
                Column(translate("charts", "Project"), words=True),
                Column(translate("charts", "Prompts")),
                Column(translate("charts", "Tokens")),
                Column(translate("charts", "Tokens per prompt")),
            ],
            [
                (row.title, folder(row.project), row.prompts, row.tokens, row.tokens // row.prompts)
                for row in rows
            ],
            by=3,
            up=False,
        )
        goals: list[Goal] = [Place(row.key) for row in rows]
        self.lead(goals, goals)
        said = [translate("charts", "Tokens (upwards) by prompts")]
        if answer.rows.left_out:
            said.append(
                translate("charts", "{0} without prompts or tokens left out").format(
                    words.count(answer.rows.left_out)
                )
            )
        if answer.rows.beyond:
            said.append(
                translate("charts", "{0} smaller ones left out").format(
                    words.count(answer.rows.beyond)
                )
            )
        self.say(
            " · ".join(said),
            translate(
                "charts", "{0} conversations. Most tokens: {1}. Arrow keys go from one to the next."
            ).format(words.count(len(rows)), tip(rows[0]).replace("\n", ", ")),
        )


def tip(row: Outlier) -> str:
    """Return what a point says."""
    prompts = translate("charts", "prompt"), translate("charts", "prompts")
    tokens = translate("charts", "token"), translate("charts", "tokens")
    return "\n".join(
        [
            conversation(row.title),
            folder(row.project),
            f"{words.plural(row.prompts, *prompts)}, {words.plural(row.tokens, *tokens)}",
        ]
    )
