"""The insights of one conversation on one page that scrolls."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.text import Text
from desktop.look.words import translate
from desktop.models import insights_figures, insights_links
from desktop.models.insights_figures import Figure
from desktop.models.insights_links import Link
from desktop.models.insights_reading import Insights
from desktop.views.insights.cards import TalkCard, ToolsCard, TopicsCard
from desktop.views.insights.figures import Figures
from desktop.views.insights.lanes import Lanes

_TWO: Final = 720  # points from which cards stand side by side
_WIDEST: Final = 1440
_MINUTE_MS: Final = 30_000


def _now() -> int:
    return time.time_ns() // 1_000_000


class InsightsPage(QWidget):
    """Shows what it is given; *now* is in ms."""

    chosen = Signal(int)  # row id of a message to go to

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], int] = _now) -> None:
        super().__init__(parent)
        self._now = now
        self.found: Insights | None = None
        self.computed = Text("", self, size=fonts.SMALL, tone="muted")
        self.figures = Figures(self)
        self.lanes = Lanes(self)
        self.topics = TopicsCard(self)
        self.talk = TalkCard(self)
        self.tools = ToolsCard(self)
        self.empty = EmptyState("chart", translate("insights", "Reading…"), "", self)
        self.area = QScrollArea(self)
        self._clock = QTimer(self, interval=_MINUTE_MS)
        self._across = 0
        self._lay_out()
        palette.put_on(self, "window")
        self._clock.timeout.connect(self._tell_time)
        for part in (self.figures, self.lanes, self.topics, self.talk, self.tools):
            part.chosen.connect(self.chosen)
        self.setAccessibleName(translate("insights", "Insights"))

    def show_reading(self) -> None:
        """Show that the insights of another conversation are on their way."""
        self.found = None
        self.empty.say(translate("insights", "Reading…"), "")
        self._pages.setCurrentWidget(self.empty)
        self.area.verticalScrollBar().setValue(0)

    def show_insights(self, found: Insights | None) -> None:
        """Show *found* where it stands; the place on the page and what is looked at stay."""
        if found is None or not found.enough:
            self.say_nothing(
                translate("insights", "Not enough messages"),
                translate("insights", "Nothing was said or done here that could be looked at."),
            )
            return
        self.found = found
        self.figures.show_figures(insights_figures.figures(found), self._evidence)
        self.lanes.show_insights(found)
        self.topics.show_insights(found)
        self.talk.show_insights(found)
        self.tools.show_insights(found)
        self._tell_time()
        self._pages.setCurrentWidget(self.area)

    def say_nothing(self, title: str, sentence: str) -> None:
        """Say why there is nothing to show."""
        self.found = None
        self.empty.say(title, sentence)
        self._pages.setCurrentWidget(self.empty)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self._tell_time()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _evidence(self, figure: Figure) -> list[Link]:
        if self.found is None:
            return []
        return insights_links.evidence(self.found, figure.evidence)

    @Slot()
    def _tell_time(self) -> None:
        if not self.isVisible():
            self._clock.stop()
        if self.found is None:
            return
        said = translate("insights", "Computed {0}, offline")
        self.computed.setText(said.format(words.ago(self.found.computed_at, self._now())))
        each = ", ".join(f"{name} {number}" for name, number in self.found.revisions)
        tip = translate("insights", "By these revisions of its analysers: {0}").format(each)
        self.computed.setToolTip(words.plain(tip))

    def _lay_out(self) -> None:
        inner = _Inner()
        column = QVBoxLayout(inner)
        column.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.LARGE)
        column.setSpacing(metrics.MEDIUM)
        self._cards = QGridLayout()
        self._cards.setSpacing(metrics.MEDIUM)
        for part in (self.computed, self.figures, self.lanes):
            column.addWidget(part)
        column.addLayout(self._cards)
        column.addStretch(1)
        inner.setMaximumWidth(_WIDEST)
        palette.put_on(inner, "window")
        self.area.setWidget(inner)
        self.area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.area)
        self.setFocusProxy(self.lanes.river)
        self._arrange()

    def _arrange(self) -> None:
        across = 2 if self.width() >= _TWO else 1
        if across == self._across:
            return
        self._across = across
        places = (
            ((0, 0, 1), (0, 1, 1), (1, 0, 2)) if across == 2 else ((0, 0, 1), (1, 0, 1), (2, 0, 1))
        )
        for card, (row, column, span) in zip(
            (self.topics, self.talk, self.tools), places, strict=True
        ):
            self._cards.addWidget(card, row, column, 1, span)
        for column in range(2):
            self._cards.setColumnStretch(column, 1 if column < across else 0)


class _Inner(QWidget):
    """As narrow as the page: nothing scrolls sideways."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())
