"""Paints a row's first line: triangle, picture, title, argument, facts; or the chip it is."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from desktop.delegates.faces import Faces
from desktop.delegates.layouts import Laid
from desktop.delegates.sections import Row, Shape
from desktop.delegates.text_painter import Marks
from desktop.look import icons, paint, words
from desktop.models.calls import Fact

_ICON: Final = 16
_CHEVRON: Final = 12
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def paint_heading(painter: QPainter, laid: Laid, faces: Faces, marks: Marks) -> None:
    """Paint the first line of *laid*."""
    row, colors, box = laid.row, faces.colors, laid.heading
    heading = row.heading
    assert heading is not None
    middle = box.center().y()
    if row.foldable:
        shape = "chevron-down" if row.open else "chevron-right"
        ink = colors.color("muted" if marks.hovered or marks.current else "faint", 1.0)
        at = QRect(round(box.left()), round(middle - _CHEVRON / 2), _CHEVRON, _CHEVRON)
        icons.draw(painter, at, shape, ink)
    if heading.icon:
        at = QRect(laid.column.left + 18, round(middle - _ICON / 2), _ICON, _ICON)
        if row.shape is Shape.PROMPT:
            at.translate(-6, 0)
        icons.draw(painter, at, heading.icon, colors.color(heading.tone))
    left = float(laid.column.content)
    right = box.right() - 4
    beside = row.shape in {Shape.PROMPT, Shape.PLAIN}
    if not beside:
        right = _facts_from_right(painter, heading.facts, right, box, faces)
    font = faces.italic if heading.italic else faces.strong if heading.strong else faces.plain
    measured = QFontMetricsF(font)
    title = measured.elidedText(
        words.visible(heading.title), Qt.TextElideMode.ElideRight, right - left
    )
    painter.setFont(font)
    painter.setPen(colors.color(_title_token(row)))
    painter.drawText(QRectF(left, box.top(), right - left, box.height()), _LINE, title)
    left += measured.horizontalAdvance(title) + 10
    if heading.argument and right - left > 24:
        font = faces.code_small if heading.code else faces.italic if heading.italic else faces.plain
        measured = QFontMetricsF(font)
        shown = measured.elidedText(heading.argument, Qt.TextElideMode.ElideRight, right - left)
        painter.setFont(font)
        painter.setPen(colors.color("muted"))
        painter.drawText(QRectF(left, box.top(), right - left, box.height()), _LINE, shown)
        left += measured.horizontalAdvance(shown) + 10
    if beside:
        _facts_from_left(painter, heading.facts, left, box, faces)


def _title_token(row: Row) -> str:
    heading = row.heading
    assert heading is not None
    if row.shape in {Shape.PROMPT, Shape.PLAIN} or heading.italic:
        return heading.tone
    return "text" if heading.strong else "muted"


def _facts_from_right(
    painter: QPainter, facts: Sequence[Fact], right: float, box: QRectF, faces: Faces
) -> float:
    """Paint *facts* so that the last ends at *right*, and return where the first starts."""
    for fact in reversed(facts):
        wide = _fact_width(fact, faces)
        if right - wide < box.left() + 140:
            break
        _fact(painter, fact, right - wide, box, faces)
        right -= wide + 12
    return right


def _facts_from_left(
    painter: QPainter, facts: Sequence[Fact], left: float, box: QRectF, faces: Faces
) -> None:
    for fact in facts:
        _fact(painter, fact, left, box, faces)
        left += _fact_width(fact, faces) + 12


def _fact_width(fact: Fact, faces: Faces) -> float:
    if fact.pill:
        return paint.pill_size(fact.text, faces.small).width()
    return QFontMetricsF(faces.numbers).horizontalAdvance(fact.text) + (20 if fact.icon else 0)


def _fact(painter: QPainter, fact: Fact, left: float, box: QRectF, faces: Faces) -> None:
    ink = faces.colors.color(fact.tone)
    if fact.pill:
        size = paint.pill_size(fact.text, faces.small)
        pill = QRectF(left, round(box.center().y() - size.height() / 2), *size.toTuple())
        painter.setFont(faces.small)
        paint.pill(painter, pill, fact.text, ink=ink, fill=faces.colors.color("text", 0.07))
        return
    if fact.icon:
        at = QRect(round(left), round(box.center().y() - 7), 14, 14)
        icons.draw(painter, at, fact.icon, ink)
        left += 20
    painter.setFont(faces.numbers)
    painter.setPen(ink)
    painter.drawText(QRectF(left, box.top(), 400, box.height()), _LINE, fact.text)


def paint_chip(painter: QPainter, laid: Laid, faces: Faces) -> None:
    """Paint the first line of *laid* as a few words in a pill."""
    heading = laid.row.heading
    assert heading is not None
    font = faces.small
    wide = QFontMetricsF(font).horizontalAdvance(heading.title) + 40
    box = QRectF(laid.column.content, laid.heading.center().y() - 12, wide, 24)
    paint.rounded(painter, box, 12, fill=paint.soft(faces.colors, heading.tone))
    ink = faces.colors.color(heading.tone)
    icons.draw(
        painter, QRect(round(box.left()) + 9, round(box.top()) + 5, 14, 14), heading.icon, ink
    )
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box.adjusted(29, 0, 0, 0), _LINE, heading.title)
