"""Paints measured rows. Nothing is measured here and nothing is read."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from desktop.delegates.faces import Faces
from desktop.delegates.layouts import INDENT, Laid, LinePart, PicturePart, TextPart, column
from desktop.delegates.sections import Row, Shape
from desktop.delegates.text_painter import Marks, paint_text
from desktop.look import icons, metrics, paint, theme, words
from desktop.look.words import translate
from desktop.models.calls import Fact

_ICON: Final = 16
_CHEVRON: Final = 12
_BEHIND: Final = 0.62  # opacity of what was left behind
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RAILS: Final = ("agent", "search", "read", "web", "run", "you")


def paint_row(painter: QPainter, laid: Laid, faces: Faces, marks: Marks, clip: QRectF) -> None:
    """Paint *laid* at the painter's origin; *clip* is what is visible of it."""
    row = laid.row
    if row.lead:
        paint_lead(painter, laid.lead, row.lead, faces, day=row.day)
    _rails(painter, laid, faces)
    painter.save()
    if row.muted:
        painter.setOpacity(_BEHIND)
    _ground(painter, laid, faces, marks)
    if not laid.heading.isEmpty() and row.heading is not None:
        match row.shape:
            case Shape.RULE:
                paint_rule(painter, laid.heading, row.heading.title, faces)
            case Shape.CHIP:
                _chip(painter, laid, faces)
            case _:
                _heading(painter, laid, faces, marks)
    _parts(painter, laid, faces, marks, clip)
    if not laid.lane.isEmpty():
        _lane(painter, laid, faces)
    painter.restore()
    if marks.current and marks.focused:
        paint.focus_ring(painter, focus_box(laid), metrics.RADIUS_FIELD, faces.colors)


def _parts(painter: QPainter, laid: Laid, faces: Faces, marks: Marks, clip: QRectF) -> None:
    texts = 0
    for part in laid.parts:
        if isinstance(part, TextPart):
            if part.rect.intersects(clip):
                if part.section.tone == "failed" and not laid.card.isEmpty():
                    _bar(painter, laid, part, faces)
                paint_text(painter, part, texts, laid, faces, marks, clip)
            texts += 1
        elif isinstance(part, LinePart):
            _line(painter, part, faces)
        else:
            _picture(painter, part, faces)


def focus_box(laid: Laid) -> QRectF:
    """Return what the ring around *laid* encloses: of a card only its line."""
    column = laid.column
    left, width = column.left - 4, column.width + 8
    if laid.row.shape is Shape.CARD:
        return QRectF(left, laid.heading.top(), width, laid.heading.height())
    top = laid.lead.height()
    if not laid.heading.isEmpty():
        top = laid.heading.top()
    elif laid.parts:
        top = laid.parts[0].rect.top() - 4
    if laid.row.shape is Shape.PROMPT:
        top = laid.card.top() - 2
    return QRectF(left, top, width, laid.height - top)


def paint_lead(painter: QPainter, rect: QRectF, text: str, faces: Faces, *, day: bool) -> None:
    """Paint a day, or how long nothing happened, in the middle of a line across *rect*."""
    colors = faces.colors
    font = QFont(faces.small)
    if day:
        font.setWeight(QFont.Weight.DemiBold)
    _across(painter, rect, text, font, colors.color("text" if day else "muted"), faces)


def paint_rule(painter: QPainter, rect: QRectF, text: str, faces: Faces) -> None:
    """Paint *text* in the middle of a line across *rect*."""
    _across(painter, rect, text, faces.small, faces.colors.color("muted"), faces, "compaction")


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


def _rails(painter: QPainter, laid: Laid, faces: Faces) -> None:
    for level in range(min(laid.row.depth, 8)):
        x = column(laid.width, level + 1).left - INDENT / 2
        painter.fillRect(
            QRectF(x, 0, 2, laid.height), faces.colors.color(_RAILS[level % len(_RAILS)], 0.55)
        )


def _ground(painter: QPainter, laid: Laid, faces: Faces, marks: Marks) -> None:
    colors, row = faces.colors, laid.row
    if marks.flashed:
        paint.rounded(
            painter, focus_box(laid), metrics.RADIUS_FIELD, fill=colors.color("hit_bg", 0.35)
        )
    if row.shape is Shape.PROMPT:
        token = row.heading.tone if row.heading is not None else "you"
        fill = theme.mix(getattr(colors, token), colors.window, 0.10 if colors.dark else 0.055)
        paint.rounded(painter, laid.card, metrics.RADIUS_CARD, fill=fill)
    elif row.shape is Shape.CARD:
        if marks.hovered and row.foldable:
            at = laid.heading.adjusted(-2, 0, 2, 0)
            paint.rounded(painter, at, metrics.RADIUS, fill=colors.color("hover", 0.7))
        if not laid.card.isEmpty():
            paint.rounded(
                painter, laid.card, metrics.RADIUS_FIELD,
                fill=colors.color("card"), line=colors.color("card_border"),
            )  # fmt: skip
            painter.setPen(colors.color("card_border"))
            for y in laid.hairlines:
                painter.drawLine(
                    QPointF(laid.card.left() + 1, round(y)),
                    QPointF(laid.card.right() - 1, round(y)),
                )


def _bar(painter: QPainter, laid: Laid, part: TextPart, faces: Faces) -> None:
    """Paint the bar beside what a failed call said, on a ground of the same colour."""
    edge = laid.card
    top, bottom = part.rect.top() - 8, part.rect.bottom() + 8
    following = [y for y in (*laid.hairlines, edge.bottom()) if y >= bottom - 1]
    bottom = following[0] if following else bottom
    area = QRectF(edge.left() + 1, top, edge.width() - 2, bottom - top - 1)
    painter.save()
    painter.setClipRect(area)
    ground = edge.adjusted(1, 1, -1, -1)
    paint.rounded(
        painter, ground, metrics.RADIUS_FIELD - 1, fill=faces.colors.color("failed", 0.05)
    )
    area.setWidth(3)
    painter.setClipRect(area)
    paint.rounded(painter, ground, metrics.RADIUS_FIELD - 1, fill=faces.colors.color("failed"))
    painter.restore()


def _heading(painter: QPainter, laid: Laid, faces: Faces, marks: Marks) -> None:
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
    return QFontMetricsF(faces.numbers).horizontalAdvance(fact.text) + (20 if fact.icon else 0)


def _fact(painter: QPainter, fact: Fact, left: float, box: QRectF, faces: Faces) -> None:
    ink = faces.colors.color(fact.tone)
    if fact.icon:
        at = QRect(round(left), round(box.center().y() - 7), 14, 14)
        icons.draw(painter, at, fact.icon, ink)
        left += 20
    painter.setFont(faces.numbers)
    painter.setPen(ink)
    painter.drawText(QRectF(left, box.top(), 400, box.height()), _LINE, fact.text)


def _chip(painter: QPainter, laid: Laid, faces: Faces) -> None:
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


def _line(painter: QPainter, part: LinePart, faces: Faces) -> None:
    painter.setFont(faces.small)
    painter.setPen(faces.colors.color("link" if part.expands else "faint"))
    measured = QFontMetricsF(faces.small)
    shown = measured.elidedText(part.text, Qt.TextElideMode.ElideRight, part.rect.width())
    painter.drawText(part.rect, _LINE, shown)


def _picture(painter: QPainter, part: PicturePart, faces: Faces) -> None:
    if part.picture.image is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if part.picture.image.hasAlphaChannel():
            painter.fillRect(part.rect, Qt.GlobalColor.white)  # black ink on nothing is common
        painter.drawImage(part.rect, part.picture.image)
        paint.rounded(painter, part.rect, 2, line=faces.colors.color("card_border"))


def _lane(painter: QPainter, laid: Laid, faces: Faces) -> None:
    colors = faces.colors
    text = (
        translate("painter", "Close the agent's steps")
        if laid.row.lane_open
        else translate("painter", "Show the agent's steps")
    )
    box = laid.lane
    wide = QFontMetricsF(faces.small).horizontalAdvance(text) + 44
    pill = QRectF(box.left(), box.top() + 2, wide, 24)
    paint.rounded(painter, pill, 12, fill=paint.soft(colors, "agent"))
    icons.draw(
        painter, QRect(round(pill.left()) + 10, round(pill.top()) + 5, 14, 14), "agent",
        colors.color("agent"),
    )  # fmt: skip
    painter.setFont(faces.small)
    painter.setPen(colors.color("agent"))
    painter.drawText(pill.adjusted(32, 0, 0, 0), _LINE, text)
