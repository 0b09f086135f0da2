"""Dots of a low and a high value, joined by a line, on a logarithmic axis: a row for each name."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, words
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.plot import Mark, Plot
from desktop.views.charts.rows import name_axis

_DOT: Final = 4.5
_LEAST: Final = 1.0  # ms; nothing is told more finely


@dataclass(frozen=True, slots=True)
class Span:
    """One row, in ms."""

    name: str
    low: int
    high: int
    tip: str


class RangePlot(Plot):
    """Durations; the first row on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._spans: tuple[Span, ...] = ()
        self._drawn = _Spans()
        super().__init__(self._drawn, parent)
        self.view.invertY(True)

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Show *spans* from now on."""
        self._spans = self._drawn.spans = tuple(spans)
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._spans:
            return
        wide = name_axis(self, [span.name for span in self._spans], 0.34)
        powers = scale.decades(
            min(max(_LEAST, span.low) for span in self._spans),
            max(max(_LEAST, span.high) for span in self._spans),
        )
        low, high = powers[0] - 0.08, powers[-1] + 0.04
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        labels = [(float(power), _label(power)) for power in powers]
        slot = max(60.0, self.viewport().width() - wide) / (high - low)
        need = max(face.horizontalAdvance(text) for _, text in labels) + 16
        every = 1 if slot >= need else 2
        self.axis("bottom").setTicks([labels[:-1][::every]])
        number = len(self._spans)
        self._drawn.grid = tuple(float(power) for power in powers)
        self.view.setRange(xRange=(low, high), yRange=(0, number), padding=0)
        self._drawn.set_area(QRectF(low, 0, high - low, number))
        self.set_marks(
            [
                Mark(QRectF(low, at, high - low, 1), span.tip, span.tip.replace("\n", ", "))
                for at, span in enumerate(self._spans)
            ]
        )


def _label(power: int) -> str:
    """Return the duration of ten to the *power* ms as an axis writes it."""
    ms = 10**power
    return f"{words.count(ms)} ms" if ms < 1000 else f"{words.count(ms // 1000)} s"


class _Spans(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.spans: tuple[Span, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        whole = place.mapRect(self.area)
        for at in self.grid:
            left = round(place.map(QPointF(at, 0)).x())
            painter.fillRect(QRectF(left, whole.top(), 1, whole.height()), QColor(colors.hairline))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, strong = inks.color(colors, 0), inks.color(colors, 1)
        for number, span in enumerate(self.spans):
            room = place.mapRect(QRectF(self.area.left(), number, self.area.width(), 1))
            if number == self.current:
                paint.rounded(painter, room.adjusted(0, 1, 0, -1), 4, fill=QColor(colors.hover))
            low = place.map(QPointF(log10(max(_LEAST, span.low)), number + 0.5))
            high = place.map(QPointF(log10(max(_LEAST, span.high)), number + 0.5))
            pen = QPen(QColor(colors.outline), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(low, high)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(strong)
            box = QRectF(high.x() - _DOT, high.y() - _DOT, 2 * _DOT, 2 * _DOT)
            painter.drawRoundedRect(box, 1.5, 1.5)  # square: told apart without colour, too
            painter.setBrush(ink)
            painter.drawEllipse(low, _DOT, _DOT)
