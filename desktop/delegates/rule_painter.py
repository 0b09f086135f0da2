"""Paints words in the middle of a line across the row: days, silences, compactions."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from desktop.delegates.faces import Faces
from desktop.delegates.layouts import column
from desktop.look import icons

_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def paint_lead(painter: QPainter, rect: QRectF, text: str, faces: Faces, *, day: bool) -> None:
    """Paint a day, or how long nothing happened, in the middle of a line across *rect*."""
    colors = faces.colors
    font = QFont(faces.small)
    if day:
        font.setWeight(QFont.Weight.DemiBold)
    _across(painter, rect, text, font, colors.color("text" if day else "muted"), faces)


def paint_rule(painter: QPainter, rect: QRectF, text: str, icon: str, faces: Faces) -> None:
    """Paint *text* after *icon* in the middle of a line across *rect*."""
    _across(painter, rect, text, faces.small, faces.colors.color("muted"), faces, icon)


def _across(  # noqa: PLR0913, PLR0917  one line, all its parts
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    ink: QColor,
    faces: Faces,
    icon: str = "",
) -> None:
    place = column(round(rect.width()), 0) if rect.left() == 0 else None
    left = place.left if place else rect.left()
    right = place.right if place else rect.right()
    measured = QFontMetricsF(font)
    shown = measured.elidedText(text, Qt.TextElideMode.ElideRight, right - left - 80)
    wide = measured.horizontalAdvance(shown) + (22 if icon else 0)
    middle = rect.center().y()
    start = (left + right - wide) / 2
    painter.setPen(faces.colors.color("hairline"))
    painter.drawLine(QPointF(left, round(middle)), QPointF(start - 14, round(middle)))
    painter.drawLine(QPointF(start + wide + 14, round(middle)), QPointF(right, round(middle)))
    if icon:
        icons.draw(painter, QRect(round(start), round(middle) - 8, 16, 16), icon, ink)
    painter.setFont(font)
    painter.setPen(ink)
    words_at = QRectF(start + (22 if icon else 0), rect.top(), wide + 2, rect.height())
    painter.drawText(words_at, _LINE, shown)
