"""Points on two logarithmic axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, words
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.plot import Mark, Plot

_RADIUS: Final = 4.0
_NEAR: Final = 6.0  # points from a mark at which the pointer is on it
_SEE_THROUGH: Final = 0.6


@dataclass(frozen=True, slots=True)
class Dot:
    """One point; both of its values are above zero."""

    x: int
    y: int
    tip: str


class ScatterPlot(Plot):
    """Both axes run over whole powers of ten."""

    stride = 10

    def __init__(self, parent: QWidget | None = None) -> None:
        self._dots: tuple[Dot, ...] = ()
        self._drawn = _Dots()
        super().__init__(self._drawn, parent)

    def show_dots(self, dots: Sequence[Dot]) -> None:
        """Show *dots*, the first ones on top."""
        self._dots = self._drawn.dots = tuple(dots)
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._dots:
            return
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        across = scale.decades(min(d.x for d in self._dots), max(d.x for d in self._dots))
        up = scale.decades(min(d.y for d in self._dots), max(d.y for d in self._dots))
        labels = [(float(at), words.short_count(10**at)) for at in up]
        self.axis("left").setTicks([labels])
        wide = max(face.horizontalAdvance(label) for _, label in labels) + 14
        self.axis("left").setWidth(wide)
        below = [(float(at), words.short_count(10**at)) for at in across]
        self.axis("bottom").setTicks([below[:-1]])
        left, right = across[0] - 0.06, across[-1] + 0.02
        low, high = up[0] - 0.06, up[-1] + 0.02
        area = QRectF(left, low, right - left, high - low)
        self._drawn.across = tuple(float(at) for at in across)
        self._drawn.grid = tuple(float(at) for at in up)
        self._drawn.set_area(area)
        self.view.setRange(xRange=(left, right), yRange=(low, high), padding=0)
        near_x = _NEAR * area.width() / max(60.0, self.viewport().width() - wide)
        near_y = _NEAR * area.height() / max(60.0, self.viewport().height() - 30.0)
        self.set_marks(
            [
                Mark(
                    QRectF(log10(d.x) - near_x, log10(d.y) - near_y, 2 * near_x, 2 * near_y),
                    d.tip,
                    d.tip.replace("\n", ", "),
                )
                for d in self._dots
            ]
        )


class _Dots(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.dots: tuple[Dot, ...] = ()
        self.across: tuple[float, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        whole = place.mapRect(self.area)
        ink = QColor(colors.hairline)
        for at in self.across:
            left = round(place.map(QPointF(at, 0)).x())
            painter.fillRect(QRectF(left, whole.top(), 1, whole.height()), ink)
        for at in self.grid:
            top = round(place.map(QPointF(0, at)).y())
            painter.fillRect(QRectF(whole.left(), top, whole.width(), 1), ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = inks.color(colors, 0)
        fill.setAlphaF(_SEE_THROUGH)
        painter.setPen(QPen(QColor(colors.card), 0.8))
        painter.setBrush(fill)
        for dot in self.dots[::-1]:
            painter.drawEllipse(place.map(QPointF(log10(dot.x), log10(dot.y))), _RADIUS, _RADIUS)
        if self.current is not None and self.current < len(self.dots):
            dot = self.dots[self.current]
            spot = place.map(QPointF(log10(dot.x), log10(dot.y)))
            painter.setBrush(inks.color(colors, 1))
            painter.setPen(QPen(QColor(colors.text), 1.5))
            painter.drawEllipse(spot, _RADIUS + 2, _RADIUS + 2)
