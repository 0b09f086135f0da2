"""Which colour stands for what: swatches with plain words that wrap onto further lines."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.views.charts import inks
from desktop.views.charts.inks import Ink

_SWATCH: Final = 10
_AFTER: Final = 6
_BETWEEN: Final = 16
_LONGEST: Final = 160  # points of a name


class Legend(QWidget):
    """Names with their colour, a place in the theme's chart colours or the name of a token."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[tuple[str, Ink], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Sequence[tuple[str, Ink]]) -> None:
        """Show *entries*, each a name and its colour."""
        self._entries = tuple((words.one_line(name, 80), ink) for name, ink in entries)
        self.setAccessibleName(", ".join(name for name, _ in self._entries))
        self.setVisible(bool(entries))
        self._fit()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, self._line())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        painter.setFont(fonts.ui(fonts.SMALL))
        for name, ink, spot in self._places():
            top = spot.center().y() - _SWATCH / 2
            paint.rounded(
                painter,
                QRectF(spot.left(), round(top), _SWATCH, _SWATCH),
                3,
                fill=inks.color(colors, ink),
            )
            painter.setPen(QColor(colors.muted))
            room = spot.adjusted(_SWATCH + _AFTER, 0, 2, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(room, flags, name)

    def _line(self) -> int:
        return QFontMetrics(fonts.ui(fonts.SMALL)).height() + metrics.TIGHT

    def _places(self) -> list[tuple[str, Ink, QRectF]]:
        face = QFontMetrics(fonts.ui(fonts.SMALL))
        left, top = 0, 0
        found: list[tuple[str, Ink, QRectF]] = []
        for name, ink in self._entries:
            short = face.elidedText(name, Qt.TextElideMode.ElideMiddle, _LONGEST)
            wide = _SWATCH + _AFTER + face.horizontalAdvance(short)
            if left and left + wide > self.width():
                left, top = 0, top + self._line()
            found.append((short, ink, QRectF(left, top, wide, self._line())))
            left += wide + _BETWEEN
        return found

    def _fit(self) -> None:
        places = self._places()
        lowest = max((spot.bottom() for _, _, spot in places), default=0.0)
        if self.height() != round(lowest):
            self.setFixedHeight(round(lowest))


class HeatLegend(QWidget):
    """From few to many, in the five colours of a heat map."""

    def __init__(self, few: str, many: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._few = few
        self._many = many
        self.setAccessibleName(f"{few} – {many}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, many: str) -> None:
        """Say *many* at the dark end from now on."""
        self._many = many
        self.setAccessibleName(f"{self._few} – {many}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, QFontMetrics(fonts.ui(fonts.SMALL)).height() + metrics.TIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        face = fonts.ui(fonts.SMALL)
        painter.setFont(face)
        painter.setPen(QColor(colors.muted))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(0, 0, self.width(), self.height()), flags, self._few)
        left = QFontMetrics(face).horizontalAdvance(self._few) + _AFTER
        top = round((self.height() - _SWATCH) / 2)
        for color in colors.heat:
            paint.rounded(painter, QRectF(left, top, 18, _SWATCH), 3, fill=QColor(color))
            left += 20
        painter.drawText(QRectF(left + 4, 0, 400, self.height()), flags, self._many)
