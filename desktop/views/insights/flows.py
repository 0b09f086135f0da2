"""The lanes that flow: the river of topics, and the line of shifts."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from typing_extensions import override

from desktop.look import fonts, theme, words
from desktop.look.words import translate
from desktop.models.insights_marks import Line
from desktop.models.insights_river import Band, River
from desktop.views.insights import inks
from desktop.views.insights.strip import Strip

_STEP: Final = 3.0  # points between two places that are drawn
_AIR: Final = 6.0
_DOT: Final = 4.0


class RiverStrip(Strip):
    """Topics as bands upon each other, with their names where there is room."""

    river = River()

    def show_river(self, river: River) -> None:
        """Show *river*."""
        self.river = river
        self.set_marks(river.marks)

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        marks = self.river.marks
        if not marks:
            return
        box = self.box
        xs = [self.across(mark.first) for mark in marks]
        picked = _thinned(xs)
        low = [0.0] * len(picked)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for band in self.river.bands:
            high = [low[n] + band.shares[at] for n, at in enumerate(picked)]
            bottom = _edge(box, [xs[at] for at in picked], low)
            top = _edge(box, [xs[at] for at in picked], high)
            self._draw_band(painter, colors, band, bottom, top)
            low = high
        painter.restore()
        if self.current is not None:
            at = xs[self.current]
            pen = QPen(QColor(colors.text), 1.5)
            painter.setPen(pen)
            painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()))

    def _draw_band(
        self,
        painter: QPainter,
        colors: theme.Theme,
        band: Band,
        bottom: Sequence[QPointF],
        top: Sequence[QPointF],
    ) -> None:
        fill = inks.band(colors, band)
        path = _curve(top)
        path.connectPath(_curve(list(reversed(bottom))))
        path.closeSubpath()
        painter.fillPath(path, fill)
        painter.setPen(QPen(QColor(colors.card), 1))
        painter.drawPath(_curve(top))
        face = fonts.ui(fonts.MICRO, QFont.Weight.DemiBold)
        measured = QFontMetricsF(face)
        name = words.one_line(band.topic, 24) or translate("insights", "others")
        place = _place(bottom, top, measured.horizontalAdvance(name) + 2 * _AIR, measured.height())
        if place is not None:
            painter.setFont(face)
            painter.setPen(inks.readable(colors, fill))
            painter.drawText(place, _MIDDLE, name)


class ShiftStrip(Strip):
    """How much the words turn over; dots are major shifts, dashes the baseline."""

    line = Line((), (), frozenset(), None)

    def show_line(self, line: Line) -> None:
        """Show *line*."""
        self.line = line
        self.set_marks(line.marks)

    @override
    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        box = self.box
        for share in (0.0, 0.5, 1.0):
            line = round(box.bottom() - box.height() * share)
            painter.fillRect(QRectF(box.left(), line, box.width(), 1), colors.color("hairline"))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.line.baseline is not None:
            y = box.bottom() - box.height() * self.line.baseline
            painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        points = [self._point(n) for n in range(len(self.line.marks))]
        painter.setPen(QPen(QColor(colors.accent), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(colors.card), 1.5))
        painter.setBrush(QColor(colors.accent))
        for number in sorted(self.line.major):
            painter.drawEllipse(points[number], _DOT, _DOT)
        if self.current is not None:
            painter.setPen(QPen(QColor(colors.text), 1.5))
            painter.setBrush(QColor(colors.card))
            painter.drawEllipse(points[self.current], _DOT, _DOT)
        painter.restore()

    def _point(self, number: int) -> QPointF:
        box = self.box
        tall = box.height() - 2 * _DOT
        value = self.line.values[number]
        return QPointF(
            self.across(self.line.marks[number].first), box.bottom() - _DOT - tall * value
        )


def _thinned(xs: Sequence[float]) -> list[int]:
    """Return which of the places *xs* are drawn: none closer than `_STEP` to the one before."""
    kept: list[int] = []
    for number, x in enumerate(xs):
        if not kept or x - xs[kept[-1]] >= _STEP:
            kept.append(number)
    return kept


def _edge(box: QRectF, xs: Sequence[float], heights: Sequence[float]) -> list[QPointF]:
    """Return the points of an edge, from the left of *box* to its right."""
    ys = [box.bottom() - box.height() * height for height in heights]
    inner = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
    return [QPointF(box.left(), ys[0]), *inner, QPointF(box.right(), ys[-1])]


def _curve(points: Sequence[QPointF]) -> QPainterPath:
    path = QPainterPath(points[0])
    for before, after in pairwise(points):
        middle = (before.x() + after.x()) / 2
        path.cubicTo(QPointF(middle, before.y()), QPointF(middle, after.y()), after)
    return path


def _place(
    bottom: Sequence[QPointF], top: Sequence[QPointF], wide: float, tall: float
) -> QRectF | None:
    """Return where words of this size fit between two edges, with the most room above and below."""
    best, most = None, tall
    left, right = top[0].x() + wide / 2, top[-1].x() - wide / 2
    for point in top:
        centre = point.x()
        if not left <= centre <= right:
            continue
        near = [n for n, one in enumerate(top) if abs(one.x() - centre) <= wide / 2 + _STEP]
        high, low = max(top[n].y() for n in near), min(bottom[n].y() for n in near)
        if low - high > most:
            most = low - high
            best = QRectF(centre - wide / 2, (high + low - tall) / 2, wide, tall)
    return best


_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
