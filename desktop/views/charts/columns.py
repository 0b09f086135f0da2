"""Upright bars with a name below each and its number above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, words
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing, down
from desktop.views.charts.plot import Mark, Plot

_WIDEST: Final = 56.0  # points of a bar
_FILLED: Final = 0.78  # share of its room that a bar takes
_ABOVE: Final = 0.12  # share of the height that is kept for the number of the highest


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    name: str
    value: int
    tip: str


class ColumnPlot(Plot):
    """Bars from zero, in the order given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bars: tuple[Bar, ...] = ()
        self._ticks = [0.0, 1.0]
        self._drawn = _Columns()
        super().__init__(self._drawn, parent)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show *bars* from now on."""
        self._bars = self._drawn.bars = tuple(bars)
        self._ticks = scale.ticks(max((bar.value for bar in bars), default=0))
        top = self._ticks[-1] * (1 + _ABOVE)
        number = len(bars)
        self._drawn.grid = tuple(self._ticks)
        self._drawn.set_area(QRectF(0, 0, number, top))
        self.view.setRange(xRange=(0, number), yRange=(0, top), padding=0)
        self.set_marks(
            [
                Mark(QRectF(at, 0, 1, top), bar.tip, bar.tip.replace("\n", ", "))
                for at, bar in enumerate(bars)
            ]
        )
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._bars:
            return
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        labels = [words.short_count(int(at)) for at in self._ticks]
        left = self.axis("left")
        left.setTicks([list(zip(self._ticks, labels, strict=True))])
        wide = max(face.horizontalAdvance(label) for label in labels) + 14
        left.setWidth(wide)
        slot = max(60.0, self.viewport().width() - wide) / len(self._bars)
        need = max(face.horizontalAdvance(bar.name) for bar in self._bars) + 4
        every = 1 if need <= slot else 2
        names = [(at + 0.5, bar.name) for at, bar in enumerate(self._bars)]
        self.axis("bottom").setTicks([names[::every]])


class _Columns(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.bars: tuple[Bar, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        self.draw_grid(painter, place)
        painter.setFont(fonts.numbers(fonts.SMALL))
        tall = QFontMetricsF(painter.font()).height()
        ground = down(place, 0.0)
        for at, bar in enumerate(self.bars):
            room = place.mapRect(QRectF(at, 0, 1, self.area.height()))
            if at == self.current:
                paint.rounded(painter, room, 4, fill=QColor(colors.hover))
            wide = round(min(_WIDEST, room.width() * _FILLED))
            left = round(room.center().x() - wide / 2)
            if bar.value:
                top = min(ground - 2, down(place, float(bar.value)))
                painter.save()
                painter.setClipRect(QRectF(left, top, wide, ground - top))
                box = QRectF(left, top, wide, ground - top + 4)
                paint.rounded(painter, box, 3, fill=inks.color(colors, 0))
                painter.restore()
                painter.setPen(QColor(colors.text))
                spot = QRectF(room.left(), top - tall - 2, room.width(), tall)
                if room.width() >= 30:
                    text = words.short_count(bar.value)
                    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)
        whole = place.mapRect(self.area)
        line = QRectF(whole.left(), ground - 1, whole.width(), 1)
        painter.fillRect(line, QColor(colors.control_border))
