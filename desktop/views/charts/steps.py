"""Step lines of a few series over the same axis, with marks where something happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, words
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.inks import Ink
from desktop.views.charts.plot import Mark, Plot

_NEAR: Final = 7.0  # points from a mark at which the pointer is on it
_LABEL_GAP: Final = 20.0


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a line."""

    x: int
    y: int
    tip: str
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """A line that stays where it is until its next point."""

    ink: Ink
    points: tuple[Point, ...]


class StepPlot(Plot):
    """Lines from zero on both axes."""

    stride = 20

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines: tuple[Steps, ...] = ()
        self._across = [0.0, 1.0]
        self._up = [0.0, 1.0]
        self._drawn = _Lines()
        super().__init__(self._drawn, parent)

    def show_lines(self, lines: Sequence[Steps]) -> None:
        """Show *lines*; the last is drawn on top."""
        self._lines = self._drawn.lines = tuple(lines)
        points = [point for line in lines for point in line.points]
        self._across = scale.ticks(max((point.x for point in points), default=1), 6)
        self._up = scale.ticks(max((point.y for point in points), default=1))
        furthest = max((point.x for point in points), default=1) * 1.01
        self._drawn.grid = tuple(self._up)
        self._drawn.set_area(QRectF(0, 0, furthest, self._up[-1] * 1.02))
        self.view.setRange(xRange=(0, furthest), yRange=(0, self._up[-1] * 1.02), padding=0)
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._lines:
            return
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        left = self.axis("left")
        labels = [words.short_count(int(at)) for at in self._up]
        left.setTicks([list(zip(self._up, labels, strict=True))])
        wide = max(face.horizontalAdvance(label) for label in labels) + 14
        left.setWidth(wide)
        area = self._drawn.area
        width = max(60.0, self.viewport().width() - wide)
        names = [words.short_count(int(at)) for at in self._across]
        need = max(face.horizontalAdvance(name) for name in names)
        shown = [
            (at, name)
            for at, name in zip(self._across, names, strict=True)
            if at / area.width() * width <= width - face.horizontalAdvance(name) / 2
        ]
        apart = self._across[1] / area.width() * width
        self.axis("bottom").setTicks([shown[:: 1 if apart >= need + _LABEL_GAP else 2]])
        near_x = _NEAR * area.width() / width
        near_y = _NEAR * area.height() / max(60.0, self.viewport().height() - 30.0)
        self.set_marks(
            [
                Mark(
                    QRectF(point.x - near_x, point.y - near_y, 2 * near_x, 2 * near_y),
                    point.tip,
                    point.tip.replace("\n", ", "),
                )
                for line in self._lines
                for point in line.points
            ]
        )


class _Lines(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Steps, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        self.draw_grid(painter, place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        number = 0
        for line in self.lines:
            ink = inks.color(colors, line.ink)
            painter.setPen(QPen(ink, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            path = QPainterPath()
            for at, point in enumerate(line.points):
                spot = place.map(QPointF(point.x, point.y))
                if at:
                    path.lineTo(spot.x(), path.currentPosition().y())
                    path.lineTo(spot)
                else:
                    path.moveTo(spot)
            painter.drawPath(path)
            painter.setPen(QPen(QColor(colors.card), 1.2))
            for point in line.points:
                spot = place.map(QPointF(point.x, point.y))
                if point.flagged:
                    painter.setBrush(ink)
                    painter.drawPolygon(_triangle(spot))
                if number == self.current:
                    painter.setBrush(QColor(colors.text))
                    painter.drawEllipse(spot, 5, 5)
                number += 1
        ground = place.map(QPointF(0, 0)).y()
        whole = place.mapRect(self.area)
        foot = QRectF(whole.left(), round(ground) - 1, whole.width(), 1)
        painter.fillRect(foot, QColor(colors.control_border))


def _triangle(spot: QPointF) -> list[QPointF]:
    """Return a triangle that stands on its tip at *spot*."""
    return [spot, spot + QPointF(-5.5, -9.5), spot + QPointF(5.5, -9.5)]
