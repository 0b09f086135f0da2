"""Small coloured words: badges that say something, chips that can be pressed."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, paint, theme, words

_NEUTRAL: Final = "muted"
_SIDE: Final = 10
_LONGEST: Final = 60  # characters
_GLYPH: Final = 14


class Badge(QLabel):
    """A word or number on a pill of its tone, any colour token such as ``"failed"``."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, tone: str = _NEUTRAL
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(text)

    @override
    def setText(self, text: str, /) -> None:
        super().setText(words.one_line(text, _LONGEST))
        self.updateGeometry()

    def set_tone(self, tone: str) -> None:
        """Take the colour of the token *tone* from now on."""
        self._tone = tone
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return paint.pill_size(self.text(), self._face()).toSize()

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        ink, fill = colors.color(self._tone), paint.soft(colors, self._tone)
        painter = QPainter(self)
        painter.setFont(self._face())
        paint.pill(painter, QRectF(self.rect()), self.text(), ink=ink, fill=fill)

    def _face(self) -> QFont:
        return fonts.numbers(fonts.MICRO, QFont.Weight.DemiBold)


class Chip(QPushButton):
    """A filter one can press, switch on if it is checkable, and take away if it is removable."""

    removed = Signal()  # by the cross, Delete or Backspace

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        icon: str | None = None,
        tone: str = _NEUTRAL,
        checkable: bool = False,
        removable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._words = ""
        self._shape = icon
        self._tone = tone
        self._removable = removable
        self._leaving = False  # the cross is pressed, and not yet let go
        self.setText(text)
        self.setProperty("kind", "chip")
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        measured = QFontMetrics(self._face())
        width = measured.horizontalAdvance(self._words) + 2 * _SIDE
        glyph = fonts.grown(_GLYPH)
        width += (glyph + 6 if self._shape else 0) + (glyph + 4 if self._removable else 0)
        return QSize(width, max(metrics.TARGET, measured.height() + 8))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def setText(self, text: str, /) -> None:
        self._words = words.one_line(text, _LONGEST)
        super().setText(words.caption(text, _LONGEST))
        self.setAccessibleName(self._words)
        self.updateGeometry()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
            return
        super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._leaving = self._on_cross(event)
        if not self._leaving:
            super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._leaving:
            super().mouseReleaseEvent(event)
        elif self._on_cross(event):
            self.removed.emit()
        self._leaving = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        on = self.isChecked() or self._removable
        tone = "accent" if on and self._tone == _NEUTRAL else self._tone
        fill = paint.soft(colors, tone) if on else QColor(colors.raised)
        if self.underMouse() and self.isEnabled():
            fill = theme.mix(colors.text, fill.name(), 0.05)
        line = colors.color(tone, 0.45) if on else QColor(colors.control_border)
        paint.rounded(painter, box, box.height() / 2, fill=fill, line=line)
        if self.hasFocus():
            paint.focus_ring(painter, box, box.height() / 2, colors)
        self._paint_words(painter, colors, on=on)

    def _paint_words(self, painter: QPainter, colors: theme.Theme, *, on: bool) -> None:
        ink = QColor(colors.text if on else colors.muted)
        if not self.isEnabled():
            ink = QColor(colors.disabled)
        side, left = fonts.grown(_GLYPH), _SIDE
        top = (self.height() - side) // 2
        if self._shape:
            mark = colors.color(self._tone) if self.isEnabled() else ink
            icons.draw(painter, QRect(left, top, side, side), self._shape, mark)
            left += side + 6
        painter.setFont(self._face())
        painter.setPen(ink)
        space = QRect(left, 0, self.width() - left, self.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(space, flags, self._words)
        if self._removable:
            cross = QRect(self.width() - side - 7, top, side, side)
            icons.draw(painter, cross, "close", ink)

    def _on_cross(self, event: QMouseEvent) -> bool:
        return self._removable and event.position().x() > self.width() - metrics.TARGET

    def _face(self) -> QFont:
        return fonts.ui(fonts.SMALL)
