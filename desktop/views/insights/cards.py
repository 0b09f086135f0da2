"""The cards below the lanes: topics, what follows what, tools."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.look import metrics
from desktop.look.words import count, translate
from desktop.models import insights_links, insights_tables
from desktop.models.insights_links import Link
from desktop.models.insights_reading import Insights
from desktop.views.charts.table import ChartTable
from desktop.views.insights.links import LinkList
from desktop.views.insights.matrix import Matrix
from desktop.views.insights.section import Heading, Section

_CHANGES: Final = 6
_MOST_ROWS: Final = 16


class TopicsCard(Section):
    """Which topics took the time."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("insights", "What was it about?"),
            translate(
                "insights",
                "Topics by their share of active time, from each prompt or reply to the next; of "
                "prompts and replies where the log has no times. A line goes to where the topic "
                "comes up first.",
            ),
            parent,
        )
        self.dominant = LinkList(translate("insights", "Topics by share"), self)
        self.body.addWidget(self.dominant)
        self.dominant.chosen.connect(self.chosen)

    def show_insights(self, found: Insights) -> None:
        """Show the topics of *found*."""
        topics = insights_links.dominant(found)
        self.dominant.show_links(topics)
        self.say_nothing("" if topics else translate("insights", "Nothing distinctive was said."))


class TalkCard(Section):
    """Which intent followed which, and where one topic gave way to another."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("insights", "What followed what?"),
            translate(
                "insights",
                "How often a prompt of each intent, a row, was followed by one of each intent, a "
                "column. Intents are guesses.",
            ),
            parent,
        )
        self.matrix = Matrix(self)
        self.changes_heading = Heading(
            translate("insights", "Changes of topic"),
            translate("insights", "Where the topic is another one than before, the first ones."),
            self,
        )
        self.changes = LinkList(translate("insights", "Changes of topic"), self)
        for part in (self.matrix, self.changes_heading, self.changes):
            self.body.addWidget(part)
        self.changes.chosen.connect(self.chosen)

    def show_insights(self, found: Insights) -> None:
        """Show the intents and changes of topic of *found*."""
        changes = insights_links.topic_changes(found)
        self.changes.show_links(changes[:_CHANGES])
        self.changes_heading.setVisible(bool(changes))
        rest = len(changes) > _CHANGES
        said = translate("insights", "first {0} of {1}").format(_CHANGES, count(len(changes)))
        self.changes_heading.caption.setText(said if rest else "")
        transitions = found.context.intents.transitions
        self.matrix.setVisible(bool(transitions))
        self.matrix.show_transitions(transitions)
        self.say_nothing(
            ""
            if transitions
            else translate("insights", "Not enough messages: it takes two prompts that you typed.")
        )


class ToolsCard(Section):
    """How tools were used, which steps follow each other, and what came after failures."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("insights", "Which tools, and how?"),
            translate(
                "insights",
                "All calls of this conversation, agents' included. Times are a call's own: while "
                "several run at once, each has its share; waiting for permission is in it where "
                "the log does not tell it apart.",
            ),
            parent,
        )
        self.table = ChartTable(translate("insights", "Tools of this conversation"), self)
        self.steps = LinkList(translate("insights", "Steps that follow each other"), self)
        self.after = LinkList(translate("insights", "After a failure"), self)
        self._steps_heading = Heading(
            translate("insights", "Steps that follow each other"),
            translate(
                "insights",
                "Two to four steps in a row within one turn of one lane, seen three times at "
                "least. Calls at the same time are one step.",
            ),
            self,
        )
        self._after_heading = Heading(
            translate("insights", "After a failure"),
            translate(
                "insights",
                "The step after a failed call, in the same lane and turn, and how often of the "
                "tool's failures.",
            ),
            self,
        )
        for part in (
            self.table,
            self._steps_heading,
            self.steps,
            self._after_heading,
            self.after,
        ):
            self.body.addWidget(part)
        self.steps.chosen.connect(self.chosen)
        self.after.chosen.connect(self.chosen)

    def show_insights(self, found: Insights) -> None:
        """Show the tools of *found*."""
        rows = insights_tables.tool_rows(found)
        self.table.setVisible(bool(rows))
        self.table.show_rows(insights_tables.tool_columns(), rows, by=1, up=False)
        head = self.table.horizontalHeader().sizeHint().height()
        row = self.table.verticalHeader().defaultSectionSize()
        bar = metrics.SCROLL_BAR + 2
        self.table.setFixedHeight(head + row * min(_MOST_ROWS, len(rows)) + bar)
        _fill(self._steps_heading, self.steps, insights_links.sequences(found))
        _fill(self._after_heading, self.after, insights_links.recoveries(found))
        self.say_nothing("" if rows else translate("insights", "No tool was called."))


def _fill(heading: Heading, links: LinkList, found: Sequence[Link]) -> None:
    links.show_links(found)
    heading.setVisible(bool(found))
    links.setVisible(bool(found))
