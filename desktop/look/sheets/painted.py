"""Every icon and every colour, painted."""

from dataclasses import fields
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, icons, paint, palette, theme

_ICON_COLUMNS: Final = 9
_CELL: Final = QSize(120, 72)
_KINDS: Final = (
    *("text", "you", "reply", "thinking", "read", "edit", "run", "search"),
    *("agent", "web", "mcp", "failed", "ok", "warning", "link", "accent"),
)


class IconSheet(QWidget):
    """Every icon at 16, 20 and 32 points, with its name."""

    def __init__(self) -> None:
        super().__init__()
        rows = -(-len(icons.names()) // _ICON_COLUMNS)
        self.setFixedSize(_ICON_COLUMNS * _CELL.width() + 40, rows * _CELL.height() + 40)
        palette.put_on(self, "window")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        painter.setFont(fonts.ui(fonts.MICRO))
        for number, name in enumerate(icons.names()):
            row, column = divmod(number, _ICON_COLUMNS)
            left, top = 20 + column * _CELL.width(), 20 + row * _CELL.height()
            for side, offset in ((16, 8), (20, 34), (32, 66)):
                box = QRect(left + offset, top + (40 - side) // 2, side, side)
                icons.draw(painter, box, name, colors.text)
            painter.setPen(QColor(colors.faint))
            label = QRect(left, top + 42, _CELL.width() - 10, 18)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, name)


class TokenSheet(QWidget):
    """Every token as a swatch, and words in every word colour on every ground."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(1120, 900)
        palette.put_on(self, "window")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        self._paint_swatches(painter, colors)
        self._paint_sequences(painter, colors)
        self._paint_words(painter, colors)

    def _paint_swatches(self, painter: QPainter, colors: theme.Theme) -> None:
        painter.setFont(fonts.ui(fonts.MICRO))
        names = [f.name for f in fields(colors) if f.name != "name"]
        plain = [name for name in names if isinstance(getattr(colors, name), str)]
        for number, name in enumerate(plain):
            row, column = divmod(number, 8)
            box = QRectF(20 + column * 136, 20 + row * 56, 124, 28)
            paint.rounded(painter, box, 6, fill=colors.color(name), line=QColor(colors.card_border))
            painter.setPen(QColor(colors.muted))
            painter.drawText(box.translated(2, 22), Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_sequences(self, painter: QPainter, colors: theme.Theme) -> None:
        for row, steps in enumerate((colors.ansi, colors.chart, colors.heat)):
            for column, step in enumerate(steps):
                box = QRectF(20 + column * 66, 440 + row * 34, 62, 26)
                paint.rounded(painter, box, 4, fill=QColor(step))

    def _paint_words(self, painter: QPainter, colors: theme.Theme) -> None:
        painter.setFont(fonts.ui(fonts.BODY, QFont.Weight.DemiBold))
        grounds = ("window", "panel", "card", "hover", "selection")
        for column, ground in enumerate(grounds):
            box = QRectF(20 + column * 216, 560, 208, 320)
            paint.rounded(painter, box, 10, fill=colors.color(ground))
            for row, kind in enumerate(_KINDS):
                place = QRectF(box.left() + 12 + (row % 2) * 100, 568 + row // 2 * 38, 100, 34)
                icons.draw(
                    painter, place.toRect().adjusted(0, 7, -80, -7), "run", colors.color(kind)
                )
                painter.setPen(colors.color(kind))
                words = place.adjusted(26, 0, 0, 0)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, kind)
