"""Paints the texts of a row: gutters, tints, code blocks, quotes, selections and hits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFontMetricsF,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
)

from desktop.delegates import documents
from desktop.delegates.faces import Faces
from desktop.delegates.layouts import Laid, TextPart
from desktop.delegates.sections import Shape, Style
from desktop.delegates.tree_painter import paint_triangles
from desktop.delegates.tree_stops import Stop
from desktop.look import icons, metrics, paint

_DIFF_GROUNDS: Final = {"+": "diff_add_bg", "-": "diff_del_bg"}
_DIFF_INKS: Final = {"+": "diff_add_fg", "-": "diff_del_fg"}

Span = tuple[int, int]


@dataclass(slots=True)
class Marks:
    """What is special about a row right now."""

    current: bool = False  # the keyboard is here
    focused: bool = False  # and the view has the focus
    hovered: bool = False
    flashed: bool = False  # somebody jumped here
    selected: dict[int, Span] = field(default_factory=dict)  # by number of the text in its row
    hits: dict[int, Sequence[Span]] = field(default_factory=dict)
    hit: tuple[int, Span] | None = None  # the one the user is at
    stop: Stop | None = None  # where in a tree the keyboard is


def paint_text(  # noqa: PLR0913, PLR0917  all that a text is painted with
    painter: QPainter,
    part: TextPart,
    number: int,
    laid: Laid,
    faces: Faces,
    marks: Marks,
    clip: QRectF,
) -> None:
    """Paint *part*, the text *number* of its row, with what is marked in it."""
    painter.save()
    painter.translate(part.rect.topLeft())
    seen = clip.translated(-part.rect.topLeft())
    _grounds(painter, part, laid, faces, seen)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette = faces.palette
    context.clip = seen.adjusted(-400, 0, 400, 0)
    context.selections = _selections(part, number, faces, marks)
    painter.setClipRect(QRectF(-2, seen.top(), part.rect.width() + 4, seen.height()))
    part.document.documentLayout().draw(painter, context)
    if part.section.tree is not None:
        painter.setClipRect(QRectF(-4, seen.top(), part.rect.width() + 8, seen.height()))
        at = marks.stop if marks.focused else None
        here = at is not None and at.part == part.section.part
        paint_triangles(painter, part, faces, seen, at.path if at is not None and here else None)
    painter.restore()


def _selections(
    part: TextPart, number: int, faces: Faces, marks: Marks
) -> list[QAbstractTextDocumentLayout.Selection]:
    colors = faces.colors
    made = [_selection(part, span, colors.color("hit_bg")) for span in marks.hits.get(number, ())]
    if marks.hit is not None and marks.hit[0] == number:
        made.append(_selection(part, marks.hit[1], colors.color("hit_current_bg")))
    if (span := marks.selected.get(number)) is not None and span[0] != span[1]:
        group = QPalette.ColorGroup.Active if marks.focused else QPalette.ColorGroup.Inactive
        ground = faces.palette.color(group, QPalette.ColorRole.Highlight)
        made.append(_selection(part, span, ground))
    return made


def _selection(part: TextPart, span: Span, ground: QColor) -> QAbstractTextDocumentLayout.Selection:
    made = QAbstractTextDocumentLayout.Selection()
    cursor = QTextCursor(part.document)
    last = part.document.characterCount() - 1
    cursor.setPosition(min(span[0], last))
    cursor.setPosition(min(span[1], last), QTextCursor.MoveMode.KeepAnchor)
    made.cursor = cursor
    form = QTextCharFormat()
    form.setBackground(ground)
    made.format = form
    return made


def _grounds(painter: QPainter, part: TextPart, laid: Laid, faces: Faces, seen: QRectF) -> None:
    if part.section.style is Style.PROSE:
        _prose_grounds(painter, part, faces, seen, boxed=laid.row.shape is Shape.CARD)
        return
    gutter, tints = part.section.gutter, part.section.tints
    if not gutter and not tints:
        return
    colors = faces.colors
    edge = laid.card
    left = edge.left() + 1 - part.rect.left() if not edge.isEmpty() else -part.gutter
    width = edge.width() - 2 if not edge.isEmpty() else part.rect.width() + part.gutter
    for number, top, height in part.lines(seen.top(), seen.bottom()):
        tint = tints[number] if number < len(tints) else " "
        if part.section.style is Style.DIFF and tint in _DIFF_GROUNDS:
            ground = QRectF(left, round(top), width, round(top + height) - round(top))
            painter.fillRect(ground, colors.color(_DIFF_GROUNDS[tint]))
        if number < len(gutter) and gutter[number]:
            ink = colors.color(_DIFF_INKS.get(tint, "faint"))
            _beside(painter, part, gutter[number], top, ink, faces)


def _beside(  # noqa: PLR0913, PLR0917  one cell of the gutter
    painter: QPainter, part: TextPart, text: str, top: float, ink: QColor, faces: Faces
) -> None:
    block = part.document.firstBlock()
    line = block.layout().lineAt(0)
    if text.startswith("icon:"):
        _, name, token = text.split(":")
        middle = top + line.height() * 0.58
        at = QRect(round(-part.gutter), round(middle) - 8, 16, 16)
        icons.draw(painter, at, name, faces.colors.color(token))
        return
    painter.setFont(faces.code_small)
    painter.setPen(ink)
    measured = QFontMetricsF(faces.code_small)
    base = top + line.y() + line.ascent()
    painter.drawText(QPointF(-12 - measured.horizontalAdvance(text), base), text)


def _prose_grounds(
    painter: QPainter, part: TextPart, faces: Faces, seen: QRectF, *, boxed: bool
) -> None:
    """Paint what lies behind code blocks, beside quotes and across thematic breaks."""
    colors, document = faces.colors, part.document
    start: tuple[float, float] | None = None
    layout = document.documentLayout()
    block = document.begin()
    while block.isValid():
        inside = documents.is_code(block)
        level = documents.quote_level(block)
        rule = documents.is_rule(block)
        if not (inside or level or rule):
            block = block.next()
            continue
        box = layout.blockBoundingRect(block)
        if box.top() > seen.bottom() and start is None:
            break
        if rule:
            painter.setPen(colors.color("hairline"))
            middle = round(box.center().y())
            painter.drawLine(QPointF(0, middle), QPointF(part.rect.width(), middle))
        for depth in range(min(level, 8)):
            painter.fillRect(
                QRectF(depth * 16 + 1, box.top(), 3, box.height()), colors.color("control_border")
            )
        if inside:
            form = block.blockFormat()
            top = box.top()
            start = (start[0] if start else top, box.bottom())
            after = block.next()
            if not (after.isValid() and documents.is_code(after)):
                indent = form.leftMargin() - 12
                first, last = start
                # The margins above the first and below the last line are outside of what Qt
                # calls the block's rectangle.
                area = QRectF(indent, first - 8, part.rect.width() - indent, last - first + 16)
                fill, line = (
                    colors.color("window" if boxed else "card"),
                    colors.color("card_border"),
                )
                paint.rounded(painter, area, metrics.RADIUS_FIELD, fill=fill, line=line)
                start = None
        block = block.next()
