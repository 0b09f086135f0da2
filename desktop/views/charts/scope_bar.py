"""What the charts are about: a range of days, projects, models, and whose work."""

from datetime import tzinfo
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.queries.rollups import Lane
from desktop.look import fonts, metrics, words
from desktop.look.widgets.buttons import QuietButton
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.look.words import translate
from desktop.views.charts.asking import Choice, Names
from desktop.views.charts.names import folders
from desktop.views.charts.pick import Option, Pick

RANGES: Final = {"7": 7, "30": 30, "90": 90, "all": None}
_ONE_LINE: Final = 1180  # points from which everything stands side by side


class ScopeBar(QWidget):
    """Tells `changed` when anything else is chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range = Segmented(
            translate("charts", "Range"),
            [
                ("7", translate("charts", "7 days")),
                ("30", translate("charts", "30 days")),
                ("90", translate("charts", "90 days")),
                ("all", translate("charts", "All")),
            ],
            self,
        )
        self.range.choose("30")
        self.lane = Segmented(
            translate("charts", "Whose work"),
            [
                (Lane.ALL.value, translate("charts", "You + agents")),
                (Lane.YOU.value, translate("charts", "You")),
                (Lane.AGENTS.value, translate("charts", "Agents")),
            ],
            self,
        )
        self.project = Pick(
            translate("charts", "Projects"),
            translate("charts", "All projects"),
            translate("charts", "{0} projects"),
            self,
        )
        self.model = Pick(
            translate("charts", "Models"),
            translate("charts", "All models"),
            translate("charts", "{0} models"),
            self,
        )
        self.findings = QuietButton(translate("charts", "Findings"), self, icon="todo")
        self.until = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._lay_out()
        for segmented in (self.range, self.lane):
            segmented.chosen.connect(self.changed)
        for pick in (self.project, self.model):
            pick.chosen.connect(self.changed)

    def choice(self, now: int, zone: tzinfo | None) -> Choice:
        """Return what is chosen, at *now* in ms and by the clock of *zone*."""
        return Choice(
            RANGES[self.range.current],
            now,
            zone,
            self.project.picked,
            self.model.picked,
            Lane(self.lane.current),
        )

    def show_names(self, names: Names) -> None:
        """Offer the projects and models of *names*."""
        shown = folders(names.projects)
        self.project.show_options([Option(path, shown[path], path) for path in names.projects])
        self.model.show_options(
            [Option(model, words.one_line(model, 60), model) for model in names.models]
        )

    def show_findings(self, number: int) -> None:
        """Say how many findings there are."""
        one, many = translate("charts", "finding"), translate("charts", "findings")
        self.findings.setText(words.plural(number, one, many))
        self.findings.setVisible(number > 0)

    def arrange(self, side: int, width: int) -> None:
        """Keep *side* points free at both sides of *width*; break into two lines if need be."""
        self._rows.setContentsMargins(side, metrics.SMALL, side, metrics.SMALL)
        wide = width >= round(_ONE_LINE * max(1.0, fonts.scale()))
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._rows.setDirection(way)

    def _lay_out(self) -> None:
        title = Text(
            translate("charts", "Dashboard"), self, size=fonts.HEADING, weight=QFont.Weight.DemiBold
        )
        head = QHBoxLayout()
        head.setSpacing(metrics.MEDIUM)
        head.addWidget(title)
        head.addWidget(self.until, 1)
        head.addWidget(self.findings)
        self.findings.hide()
        controls = QHBoxLayout()
        controls.setSpacing(metrics.SMALL)
        controls.addWidget(self.project)
        controls.addWidget(self.model)
        controls.addStretch(1)
        controls.addWidget(self.lane)
        controls.addWidget(self.range)
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(metrics.SMALL)
        self._rows.addLayout(head, 1)
        self._rows.addLayout(controls)
