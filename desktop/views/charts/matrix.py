"""Cells of shares: a row for each thing, a column for each that follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, words
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.heat_map import shade, step
from desktop.views.charts.plot import Mark, Plot
from desktop.views.charts.rows import name_axis

_GAP: Final = 3.0
_TIGHT: Final = 8.0  # points that a text leaves free in its cell
_DARK_FROM: Final = 3  # step of the heat colours from which text on them is the card's colour
_STEPS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A share of a row, the lines written on it, and what it says."""

    share: float  # 0: an empty cell
    text: str
    tip: str


class MatrixPlot(Plot):
    """Named rows and columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names: tuple[str, ...] = ()
        self._heads: tuple[str, ...] = ()
        self._drawn = _Cells()
        super().__init__(self._drawn, parent)
        self.view.invertY(True)

    def show_cells(
        self, names: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[Cell]]
    ) -> None:
        """Show *cells*, rows of as many as there are *heads*."""
        self._names, self._heads = tuple(names), tuple(heads)
        self._drawn.cells = tuple(tuple(row) for row in cells)
        self.stride = len(heads)
        self.view.setRange(xRange=(0, len(heads)), yRange=(0, len(names)), padding=0)
        self._drawn.set_area(QRectF(0, 0, len(heads), len(names)))
        self.set_marks(
            [
                Mark(QRectF(across, down, 1, 1), cell.tip, cell.tip.replace("\n", ", "))
                for down, row in enumerate(cells)
                for across, cell in enumerate(row)
            ]
        )
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._names:
            return
        wide = name_axis(self, self._names, 0.3)
        slot = max(60.0, self.viewport().width() - wide) / len(self._heads)
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        self.axis("bottom").setTicks(
            [
                [
                    (at + 0.5, face.elidedText(head, Qt.TextElideMode.ElideMiddle, slot - _TIGHT))
                    for at, head in enumerate(words.one_line(head, 120) for head in self._heads)
                ]
            ]
        )


class _Cells(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.cells: tuple[tuple[Cell, ...], ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        painter.setFont(fonts.numbers(fonts.SMALL))
        face = QFontMetricsF(painter.font())
        for down, row in enumerate(self.cells):
            for across, cell in enumerate(row):
                room = place.mapRect(QRectF(across, down, 1, 1))
                box = room.adjusted(_GAP / 2, _GAP / 2, -_GAP / 2, -_GAP / 2)
                tone = step(round(cell.share * _STEPS), _STEPS)
                paint.rounded(painter, box, 4, fill=shade(colors, tone))
                if down * len(row) + across == self.current:
                    edge = QPen(QColor(colors.text), 1.5)
                    paint.rounded(painter, box.adjusted(-1, -1, 1, 1), 5, line=edge)
                ink = colors.card if tone >= _DARK_FROM else colors.text
                if cell.share:
                    painter.setPen(QColor(ink))
                    lines = cell.text.split("\n")
                    tall = box.height() >= len(lines) * face.height()
                    text = cell.text if tall else lines[0]
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
