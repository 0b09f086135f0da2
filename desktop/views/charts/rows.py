"""Horizontal bars with a name on the left and numbers in columns on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, words
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.inks import Ink
from desktop.views.charts.plot import Mark, Plot

_NAME: Final = 0.42  # share of the width that names have at most
_THICK: Final = 16.0
_GAP: Final = 16.0  # between the bars and the columns, and between the columns
_HEAD: Final = 0.9  # rows that the heads of the columns take


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its parts from the left, each with its colour, and its cells."""

    name: str
    parts: tuple[tuple[int, Ink], ...]
    cells: tuple[str, ...]
    tip: str

    @property
    def total(self) -> int:
        """How long the bar is."""
        return sum(value for value, _ in self.parts)


class RowsPlot(Plot):
    """The first row on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rows: tuple[Row, ...] = ()
        self._ticks = [0.0, 1.0]
        self._drawn = _Rows()
        super().__init__(self._drawn, parent)
        self.view.invertY(True)

    def show_rows(self, rows: Sequence[Row], heads: tuple[str, ...]) -> None:
        """Show *rows* under the *heads* of their cells."""
        self._rows = tuple(rows)
        self._ticks = scale.ticks(max((row.total for row in rows), default=0))
        self._drawn.rows, self._drawn.heads = self._rows, heads
        self._drawn.grid = tuple(self._ticks)
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._rows:
            return
        wide = name_axis(self, [row.name for row in self._rows])
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        cells = [self._drawn.heads, *(row.cells for row in self._rows)]
        self._drawn.columns = tuple(
            max(face.horizontalAdvance(text) for text in column)
            for column in zip(*cells, strict=True)
        )
        room = sum(self._drawn.columns) + _GAP * (len(self._drawn.columns) + 0.5)
        width = max(60.0, self.viewport().width() - wide)
        most = self._ticks[-1] * width / max(40.0, width - room)
        number = len(self._rows)
        self.view.setRange(xRange=(0, most), yRange=(-_HEAD, number), padding=0)
        every = self._ticks[:: 2 if width < 420 else 1]
        self.axis("bottom").setTicks([[(at, words.short_count(int(at))) for at in every]])
        self._drawn.set_area(QRectF(0, -_HEAD, most, number + _HEAD))
        self.set_marks(
            [
                Mark(QRectF(0, at, most, 1), row.tip, row.tip.replace("\n", ", "))
                for at, row in enumerate(self._rows)
            ]
        )


def name_axis(plot: Plot, names: Sequence[str], most: float = _NAME) -> float:
    """Put *names* at the rows of *plot*, cut to *most* of its width; return how wide they are."""
    face = QFontMetricsF(fonts.numbers(fonts.SMALL))
    limit = max(80.0, plot.viewport().width() * most)
    shown = [
        face.elidedText(words.one_line(name, 160), Qt.TextElideMode.ElideMiddle, limit)
        for name in names
    ]
    left = plot.axis("left")
    left.setTicks([[(at + 0.5, name) for at, name in enumerate(shown)]])
    wide = max((face.horizontalAdvance(name) for name in shown), default=0.0) + 14
    left.setWidth(wide)
    return wide


class _Rows(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.heads: tuple[str, ...] = ()
        self.columns: tuple[float, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        self.draw_grid(painter, place, upright=True)
        painter.setFont(fonts.numbers(fonts.SMALL))
        head = place.mapRect(QRectF(0, -_HEAD, self.area.width(), _HEAD))
        self._text(painter, head, self.heads, QColor(colors.faint))
        for number, row in enumerate(self.rows):
            room = place.mapRect(QRectF(0, number, self.area.width(), 1))
            if number == self.current:
                paint.rounded(painter, room.adjusted(-4, 1, 0, -1), 4, fill=QColor(colors.hover))
            self._bar(painter, place, number, row)
            self._text(painter, room, row.cells, QColor(colors.text))

    def _bar(self, painter: QPainter, place: QTransform, number: int, row: Row) -> None:
        whole = place.mapRect(QRectF(0, number, max(1, row.total), 1))
        thick = round(min(_THICK, whole.height() * 0.66))
        top = round(whole.center().y() - thick / 2)
        box = QRectF(round(whole.left()), top, max(3.0, round(whole.width())), thick)
        before = 0
        painter.save()
        for value, ink in row.parts:
            if not value:
                continue
            part = place.mapRect(QRectF(before, number, value, 1))
            left = round(part.left()) + (1 if before else 0)
            painter.setClipRect(QRectF(left, top, max(2.0, round(part.right()) - left), thick))
            paint.rounded(painter, box, 3, fill=inks.color(self.colors, ink))
            before += value
        painter.restore()

    def _text(self, painter: QPainter, room: QRectF, cells: tuple[str, ...], ink: QColor) -> None:
        right = room.right()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(ink)
        for width, text in zip(self.columns[::-1], cells[::-1], strict=True):
            box = QRectF(right - width, room.top(), width, room.height())
            painter.drawText(box, flags, text)
            right -= width + _GAP
