"""Draws what a search found; what matched is marked by painting, never by markup."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from desktop.look import fonts, paint, theme, words
from desktop.models.hits import HitGroup, HitRow, Piece, Role, tone

_SIDE: Final = 14
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_BEFORE: Final = 0.34  # of the room is the most that the text before the match may take


class HitDelegate(QStyledItemDelegate):
    """Reads a row and a style option; knows nothing else."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        tall = QFontMetrics(fonts.ui()).height()
        heading = isinstance(index.data(Role.ROW), HitGroup)
        return QSize(0, tall + (20 if heading else 14))

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = theme.of(option.palette)
        row = index.data(Role.ROW)
        painter.save()
        if isinstance(row, HitGroup):
            _paint_heading(painter, option.rect, row, colors)
        elif isinstance(row, HitRow):
            paint.row(painter, option)
            _paint_hit(painter, option.rect, row, colors)
        painter.restore()


def _paint_heading(painter: QPainter, rect: QRect, row: HitGroup, colors: theme.Theme) -> None:
    bold, small = fonts.ui(fonts.UI, QFont.Weight.DemiBold), fonts.ui(fonts.SMALL)
    box = rect.adjusted(_SIDE, 4, -_SIDE, 0)
    said = words.plural(row.hits, "hit", "hits")
    wide = QFontMetrics(small).horizontalAdvance(said)
    painter.setFont(small)
    painter.setPen(QColor(colors.muted))
    painter.drawText(QRect(box.right() - wide, box.top(), wide + 1, box.height()), _LINE, said)
    project = words.one_line(row.project, 60)
    aside = min(QFontMetrics(small).horizontalAdvance(project), box.width() // 3)
    room = box.width() - wide - aside - 32
    title = QFontMetrics(bold).elidedText(row.title, Qt.TextElideMode.ElideRight, room)
    painter.setFont(bold)
    painter.setPen(QColor(colors.text))
    painter.drawText(QRect(box.left(), box.top(), room + 1, box.height()), _LINE, title)
    left = box.left() + QFontMetrics(bold).horizontalAdvance(title) + 10
    painter.setFont(small)
    painter.setPen(QColor(colors.muted))
    shown = QFontMetrics(small).elidedText(project, Qt.TextElideMode.ElideMiddle, aside)
    painter.drawText(QRect(left, box.top(), aside + 1, box.height()), _LINE, shown)


def _paint_hit(painter: QPainter, rect: QRect, row: HitRow, colors: theme.Theme) -> None:
    small = fonts.ui(fonts.SMALL, QFont.Weight.DemiBold)
    column = QFontMetrics(small).averageCharWidth() * 13
    box = rect.adjusted(_SIDE, 0, -_SIDE, 0)
    painter.setFont(small)
    painter.setPen(colors.color(tone(row.hit)))
    shown = QFontMetrics(small).elidedText(row.label, Qt.TextElideMode.ElideRight, column)
    painter.drawText(QRect(box.left(), box.top(), column + 1, box.height()), _LINE, shown)
    right = box.right()
    if row.hit.at is not None:
        said = words.clock(row.hit.at)
        day = words.day_of(row.hit.at)
        if day is not None:
            said = f"{day.isoformat()}  {said}"
        numbers = fonts.numbers(fonts.SMALL)
        wide = QFontMetrics(numbers).horizontalAdvance(said)
        painter.setFont(numbers)
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRect(right - wide, box.top(), wide + 1, box.height()), _LINE, said)
        right -= wide + 14
    left = box.left() + column + 12
    painter.setFont(fonts.ui())
    _paint_pieces(painter, QRect(left, box.top(), right - left, box.height()), row.pieces, colors)


def _paint_pieces(
    painter: QPainter, box: QRect, pieces: tuple[Piece, ...], colors: theme.Theme
) -> None:
    measured = painter.fontMetrics()
    left, room = box.left(), box.width()
    tall = measured.height() + 2
    for number, (text, marked) in enumerate(pieces):
        if room <= 0:
            return
        said = text
        if number == 0 and not marked and len(pieces) > 1:
            most = int(box.width() * _BEFORE)
            said = measured.elidedText(text, Qt.TextElideMode.ElideLeft, most)
        wide = measured.horizontalAdvance(said)
        if wide > room:
            said = measured.elidedText(said, Qt.TextElideMode.ElideRight, room)
            wide = measured.horizontalAdvance(said)
        if marked and said:
            ground = QRectF(left - 1, box.center().y() - tall / 2 + 1, wide + 2, tall)
            paint.rounded(painter, ground, 3, fill=QColor(colors.hit_bg))
        painter.setPen(QColor(colors.text if marked else colors.muted))
        painter.drawText(QRect(left, box.top(), wide + 2, box.height()), _LINE, said)
        left += wide
        room -= wide
