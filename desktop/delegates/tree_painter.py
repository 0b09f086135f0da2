"""Paints the triangles of a JSON tree, and the ring around the one that the keyboard is at."""

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from desktop.delegates.faces import Faces
from desktop.delegates.json_lines import Path
from desktop.delegates.layouts import TextPart
from desktop.delegates.tree_stops import is_head, line_box
from desktop.look import icons, metrics, paint

_SIZE: Final = 12


def paint_triangles(
    painter: QPainter, part: TextPart, faces: Faces, seen: QRectF, at: Path | None
) -> None:
    """Paint the triangles of *part* that are in *seen*, and a ring where the keyboard is *at*."""
    tree = part.section.tree
    if tree is None:
        return
    for number, _, _ in part.lines(seen.top(), seen.bottom()):
        line = tree.shown.lines[number]
        if line.path is None or not is_head(line):
            continue
        box = line_box(part, number)
        spot = QRect(round(box.left()), round(box.center().y()) - _SIZE // 2, _SIZE, _SIZE)
        shape = "chevron-down" if line.open else "chevron-right"
        icons.draw(painter, spot, shape, faces.colors.color("muted"))
        if line.path == at:
            ring = box.adjusted(-3, -1, 0, 1)
            paint.focus_ring(painter, ring, metrics.RADIUS_SMALL, faces.colors)
