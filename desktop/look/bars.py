"""Bars and boxes in the colour of a thread, filled as its number says."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter


def stripes(width: float, parts: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return where in a bar of *width* pixels *parts* of it are: left edge and width, in pixels.

    Each is a pixel wide at least, so that what is left between two of them can be seen.
    """
    found: list[tuple[int, int]] = []
    for first, end in parts:
        left, right = round(first * width), round(end * width)
        found.append((left, max(1, right - left)))
    return found


def draw(painter: QPainter, box: QRectF, ink: QColor, parts: Sequence[tuple[float, float]]) -> None:
    """Fill *parts* of the width of *box* with *ink*."""
    for left, wide in stripes(box.width(), parts):
        painter.fillRect(QRectF(box.left() + left, box.top(), wide, box.height()), ink)
