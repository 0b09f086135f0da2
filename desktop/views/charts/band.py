"""Shares over time, with the interval in which the true share lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, words
from desktop.views.charts import inks
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.plot import Mark, Plot

_CEILINGS: Final = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_LINES: Final = 4
_LABEL_GAP: Final = 18.0


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one stretch of time; without one there is too little to tell."""

    name: str
    share: float | None
    low: float
    high: float
    tip: str


class BandPlot(Plot):
    """A point for each stretch, in order, joined where neighbours have one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._shares: tuple[Share, ...] = ()
        self._top = 1.0
        self._drawn = _Band()
        super().__init__(self._drawn, parent)

    def show_shares(self, shares: Sequence[Share]) -> None:
        """Show *shares* from now on."""
        self._shares = self._drawn.shares = tuple(shares)
        most = max((one.high for one in shares if one.share is not None), default=0.0)
        self._top = next(ceiling for ceiling in _CEILINGS if ceiling >= min(1.0, most))
        number = len(shares)
        self._drawn.grid = tuple(self._top * at / _LINES for at in range(_LINES + 1))
        self._drawn.set_area(QRectF(0, 0, number, self._top))
        self.view.setRange(xRange=(0, number), yRange=(0, self._top), padding=0)
        self.set_marks(
            [
                Mark(QRectF(at, 0, 1, self._top), one.tip, one.tip.replace("\n", ", "))
                for at, one in enumerate(shares)
            ]
        )
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._shares:
            return
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        labels = [(at, words.percent(at)) for at in self._drawn.grid]
        self.axis("left").setTicks([labels])
        wide = max(face.horizontalAdvance(label) for _, label in labels) + 14
        self.axis("left").setWidth(wide)
        slot = max(60.0, self.viewport().width() - wide) / len(self._shares)
        need = max(face.horizontalAdvance(one.name) for one in self._shares) + _LABEL_GAP
        every = max(1, -int(-need // slot))
        last = len(self._shares) - 1
        ticks = [(at + 0.5, one.name) for at, one in enumerate(self._shares)]
        inner = [
            ticks[at]
            for at in range(last, -1, -every)
            if need / 2 - _LABEL_GAP
            <= (at + 0.5) * slot
            <= (last + 1) * slot - need / 2 + _LABEL_GAP
        ]
        self.axis("bottom").setTicks([inner])


class _Band(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.shares: tuple[Share, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        self.draw_grid(painter, place)
        if self.current is not None:
            room = place.mapRect(QRectF(self.current, 0, 1, self.area.height()))
            paint.rounded(painter, room, 4, fill=QColor(colors.hover))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        soft = inks.color(colors, 0)
        soft.setAlphaF(0.18)
        for run in self._runs():
            low = [place.map(QPointF(at + 0.5, one.low)) for at, one in run]
            high = [place.map(QPointF(at + 0.5, min(one.high, 1.0))) for at, one in run]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            if len(run) == 1:  # alone: as wide as its dot
                painter.drawRoundedRect(QRectF(high[0], low[0]).adjusted(-4, 0, 4, 0), 3, 3)
            else:
                painter.drawPolygon(QPolygonF([*high, *low[::-1]]))
            painter.setPen(QPen(inks.color(colors, 0), 2))
            spots = [place.map(QPointF(at + 0.5, one.share or 0.0)) for at, one in run]
            painter.drawPolyline(QPolygonF(spots))
            painter.setPen(QPen(QColor(colors.card), 1.2))
            painter.setBrush(inks.color(colors, 0))
            for spot in spots:
                painter.drawEllipse(spot, 4, 4)
        whole = place.mapRect(self.area)
        foot = QRectF(whole.left(), whole.bottom() - 1, whole.width(), 1)
        painter.fillRect(foot, QColor(colors.control_border))

    def _runs(self) -> list[list[tuple[int, Share]]]:
        """Return the neighbours that have a share, run by run."""
        runs: list[list[tuple[int, Share]]] = [[]]
        for at, one in enumerate(self.shares):
            if one.share is None:
                runs.append([])
            else:
                runs[-1].append((at, one))
        return [run for run in runs if run]
