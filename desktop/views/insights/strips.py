"""The lanes made of boxes: turns and marks, threads, intents, clarity, complexity, feelings."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF
from typing_extensions import override

from core.analysis.intents import Intent
from core.analysis.sentiment import Feeling
from desktop.look import fonts, paint, theme, words
from desktop.look.words import translate
from desktop.models.insights_marks import COMPACTION, SWITCH, Bar, Cell, Feel, Rule, Stretch
from desktop.views.insights import inks
from desktop.views.insights.strip import Strip

_GAP: Final = 1.0  # between two boxes that are wide enough
_WIDE: Final = 4.0  # points from which boxes are kept apart
_MOST: Final = 28.0  # points of a bar
_AIR: Final = 5.0  # beside the words in a box
_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
_CHECKS: Final = 4  # points of the checklist


def apart(span: QRectF) -> QRectF:
    """Return *span* with a gap to its right, if it is wide enough for one."""
    return span.adjusted(0, 0, -_GAP, 0) if span.width() >= _WIDE else span


class MarksStrip(Strip):
    """The axis: numbers of turns, and the marks of switches and compactions."""

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        face = fonts.numbers(fonts.MICRO)
        measured = QFontMetricsF(face)
        painter.setFont(face)
        painter.setPen(colors.color("muted"))
        line, free = measured.height(), self.box.left()
        every = self._every(measured)
        for turn in range(0, self.axis.size, every):
            label = words.count(turn + 1)
            wide = measured.horizontalAdvance(label)
            left = (self.across(turn) + self.across(turn + 1) - wide) / 2
            if left >= free and left + wide <= self.box.right():
                painter.drawText(QPointF(left, self.box.top() + measured.ascent()), label)
                free = left + wide + 8
        for number, rule in enumerate(self.rules):
            self._draw_rule(painter, colors, number, rule, self.box.top() + line + 2)

    @override
    def draw_rules(self, painter: QPainter, colors: theme.Theme) -> None:
        """The marks stand at the end of their lines; no line goes through the numbers."""

    def _every(self, measured: QFontMetricsF) -> int:
        """Return of how many turns one has its number."""
        slot = self.box.width() / max(1, self.axis.size)
        wanted = (measured.horizontalAdvance(words.count(self.axis.size)) + 12) / max(0.1, slot)
        return next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if n >= wanted), 1000)

    def _draw_rule(
        self, painter: QPainter, colors: theme.Theme, number: int, rule: Rule, top: float
    ) -> None:
        at, tall = self.across(rule.mark.first), self.box.bottom() - top
        half = tall / 2
        shape = [(0, 0), (half, half), (0, tall), (-half, half)]
        if rule.kind == COMPACTION:
            shape = [(-half, 0), (half, 0), (0, tall)]
            if any(one.kind == SWITCH and one.mark.first == rule.mark.first for one in self.rules):
                at -= tall  # both can be seen
        token = "text" if rule.kind == SWITCH else "warning"
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color(token))
        painter.drawPolygon(QPolygonF([QPointF(at + x, top + y) for x, y in shape]))
        painter.restore()
        if number == self.current:
            self.ring(painter, colors, QRectF(at - half - 3, top - 2, tall + 6, tall + 4))


class ThreadsStrip(Strip):
    """Which thread each turn is of."""

    stretches: Sequence[Stretch] = ()

    def show_stretches(self, stretches: Sequence[Stretch]) -> None:
        """Show *stretches*, from left to right."""
        self.stretches = stretches
        self.set_marks([one.mark for one in stretches])

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        face = fonts.ui(fonts.MICRO, QFont.Weight.DemiBold)
        measured = QFontMetricsF(face)
        painter.setFont(face)
        for number, one in enumerate(self.stretches):
            span = apart(self.span(one.mark))
            ground = inks.series(colors, one.colour)
            paint.rounded(painter, span, 3, fill=ground)
            room = span.adjusted(_AIR, 0, -_AIR, 0)
            title = words.one_line(one.title, 80)
            shown = measured.elidedText(title, Qt.TextElideMode.ElideRight, room.width())
            if len(shown) > len(words.ELLIPSIS) + 2 or shown == title:
                painter.setPen(inks.readable(colors, ground))
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
                painter.drawText(room, flags, shown)
            if number == self.current:
                self.ring(painter, colors, span)


class IntentsStrip(Strip):
    """What each prompt wants: a colour, and its letter where there is room."""

    cells: Sequence[Cell] = ()

    def show_cells(self, cells: Sequence[Cell]) -> None:
        """Show *cells*, from left to right."""
        self.cells = cells
        self.set_marks([one.mark for one in cells])

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        face = fonts.ui(fonts.MICRO, QFont.Weight.DemiBold)
        painter.setFont(face)
        letters = initials()
        for number, one in enumerate(self.cells):
            span = apart(self.span(one.mark))
            ground = inks.intent(colors, one.intent, one.confidence)
            paint.rounded(painter, span, 3 if span.width() >= _WIDE * 2 else 0, fill=ground)
            if span.width() >= QFontMetricsF(face).horizontalAdvance("W") + 2:
                painter.setPen(inks.readable(colors, ground))
                painter.drawText(span, _MIDDLE, letters[one.intent])
            if number == self.current:
                self.ring(painter, colors, span)


class BarsStrip(Strip):
    """Bars in parts, whose colours are *tokens*."""

    bars: Sequence[Bar] = ()
    tokens: tuple[str, ...] = ("accent",)
    steps = 1  # lines across
    _most = 1.0

    def show_bars(self, bars: Sequence[Bar], most: float = 1.0) -> None:
        """Show *bars*, from left to right, the highest possible one being *most*."""
        self.bars = bars
        self._most = max(0.01, most)
        self.set_marks([one.mark for one in bars])

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        box = self.box
        for step in range(self.steps + 1):
            y = round(box.bottom() - box.height() * step / self.steps)
            painter.fillRect(QRectF(box.left(), y, box.width(), 1), colors.color("hairline"))
        for number, one in enumerate(self.bars):
            span = self.bar(one)
            self._draw_bar(painter, colors, one, span)
            if number == self.current:
                self.ring(painter, colors, span.adjusted(-2, 0, 2, 0))

    def bar(self, one: Bar) -> QRectF:
        """Return the column in which *one* stands."""
        span = apart(self.span(one.mark))
        if span.width() > _MOST:
            middle = span.center().x()
            span.setLeft(middle - _MOST / 2)
            span.setWidth(_MOST)
        return span

    def _draw_bar(self, painter: QPainter, colors: theme.Theme, one: Bar, span: QRectF) -> None:
        bottom = span.bottom()
        for token, share in zip(self.tokens, one.parts, strict=False):
            tall = span.height() * share / self._most
            if tall > 0:
                fill = theme.mix(colors.color(token).name(), colors.card, inks.SOFT)
                painter.fillRect(QRectF(span.left(), bottom - tall, span.width(), tall), fill)
                bottom -= tall
        if one.flag:
            self._draw_flag(painter, colors, span)

    def _draw_flag(self, painter: QPainter, colors: theme.Theme, span: QRectF) -> None:
        face = fonts.ui(fonts.MICRO, QFont.Weight.Bold)
        painter.setFont(face)
        painter.setPen(colors.color("failed"))
        painter.drawText(span.adjusted(-6, 0, 6, 0), _TOP, "!")


class ClarityStrip(BarsStrip):
    """How much each prompt gives to go by, in quarters; an exclamation mark where it is urgent."""

    tokens = ("you",)
    steps = _CHECKS


class ComplexityStrip(BarsStrip):
    """How large each turn's work was, in its parts."""

    tokens = inks.PARTS


class FeelingsStrip(Strip):
    """Which way prompts feel: up is good, down is bad, a dot is neither."""

    feels: Sequence[Feel] = ()

    def show_feels(self, feels: Sequence[Feel]) -> None:
        """Show *feels*, from left to right."""
        self.feels = feels
        self.set_marks([one.mark for one in feels])

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        box = self.box
        middle, half = box.center().y(), box.height() / 2
        painter.fillRect(
            QRectF(box.left(), round(middle), box.width(), 1), colors.color("hairline")
        )
        for number, one in enumerate(self.feels):
            span = apart(self.span(one.mark))
            wide = min(span.width(), 14.0)
            left = span.center().x() - wide / 2
            spot = QRectF(left, middle - half, wide, half)
            fill = colors.color("ok")
            if one.feeling is Feeling.NEGATIVE:
                fill, spot = colors.color("failed"), QRectF(left, middle, wide, half)
            elif one.feeling is Feeling.NEUTRAL:
                fill, wide = colors.color("muted"), min(wide, 4.0)
                spot = QRectF(span.center().x() - wide / 2, middle - wide / 2 + 0.5, wide, wide)
            paint.rounded(painter, spot, 2, fill=fill)
            if number == self.current:
                around = QRectF(left - 3, box.top(), min(span.width(), 14.0) + 6, box.height())
                self.ring(painter, colors, around)


def initials() -> dict[Intent, str]:
    """Return the letter of each intent."""
    return {
        Intent.QUESTION: translate("insights", "Q", "question"),
        Intent.REQUEST: translate("insights", "R", "request"),
        Intent.COMMAND: translate("insights", "C", "command"),
        Intent.CLARIFICATION: translate("insights", "L", "clarification"),
        Intent.FEEDBACK: translate("insights", "F", "feedback"),
        Intent.EXPLORATION: translate("insights", "E", "exploration"),
        Intent.NONE: "–",
    }


_TOP: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine
