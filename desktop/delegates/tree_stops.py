"""Where the trees of a row can be opened, folded or continued, for the pointer and for keys."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from desktop.delegates.json_lines import Ink, Line, Path
from desktop.delegates.layouts import Laid, LinePart, TextPart
from desktop.delegates.tree_document import TRIANGLE


class Stop(NamedTuple):
    """A place that keys go to: a fold, or without a *path* the words that show other lines."""

    part: str
    path: Path | None = None
    back: bool = False  # the words above the lines


def stops(laid: Laid) -> list[Stop]:
    """Return all stops of *laid*, from top to bottom."""
    found: list[Stop] = []
    trees = {part.section.part for part in laid.texts() if part.section.tree is not None}
    for part in laid.parts:
        if isinstance(part, LinePart) and part.expands in trees:
            found.append(Stop(part.expands, None, part.back))
        elif isinstance(part, TextPart):
            found += [
                Stop(part.section.part, line.path)
                for line in _lines(part)
                if line.path is not None and is_head(line)
            ]
    return found


def box_of(laid: Laid, stop: Stop) -> QRectF:
    """Return where *stop* is, relative to the row; empty if it is not there."""
    for part in laid.parts:
        if isinstance(part, LinePart):
            if stop.path is None and (part.expands, part.back) == (stop.part, stop.back):
                return part.rect
        elif isinstance(part, TextPart) and part.section.part == stop.part:
            for number, line in enumerate(_lines(part)):
                if line.path is not None and line.path == stop.path:
                    return line_box(part, number).translated(part.rect.topLeft())
    return QRectF()


def line_of(laid: Laid, stop: Stop) -> Line | None:
    """Return the line that *stop* opens or folds; None if it is not there."""
    for part in laid.texts():
        if part.section.part == stop.part:
            for line in _lines(part):
                if line.path is not None and line.path == stop.path:
                    return line
    return None


def path_at(part: TextPart, point: QPointF) -> Path | None:
    """Return what a click at *point*, relative to the row, opens or folds in *part*."""
    lines = _lines(part)
    if not lines or not part.rect.contains(point):
        return None
    inside = point - part.rect.topLeft()
    for number, _, _ in part.lines(inside.y(), inside.y()):
        path = lines[number].path
        if path is not None and line_box(part, number).contains(inside):
            return path
    return None


def line_box(part: TextPart, number: int) -> QRectF:
    """Return where line *number* is in *part*: its triangle and the words beside that."""
    block = part.document.findBlockByNumber(number)
    box = part.document.documentLayout().blockBoundingRect(block)
    line = block.layout().lineAt(0)
    left = block.blockFormat().leftMargin() - TRIANGLE
    return QRectF(left, box.top(), TRIANGLE + line.naturalTextWidth() + 6, line.height())


def is_head(line: Line) -> bool:
    """Return whether *line* has a triangle if it opens something: the rest of a text has none."""
    return line.runs[0].ink is not Ink.LINK


def _lines(part: TextPart) -> tuple[Line, ...]:
    return part.section.tree.shown.lines if part.section.tree is not None else ()
