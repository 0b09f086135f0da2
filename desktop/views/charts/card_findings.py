"""The card that answers what could be changed: the findings, the costliest first."""

from functools import partial
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.insights import Insights, Told
from core.queries import behind
from desktop.look import fonts, metrics, words
from desktop.look.widgets.buttons import QuietButton
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads, remarks
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import CHART, Card
from desktop.views.charts.finding_row import FindingRow
from desktop.views.charts.leads import Goal
from desktop.views.charts.names import folder

FIRST: Final = 5  # findings that are shown at once
_TABLE: Final = 320  # points of a table
_MINUTE: Final = 60_000  # ms


class FindingsCard(Card):
    """What a person has dismissed is put away at once, before the library has it."""

    dismiss_wanted = Signal(str, int)  # key, and how many cases there are; 0: show it again
    track_wanted = Signal(str, bool)  # key; False: compare no more
    dismissed = Signal(str, str)  # key and title of what was put away just now

    def __init__(self) -> None:
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._answer: Answer[Insights] | None = None
        self._put_away: dict[str, bool] = {}  # by key, since the library was asked
        self._whole = False
        self._away = False
        self.more = QuietButton(translate("charts", "Show more"), self._list, icon="chevron-down")
        self.switch = QuietButton(translate("charts", "Dismissed"), self._list, icon="eye-off")
        super().__init__(
            translate("charts", "What should I change?"),
            translate(
                "charts",
                "Patterns that cost time or tokens, found by fixed rules (docs/analysis.md names "
                "them all). Each has its rows as evidence. Time and tokens lost are estimates: the "
                "tool tip of a line says how. They are in order of time lost, 50,000 tokens "
                "weighing as much as a minute, and of how much evidence there is.\n\nA dismissed "
                "finding stays away, also after "
                "everything is read again. “I did this” compares how often the pattern is seen "
                "before and after.\n\nWhole conversations that reach into the range count: your "
                "part of them, the agents’, or both.",
            ),
            self._list,
            listed=True,
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.mode.chosen.connect(self._fit)
        self.more.clicked.connect(self._show_whole)
        self.switch.clicked.connect(self._turn_away)

    @property
    def rows(self) -> list[FindingRow]:
        """The findings on show."""
        return self._list.findChildren(FindingRow)

    @property
    def count(self) -> int:
        """How many findings there are that were not dismissed."""
        return len(self._split()[0])

    @override
    def show_answer(self, answer: Answer[Insights]) -> None:
        """Show the findings of *answer*."""
        self._answer = answer
        self._draw()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the findings are at this width, or as a table that can be read."""
        over = self.height() - self.pages.height()
        width = self.pages.width()
        layout = self._list.layout()
        if self.has_data and self.mode.current == CHART and layout is not None:
            high = layout.heightForWidth(width)
        else:
            high = fonts.grown(_TABLE)
        if width > 0 and high > 0 and self.height() != high + over:
            self.setFixedHeight(high + over)

    def restore(self, key: str) -> None:
        """Show the finding *key* again."""
        self._put_away[key] = False
        self.dismiss_wanted.emit(key, 0)
        self._draw()

    def _split(self) -> tuple[list[Told], list[Told]]:
        """Return the findings that are shown and those that are dismissed."""
        if self._answer is None:
            return [], []
        rows = self._answer.rows
        known = [(told, False) for told in rows.findings] + [(one, True) for one in rows.dismissed]
        known.sort(key=lambda one: -one[0].finding.rank)
        split: tuple[list[Told], list[Told]] = ([], [])
        for told, away in known:
            split[self._put_away.get(told.finding.key, away)].append(told)
        return split

    def _draw(self) -> None:
        answer = self._answer
        if answer is None:
            return
        found, away = self._split()
        if not away:
            self._away = False
        if not found and not away:
            remarks.say_no_pattern(
                self, answer, translate("charts", "No rule found anything worth changing.")
            )
            self._fit()
            return
        self._show_rows(found, away)
        shown = found or away
        self._fill(shown)
        goals = [_goal(told) for told in shown]
        self.lead([], goals)
        self.say(
            remarks.of_patterns(
                translate("charts", "{0}, the costliest first; costs are estimates").format(
                    words.plural(
                        len(found), translate("charts", "finding"), translate("charts", "findings")
                    )
                ),
                answer,
            ),
            translate("charts", "{0} findings, {1} dismissed.").format(
                words.count(len(found)), words.count(len(away))
            ),
        )
        self._fit()

    def _show_rows(self, found: list[Told], away: list[Told]) -> None:
        for row in self.rows:
            row.setParent(None)
            row.deleteLater()
        while self._column.count():
            self._column.takeAt(0)
        chosen = away if self._away else found
        shown = chosen if self._whole or self._away else chosen[:FIRST]
        for told in shown:
            row = FindingRow(told, self._list, dismissed=self._away)
            row.evidence_wanted.connect(self._open_evidence)
            row.dismiss_wanted.connect(self._dismiss)
            row.track_wanted.connect(self._track)
            self._column.addWidget(row)
            row.show()
        rest = len(chosen) - len(shown)
        self.more.setText(translate("charts", "Show {0} more").format(words.count(rest)))
        self.more.setVisible(rest > 0)
        self.switch.setText(
            translate("charts", "Back to findings")
            if self._away
            else translate("charts", "{0} dismissed").format(words.count(len(away)))
        )
        self.switch.setVisible(bool(away))
        foot = QHBoxLayout()
        foot.setContentsMargins(metrics.SMALL, metrics.SMALL, 0, 0)
        foot.addWidget(self.more)
        foot.addWidget(self.switch)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self._column.addStretch(1)
        self._column.activate()

    def _fill(self, shown: list[Told]) -> None:
        self.fill_table(
            [
                Column(translate("charts", "Finding")),
                Column(translate("charts", "Times")),
                Column(translate("charts", "Conversations")),
                Column(translate("charts", "Minutes lost")),
                Column(translate("charts", "Tokens lost")),
                Column(translate("charts", "Project"), words=True),
                Column(translate("charts", "What to do"), words=True),
            ],
            [
                (
                    told.finding.title,
                    told.finding.count,
                    told.finding.conversations,
                    told.finding.lost_ms / _MINUTE,
                    told.finding.lost_tokens,
                    folder(told.finding.project) if told.finding.project else "",
                    told.finding.act,
                )
                for told in shown
            ],
            by=3,
            up=False,
        )

    @Slot()
    def _show_whole(self) -> None:
        self._whole = True
        self._draw()

    @Slot()
    def _turn_away(self) -> None:
        self._away = not self._away
        self._draw()

    @Slot(object)
    def _open_evidence(self, told: Told) -> None:
        self.goal_wanted.emit(_goal(told))

    @Slot(object)
    def _dismiss(self, told: Told) -> None:
        key = told.finding.key
        if self._away:
            self.restore(key)
            return
        self._put_away[key] = True
        self.dismiss_wanted.emit(key, told.finding.count)
        self._draw()
        self.dismissed.emit(key, told.finding.title)

    @Slot(object, bool)
    def _track(self, told: Told, on: bool) -> None:
        self.track_wanted.emit(told.finding.key, on)


def _goal(told: Told) -> Goal:
    found = told.finding
    pieces = tuple((piece.message, piece.call) for piece in found.evidence)
    title = translate("charts", "Evidence: {0}").format(words.one_line(found.title, 120))
    return leads.calls(title, partial(behind.evidence, pieces=pieces, total=found.count))
