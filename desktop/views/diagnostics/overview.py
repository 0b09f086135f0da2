"""Groups of facts in two columns; values change in place, so that a selection stays."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.monitoring.report import Report
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.text import SectionTitle, Text
from desktop.models.diagnostics_fact import Group
from desktop.models.diagnostics_facts import groups
from desktop.views.inspector.facts import Value

_COLUMNS: Final = 2
_NAMES: Final = 104  # points


class Overview(QScrollArea):
    """Shows a report's facts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget(self)
        palette.put_on(self._inside, "window")
        palette.put_on(self.viewport(), "window")
        self.setWidget(self._inside)
        self.values: dict[tuple[str, str], Value] = {}  # by group and name

    def show_report(self, told: Report, now: int) -> None:
        """Show *told*; *now* is ms since the epoch."""
        made = groups(told, now)
        if not self.values:
            self._lay_out(made)
        for group in made:
            for fact in group.facts:
                value = self.values[group.title, fact.name]
                value.say(fact.value)
                value.setToolTip(words.plain(fact.tip) if fact.tip else "")

    def _lay_out(self, made: tuple[Group, ...]) -> None:
        row = QHBoxLayout(self._inside)
        row.setContentsMargins(0, metrics.SMALL, 0, metrics.SMALL)
        row.setSpacing(metrics.HUGE)
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        tall = [0] * _COLUMNS
        for group in made:
            least = tall.index(min(tall))
            columns[least].addLayout(self._group(group))
            tall[least] += len(group.facts) + 2
        for column in columns:
            column.setSpacing(metrics.LARGE)
            column.addStretch(1)
            row.addLayout(column, 1)

    def _group(self, group: Group) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(metrics.TIGHT)
        lines.addWidget(SectionTitle(group.title, self._inside))
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics.MEDIUM)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, fonts.grown(_NAMES))
        for number, fact in enumerate(group.facts):
            name = Text(fact.name, self._inside, tone="muted")
            name.setToolTip(words.plain(fact.tip) if fact.tip else "")
            value = Value(fact.value, f"{group.title}: {fact.name}", self._inside, tip=fact.tip)
            grid.addWidget(name, number, 0)
            grid.addWidget(value, number, 1)
            self.values[group.title, fact.name] = value
        lines.addLayout(grid)
        return lines
