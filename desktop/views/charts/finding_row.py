"""One finding: what it is, what it costs, what to do about it, and four things to press."""

from typing import Final

from PySide6.QtCore import QDateTime, QLocale, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.analysis.findings.finding import Trend
from core.insights import Told
from desktop.look import fonts, metrics, paint, theme, words
from desktop.look.widgets.buttons import QuietButton
from desktop.look.widgets.text import Text
from desktop.look.words import translate
from desktop.views.charts.names import folder

_BAR: Final = 3  # points of the line that tells the priority
_TONES: Final = {"high": "failed", "medium": "warning", "low": "outline"}


class FindingRow(QWidget):
    """Shows *told*; *dismissed* tells whether it is one of those that are put away."""

    evidence_wanted = Signal(object)  # Told
    dismiss_wanted = Signal(object)  # Told
    track_wanted = Signal(object, bool)  # Told, and whether something was done about it

    def __init__(self, told: Told, parent: QWidget | None = None, *, dismissed: bool) -> None:
        super().__init__(parent)
        self.told = told
        found = told.finding
        self._tone = _TONES[found.priority]
        title = Text(found.title, self, weight=QFont.Weight.DemiBold, wrap=True)
        facts = Text(facts_of(told), self, size=fonts.SMALL, tone="muted", wrap=True)
        facts.setToolTip(words.plain(found.basis))
        self._advice = _Advice(found.act, self)
        track = told.mark is not None and told.mark.acted_at is not None
        self.evidence = QuietButton(translate("charts", "Show evidence"), self, icon="search")
        self.copying = QuietButton(translate("charts", "Copy"), self, icon="copy")
        self.tracking = QuietButton(
            translate("charts", "Stop comparing") if track else translate("charts", "I did this"),
            self,
            icon="ok",
        )
        self.tracking.setToolTip(
            words.plain(translate("charts", "Compares how often it happens before and after now"))
        )
        self._tracked = track
        self.dismissing = QuietButton(
            translate("charts", "Restore") if dismissed else translate("charts", "Dismiss"),
            self,
            icon="undo" if dismissed else "eye-off",
        )
        for button in (self.evidence, self.copying, self.tracking, self.dismissing):
            button.setAccessibleDescription(found.title)
        self.setAccessibleName(f"{found.title}. {facts.text()}")
        self._lay_out(title, facts)
        self.evidence.clicked.connect(self._show_evidence)
        self.copying.clicked.connect(self._copy)
        self.tracking.clicked.connect(self._track)
        self.dismissing.clicked.connect(self._dismiss)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        line = QRectF(0, metrics.MEDIUM, _BAR, self.height() - 2 * metrics.MEDIUM)
        paint.rounded(painter, line, _BAR / 2, fill=colors.color(self._tone))
        foot = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(foot, QColor(colors.hairline))

    def _lay_out(self, title: Text, facts: Text) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        buttons = QHBoxLayout()
        buttons.setSpacing(metrics.TIGHT)
        for button in (self.evidence, self.copying, self.tracking, self.dismissing):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(metrics.LARGE, metrics.MEDIUM, 0, metrics.MEDIUM)
        column.setSpacing(metrics.TIGHT)
        column.addWidget(title)
        column.addWidget(facts)
        if self.told.trend is not None:
            said = trend_of(self.told.trend)
            column.addWidget(Text(said, self, size=fonts.SMALL, tone="link", wrap=True))
        column.addWidget(self._advice)
        column.addLayout(buttons)

    @Slot()
    def _show_evidence(self) -> None:
        self.evidence_wanted.emit(self.told)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.told.finding.act)
        self.copying.setText(translate("charts", "Copied"))

    @Slot()
    def _track(self) -> None:
        self.track_wanted.emit(self.told, not self._tracked)

    @Slot()
    def _dismiss(self) -> None:
        self.dismiss_wanted.emit(self.told)


class _Advice(QWidget):
    """What to do, on a ground of its own; it can be selected."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        said = Text(text, self, wrap=True)
        said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        said.setAccessibleName(translate("charts", "What to do: {0}").format(text))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.MEDIUM, metrics.SMALL, metrics.MEDIUM, metrics.SMALL)
        layout.addWidget(said)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        ground = QColor(colors.panel if not colors.dark else colors.window)
        line = QColor(colors.hairline)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        paint.rounded(QPainter(self), box, metrics.RADIUS, fill=ground, line=line)


def facts_of(told: Told) -> str:
    """Return how often, where, and at what estimated cost a finding was seen."""
    found = told.finding
    parts = [
        translate("charts", "{0} in {1}").format(
            words.plural(found.count, translate("charts", "time"), translate("charts", "times")),
            words.plural(
                found.conversations,
                translate("charts", "conversation"),
                translate("charts", "conversations"),
            ),
        ),
        folder(found.project) if found.project else translate("charts", "all projects"),
        lost(found.lost_ms, found.lost_tokens),
    ]
    if found.last_at is not None:
        parts.append(translate("charts", "last on {0}").format(_day(found.last_at)))
    priority = {
        "high": translate("charts", "high priority"),
        "medium": translate("charts", "medium priority"),
    }.get(found.priority)
    return " · ".join(parts if priority is None else [priority, *parts])


def lost(ms: int, tokens: int) -> str:
    """Return what something is estimated to have cost, in words."""
    parts = [words.duration(ms)] if ms else []
    if tokens:
        parts.append(translate("charts", "{0} tokens").format(words.short_count(tokens)))
    if not parts:
        return translate("charts", "cost not estimated")
    return translate("charts", "about {0} lost").format(translate("charts", " and ").join(parts))


def trend_of(trend: Trend) -> str:
    """Return how a finding went before and after something was done about it."""
    return translate(
        "charts", "Before {0}: {1} × in {2} conversations. Since then: {3} × in {4} conversations."
    ).format(
        _day(trend.since),
        words.count(trend.before),
        words.count(trend.conversations_before),
        words.count(trend.after),
        words.count(trend.conversations_after),
    )


def _day(ms: int) -> str:
    at = QDateTime.fromMSecsSinceEpoch(ms)
    return QLocale().toString(at.date(), translate("charts", "d MMM yyyy"))
