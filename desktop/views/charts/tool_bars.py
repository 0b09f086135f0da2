"""The chart of tools: a bar for each, its failed part first, and the numbers in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.tools_rates import ENOUGH, Rate
from core.queries.rollups import ToolSpread
from desktop.look import fonts, paint, words
from desktop.look.words import translate
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.plot import Mark, Plot

SHOWN: Final = 15  # tools with a bar of their own
FEW: Final = ENOUGH  # calls below which a rate says nothing

_NAME: Final = 168  # points that a name has at most
_THICK: Final = 16.0
_GAP: Final = 16.0  # between the bars and the columns, and between the columns


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a tool, or all others together."""

    total: ToolSpread
    others: int = 0  # how many tools it stands for; 0: just this one

    @property
    def name(self) -> str:
        """What the row is called."""
        if self.others:
            return translate("charts", "{0} others").format(words.count(self.others))
        return words.one_line(self.total.tool, 120) or translate("charts", "(no name)")

    @property
    def rate(self) -> str:
        """The failed share in words; empty where calls are too few to tell."""
        share = self.total.failed.share
        return "" if share is None else words.percent(share)


def bars(rows: Sequence[ToolSpread]) -> tuple[Bar, ...]:
    """Return a bar for each of the most used tools, and one for the rest."""
    shown = rows if len(rows) <= SHOWN + 1 else rows[:SHOWN]
    made = [Bar(row) for row in shown]
    rest = rows[len(shown) :]
    if rest:
        made.append(
            Bar(
                ToolSpread(
                    "",
                    sum(row.calls for row in rest),
                    Rate(sum(row.failed.hits for row in rest), sum(row.failed.n for row in rest)),
                    sum(row.denied for row in rest),
                    sum(row.interrupted for row in rest),
                    sum(row.unanswered for row in rest),
                    sum(row.timed for row in rest),
                    sum(row.total_ms for row in rest),
                    None,
                    None,
                ),
                len(rest),
            )
        )
    return tuple(made)


def tip(bar: Bar) -> str:
    """Return everything that is known about *bar*, a line for each."""
    row = bar.total
    lines = [
        bar.name,
        words.plural(row.calls, translate("charts", "call"), translate("charts", "calls")),
    ]
    if bar.rate:
        low, high = row.failed.interval
        lines.append(
            translate("charts", "{0} failed: {1} (true rate {2} to {3}, 95 % sure)").format(
                words.count(row.failed.hits), bar.rate, words.percent(low), words.percent(high)
            )
        )
    elif row.failed.hits:
        lines.append(
            translate("charts", "{0} failed (fewer than {1} calls: no rate)").format(
                words.count(row.failed.hits), FEW
            )
        )
    others = (
        (row.denied, translate("charts", "{0} denied by you")),
        (row.interrupted, translate("charts", "{0} interrupted")),
        (row.unanswered, translate("charts", "{0} without a result in the log")),
    )
    lines += [text.format(words.count(n)) for n, text in others if n]
    return "\n".join(lines)


class ToolPlot(Plot):
    """Horizontal bars, the most used tool on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bars: tuple[Bar, ...] = ()
        self._ticks = [0.0, 1.0]
        self._drawn = _Rows()
        super().__init__(self._drawn, parent)
        self.view.invertY(True)

    def show_bars(self, made: tuple[Bar, ...]) -> None:
        """Show *made* from now on."""
        self._bars = made
        self._ticks = scale.ticks(max((bar.total.calls for bar in made), default=0))
        self._drawn.bars = made
        self._drawn.grid = tuple(self._ticks)
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if not self._bars:
            return
        face = fonts.numbers(fonts.SMALL)
        self._drawn.columns = _columns(self._bars)
        room = sum(self._drawn.columns) + 2 * _GAP
        names = [
            QFontMetricsF(face).elidedText(b.name, Qt.TextElideMode.ElideMiddle, _NAME)
            for b in self._bars
        ]
        left = self.axis("left")
        left.setTicks([list(zip((n + 0.5 for n in range(len(names))), names, strict=True))])
        wide = max(QFontMetricsF(face).horizontalAdvance(name) for name in names)
        left.setWidth(wide + 14)
        width = max(60.0, self.viewport().width() - wide - 14)
        top = self._ticks[-1]
        most = top * width / max(40.0, width - room)
        rows = len(self._bars)
        self.view.setRange(xRange=(0, most), yRange=(-0.9, rows), padding=0)
        every = self._ticks[:: 2 if width < 360 else 1]
        self.axis("bottom").setTicks([[(at, words.short_count(int(at))) for at in every]])
        self._drawn.set_area(QRectF(0, -0.9, most, rows + 0.9))
        self.set_marks(
            [
                Mark(QRectF(0, n, most, 1), tip(bar), tip(bar).replace("\n", ", "))
                for n, bar in enumerate(self._bars)
            ]
        )


def _columns(made: Sequence[Bar]) -> tuple[float, float, float]:
    """Return the widths of the columns: calls, failed, share."""
    measured = QFontMetricsF(fonts.numbers(fonts.SMALL))
    heads = (translate("charts", "Calls"), translate("charts", "Failed"), "")
    cells = [heads, *(_cells(bar) for bar in made)]
    return (
        max(measured.horizontalAdvance(row[0]) for row in cells),
        max(measured.horizontalAdvance(row[1]) for row in cells),
        max(measured.horizontalAdvance(row[2]) for row in cells) + 4,
    )


def _cells(bar: Bar) -> tuple[str, str, str]:
    row = bar.total
    failed = words.count(row.failed.hits) if row.failed.hits else ""
    return words.count(row.calls), failed, bar.rate if failed else ""


class _Rows(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.bars: tuple[Bar, ...] = ()
        self.columns = (0.0, 0.0, 0.0)

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        colors = self.colors
        self.draw_grid(painter, place, upright=True)
        painter.setFont(fonts.numbers(fonts.SMALL))
        head = place.mapRect(QRectF(0, -0.9, self.area.width(), 0.9))
        painter.setPen(QColor(colors.faint))
        self._text(painter, head, (translate("charts", "Calls"), translate("charts", "Failed"), ""))
        for number, bar in enumerate(self.bars):
            row = place.mapRect(QRectF(0, number, self.area.width(), 1))
            if number == self.current:
                paint.rounded(painter, row.adjusted(-4, 1, 0, -1), 4, fill=QColor(colors.hover))
            self._bar(painter, place, number, bar)
            self._text(painter, row, _cells(bar))

    def _bar(self, painter: QPainter, place: QTransform, number: int, bar: Bar) -> None:
        row = place.mapRect(QRectF(0, number, max(1, bar.total.calls), 1))
        thick = round(min(_THICK, row.height() * 0.66))
        box = QRectF(
            round(row.left()),
            round(row.center().y() - thick / 2),
            max(3.0, round(row.width())),
            thick,
        )
        failed = place.mapRect(QRectF(0, number, bar.total.failed.hits, 1)).width()
        color = inks.color(self.colors, inks.OTHER if bar.others else 0)
        paint.rounded(painter, box, 3, fill=color)
        if bar.total.failed.hits:
            part = QRectF(box.left(), box.top(), min(box.width(), max(1.0, round(failed))), thick)
            painter.save()
            painter.setClipRect(part.adjusted(0, 0, 1, 0))
            painter.fillRect(part.adjusted(part.width(), 0, 1, 0), QColor(self.colors.card))
            painter.setClipRect(part)
            paint.rounded(painter, box, 3, fill=QColor(self.colors.failed))
            painter.restore()

    def _text(self, painter: QPainter, row: QRectF, cells: tuple[str, str, str]) -> None:
        tones = (self.colors.text, self.colors.failed, self.colors.muted)
        head = painter.pen().color() == QColor(self.colors.faint) and not cells[2]
        right = row.right()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for at in (2, 1, 0):
            width = self.columns[at]
            if not head:
                painter.setPen(QColor(tones[at]))
            painter.drawText(
                QRectF(right - width, row.top(), width, row.height()), flags, cells[at]
            )
            right -= width + (8 if at == 2 else _GAP)
