"""A quiet dot that says how Clew is doing, and opens the Diagnostics."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.look.words import translate
from desktop.models.diagnostics_words import Health

_DOT: Final = 8  # points across
_FRAME: Final = 3  # between the dot and the ring of the keyboard


class StatusDot(QToolButton):
    """Green, yellow or red; the shape differs too, and the words are in its tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.health: Health = "ok"
        self.setAutoRaise(True)
        self.say("ok", translate("StatusDot", "Everything works."))

    def say(self, health: Health, sentence: str) -> None:
        """Show *health*, and say *sentence* of it."""
        self.health = health
        self.setAccessibleName(translate("StatusDot", "Diagnostics: {0}").format(sentence))
        tip = translate("StatusDot", "{0}\nShow Diagnostics")
        self.setToolTip(words.plain(tip.format(sentence)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = max(metrics.TARGET, fonts.grown(metrics.ICON_SMALL))
        return QSize(side, side)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.underMouse():
            paint.rounded(painter, box, metrics.RADIUS, fill=colors.color("hover"))
        if self.hasFocus():
            paint.focus_ring(painter, box.adjusted(1, 1, -1, -1), metrics.RADIUS, colors)
        side = float(fonts.grown(_DOT))
        middle = box.center()
        corner = QPointF(middle.x() - side / 2, middle.y() - side / 2)
        dot = QRectF(corner.x(), corner.y(), side, side)
        # Round is well, square is not: a difference that needs no colours.
        radius = side / 2 if self.health == "ok" else _FRAME / 2
        paint.rounded(painter, dot, radius, fill=colors.color(self.health))
