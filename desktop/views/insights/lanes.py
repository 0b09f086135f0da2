"""All lanes of a conversation on one axis, and their table twin."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from core.analysis.intents import Intent
from desktop.look import fonts, metrics
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.chips import Chip
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import Text
from desktop.look.words import count, translate
from desktop.models import insights_marks, insights_tables
from desktop.models import insights_words as words_
from desktop.models.insights_axis import Axis, even, timed
from desktop.models.insights_marks import COMPACTION, SWITCH, Rule
from desktop.models.insights_reading import Insights
from desktop.models.insights_river import river
from desktop.views.charts.legend import Legend
from desktop.views.charts.table import ChartTable
from desktop.views.insights import inks, lane_words
from desktop.views.insights.flows import RiverStrip, ShiftStrip
from desktop.views.insights.section import Heading, Section
from desktop.views.insights.strip import Strip
from desktop.views.insights.strips import (
    ClarityStrip,
    ComplexityStrip,
    FeelingsStrip,
    IntentsStrip,
    MarksStrip,
    ThreadsStrip,
    initials,
)

TURNS: Final = "turns"
TIME: Final = "time"
TABLE: Final = "table"
_TABLE_HEIGHT: Final = 420


class Lane(QWidget):
    """A heading, a strip, and what its colours mean."""

    def __init__(
        self, title: str, definition: str, strip: Strip, legend: Legend | None = None
    ) -> None:
        super().__init__()
        self.strip = strip
        self.legend = legend
        self.heading = Heading(title, definition, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, metrics.TIGHT)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(strip)
        if legend is not None:
            column.addWidget(legend)


class Lanes(Section):
    """Shows the insights of one conversation, turn by turn."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, parent: QWidget | None = None) -> None:
        self.mode = Segmented(
            translate("insights", "Shown by"),
            [
                (TURNS, translate("insights", "Turns")),
                (TIME, translate("insights", "Time")),
                (TABLE, translate("insights", "Table")),
            ],
        )
        super().__init__(
            translate("insights", "How did it go?"),
            lane_words.axis(),
            parent,
            option=self.mode,
        )
        self.found: Insights | None = None
        self.axes: dict[str, Axis] = {TURNS: even(1), TIME: even(1)}
        self.marks = MarksStrip(translate("insights", "Turns"), 26)
        self.threads = ThreadsStrip(translate("insights", "Threads"), 20)
        self.river = RiverStrip(translate("insights", "Topics"), 96)
        self.intents = IntentsStrip(translate("insights", "Intents"), 24)
        self.clarity = ClarityStrip(translate("insights", "Clarity"), 28)
        self.feelings = FeelingsStrip(translate("insights", "Sentiment"), 28)
        self.shifts = ShiftStrip(translate("insights", "Shift"), 64)
        self.complexity = ComplexityStrip(translate("insights", "Complexity"), 56)
        self._lanes: dict[Strip, Lane] = {
            strip: Lane(
                strip.accessibleName(),
                definition,
                strip,
                Legend() if strip in {self.intents, self.complexity} else None,
            )
            for strip, definition in (
                (self.marks, lane_words.marks()),
                (self.threads, lane_words.threads()),
                (self.river, lane_words.topics()),
                (self.intents, lane_words.intents()),
                (self.clarity, lane_words.clarity()),
                (self.shifts, lane_words.shift()),
                (self.complexity, lane_words.complexity()),
                (self.feelings, lane_words.sentiment()),
            )
        }
        self.sentiment = Chip(translate("insights", "Show sentiment"), self, checkable=True)
        self.table = ChartTable(translate("insights", "The lanes as a table"), self)
        self.copying = IconButton(
            "copy", translate("insights", "Copy table"), self, size=metrics.ICON_SMALL
        )
        self._lay_out()
        self._connect()
        self._turn()

    @property
    def strips(self) -> list[Strip]:
        """The lanes that are shown, from the top."""
        return [strip for strip, lane in self._lanes.items() if not lane.isHidden()]

    def show_insights(self, found: Insights) -> None:
        """Show *found*; what is chosen, and the mark that is looked at, stay."""
        self.found = found
        self.axes = {
            TURNS: even(len(found.turns)),
            TIME: timed(found.turns, insights_marks.moments(found)),
        }
        rules = insights_marks.rules(found)
        for strip in self._lanes:
            strip.set_rules(rules)
        self._fill(found, rules)
        for strip in self._lanes:
            strip.setAccessibleDescription(lane_words.summary(strip.accessibleName(), strip.marks))
        self._turn()

    def _fill(self, found: Insights, rules: Sequence[Rule]) -> None:
        self.marks.set_marks([rule.mark for rule in rules])
        self.threads.show_stretches(insights_marks.stretches(found))
        self.river.show_river(river(found))
        self.intents.show_cells(insights_marks.intents(found))
        self.clarity.show_bars(insights_marks.clarity(found))
        self.shifts.show_line(insights_marks.shifts(found))
        bars = insights_marks.complexity(found)
        highest = max((sum(bar.parts) for bar in bars), default=0.0)
        self.complexity.show_bars(bars, highest)
        self.feelings.show_feels(insights_marks.feelings(found))
        self._tell(found, rules, highest)

    def _tell(self, found: Insights, rules: Sequence[Rule], highest: float) -> None:
        kinds = Counter(rule.kind for rule in rules)
        told = found.context
        captions = {
            self.marks: lane_words.rules(len(found.turns), kinds[SWITCH], kinds[COMPACTION]),
            self.threads: count(len({one.title for one in self.threads.stretches})),
            self.river: lane_words.distinct(told.topics),
            self.intents: lane_words.sure(self.intents.cells),
            self.clarity: lane_words.clear(told.intents),
            self.shifts: lane_words.shifted(told.flow),
            self.complexity: translate("insights", "highest {0} of 1").format(
                words_.figure(highest)
            ),
            self.feelings: translate("insights", "English prompts only"),
        }
        for strip, caption in captions.items():
            self._lanes[strip].heading.caption.setText(caption)
        many = Counter(cell.intent for cell in self.intents.cells)
        letters = initials()
        self._legend(
            self.intents,
            [
                (f"{letters[one]}  {words_.intent(one)} {count(many[one])}", inks.INTENTS[one])
                for one in Intent
                if many[one]
            ],
        )
        used = [
            n for n in range(len(words_.PARTS)) if any(b.parts[n] for b in self.complexity.bars)
        ]
        self._legend(self.complexity, [(words_.part(words_.PARTS[n]), inks.PARTS[n]) for n in used])

    def _legend(self, strip: Strip, entries: Sequence[tuple[str, str]]) -> None:
        legend = self._lanes[strip].legend
        if legend is not None:
            legend.show_entries(entries)

    def _lay_out(self) -> None:
        self.body.setSpacing(metrics.SMALL)
        self.table.setFixedHeight(_TABLE_HEIGHT)
        for lane in self._lanes.values():
            self.body.addWidget(lane)
        self.note = Text(lane_words.no_sentiment(), self, size=fonts.SMALL, tone="muted", wrap=True)
        self.body.addWidget(self.sentiment, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.note)
        self.body.addWidget(self.table)
        self.body.addWidget(self.copying, 0, Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.mode.chosen.connect(self._turn)
        self.sentiment.toggled.connect(self._turn)
        self.copying.clicked.connect(self.table.copy)
        self.table.chosen.connect(self._choose_row)
        for strip in self._lanes:
            strip.chosen.connect(self.chosen)
            strip.visited.connect(self._visit)
            strip.left.connect(self._leave)

    @Slot()
    def _turn(self) -> None:
        """Show what is chosen: lanes on an axis, or the table."""
        table = self.mode.current == TABLE
        axis = self.axes.get(self.mode.current, self.axes[TURNS])
        for strip, lane in self._lanes.items():
            strip.set_axis(axis)
            there = bool(strip.marks) or strip in {self.marks, self.river, self.shifts}
            if strip is self.feelings:
                there = there and self.sentiment.isChecked()
            lane.setVisible(there and not table)
        english = bool(self.feelings.marks)
        asked = bool(self.intents.cells)
        self.sentiment.setVisible(english and not table)
        self.note.setVisible(asked and not english and not table)
        if table and self.found is not None:
            rows = insights_tables.turn_rows(self.found)
            self.table.show_rows(insights_tables.turn_columns(), rows, by=1, up=True)
        self.table.setVisible(table)
        self.copying.setVisible(table)

    @Slot(int)
    def _visit(self, turn: int) -> None:
        for strip in self._lanes:
            strip.set_turn(turn)

    @Slot(int)
    def _leave(self, by: int) -> None:
        """Go to the lane above or below, at the same turn."""
        strips = [strip for strip in self.strips if strip.marks]
        sender = next((strip for strip in strips if strip.hasFocus()), None)
        if sender is None:
            return
        at = strips.index(sender) + by
        if 0 <= at < len(strips):
            turn = -1 if sender.current is None else sender.marks[sender.current].turn
            with QSignalBlocker(sender):
                strips[at].enter(turn)

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        if self.found is not None:
            number = self.table.model_.value(row, 1)
            if isinstance(number, int):
                self.chosen.emit(self.found.turns.turns[number - 1].message)
