"""Paints measured rows: what lies behind their texts, and each part in its turn."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from desktop.delegates.faces import Faces
from desktop.delegates.heading_painter import paint_chip, paint_heading
from desktop.delegates.layouts import INDENT, Laid, LinePart, PicturePart, TextPart, column
from desktop.delegates.rule_painter import paint_lead, paint_rule
from desktop.delegates.sections import Shape
from desktop.delegates.text_painter import Marks, paint_text
from desktop.delegates.tree_stops import Stop
from desktop.look import icons, metrics, paint, theme
from desktop.look.words import translate

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
                paint_rule(painter, laid.heading, row.heading.title, row.heading.icon, faces)
            case Shape.CHIP:
                paint_chip(painter, laid, faces)
            case _:
                paint_heading(painter, laid, faces, marks)
    _parts(painter, laid, faces, marks, clip)
    if not laid.lane.isEmpty():
        _lane(painter, laid, faces)
    painter.restore()
    if marks.current and marks.focused and marks.stop is None:
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
            _line(painter, part, faces, marks)
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


def _rails(painter: QPainter, laid: Laid, faces: Faces) -> None:
    for level in range(min(laid.row.depth, 8)):
        x = column(laid.width, level + 1).left - INDENT / 2
        token = "control_border" if laid.row.inherited else _RAILS[level % len(_RAILS)]
        painter.fillRect(QRectF(x, 0, 2, laid.height), faces.colors.color(token, 0.55))


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
    above = [y for y in (edge.top(), *laid.hairlines) if y <= part.rect.top()]
    top, bottom = above[-1] + 1, part.rect.bottom() + 8  # the label's ground, too
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


def _line(painter: QPainter, part: LinePart, faces: Faces, marks: Marks) -> None:
    painter.setFont(faces.small)
    painter.setPen(faces.colors.color("link" if part.expands else "faint"))
    measured = QFontMetricsF(faces.small)
    shown = measured.elidedText(part.text, Qt.TextElideMode.ElideRight, part.rect.width())
    painter.drawText(part.rect, _LINE, shown)
    if part.expands and marks.focused and marks.stop == Stop(part.expands, None, part.back):
        ring = part.rect.adjusted(-6, 1, -12, -1)
        paint.focus_ring(painter, ring, metrics.RADIUS_SMALL, faces.colors)


def _picture(painter: QPainter, part: PicturePart, faces: Faces) -> None:
    if part.picture.pending:
        _coming(painter, part.rect, faces)
    if part.picture.image is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if part.picture.image.hasAlphaChannel():
            painter.fillRect(part.rect, Qt.GlobalColor.white)  # black ink on nothing is common
        painter.drawImage(part.rect, part.picture.image)
        paint.rounded(painter, part.rect, 2, line=faces.colors.color("card_border"))


def _coming(painter: QPainter, rect: QRectF, faces: Faces) -> None:
    """Paint what holds the place of a picture that is still being decoded."""
    colors = faces.colors
    paint.rounded(
        painter, rect, metrics.RADIUS, fill=colors.color("card"), line=colors.color("card_border")
    )
    size = round(min(24.0, rect.width() - 4, rect.height() - 4))
    if size >= 8:
        middle = rect.center()
        at = QRect(round(middle.x() - size / 2), round(middle.y() - size / 2), size, size)
        icons.draw(painter, at, "image", colors.color("faint"))


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
