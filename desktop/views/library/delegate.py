"""Draws the rows of the conversation list: headings, and two lines for each conversation."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView
from typing_extensions import override

from core.queries.conversations import ConversationRow
from desktop.look import fonts, icons, metrics, paint, theme, words
from desktop.models.conversation_groups import Group
from desktop.models.conversation_words import project_name
from desktop.models.conversations import Role

_OUTSIDE: Final = 6  # between the edge of the pane and the selection
_INSIDE: Final = 12  # between the edge of the selection and the words
_INDENT: Final = 22  # of conversations below their project
_DOT: Final = 7
_GLYPH: Final = 13
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_SEPARATOR: Final = "  ·  "


class ConversationDelegate(QStyledItemDelegate):
    """Reads a row and a style option; knows nothing else."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        if index.internalId():
            lines = _height(fonts.UI) + _height(fonts.SMALL)
            return QSize(0, max(metrics.ROW_TWO_LINES, lines + 20))
        group = index.data(Role.GROUP)
        tall = isinstance(group, Group) and group.total is not None
        air = 14 if tall else 18
        return QSize(0, _height(fonts.SMALL) + air)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = theme.of(option.palette)
        painter.save()
        row = index.data(Role.ROW)
        if isinstance(row, ConversationRow):
            self._paint_row(painter, option, index, row, colors)
        else:
            self._paint_group(painter, option, index, colors)
        painter.restore()

    def _paint_group(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        colors: theme.Theme,
    ) -> None:
        group = index.data(Role.GROUP)
        if not isinstance(group, Group):
            return
        box = option.rect.adjusted(_OUTSIDE, 2, -_OUTSIDE, -2)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if hover or option.state & QStyle.StateFlag.State_Selected:
            paint.rounded(painter, QRectF(box), metrics.RADIUS, fill=QColor(colors.hover))
        if _ringed(option):
            paint.focus_ring(painter, QRectF(box), colors=colors, radius=metrics.RADIUS)
        left, right = box.left() + _INSIDE, box.right() - _INSIDE
        shut = not _expanded(option, index)
        if group.total is not None:
            right = _paint_count(painter, box, right, words.count(group.total), colors)
            at = QRect(left, box.center().y() - 7, 15, 15)
            icons.draw(painter, at, "folder" if shut else "folder-open", colors.color("muted"))
            left = at.right() + 8
            painter.setFont(fonts.ui(fonts.UI, QFont.Weight.DemiBold))
            painter.setPen(QColor(colors.text))
        else:
            if shut or hover:
                glyph = QRect(right - _GLYPH, box.center().y() - _GLYPH // 2, _GLYPH, _GLYPH)
                name = "chevron-right" if shut else "chevron-down"
                icons.draw(painter, glyph, name, colors.color("muted"))
                right = glyph.left() - 4
            painter.setFont(fonts.ui(fonts.SMALL, QFont.Weight.DemiBold))
            painter.setPen(QColor(colors.muted))
        _write(painter, QRect(left, box.top(), right - left, box.height()), str(index.data()))

    def _paint_row(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        row: ConversationRow,
        colors: theme.Theme,
    ) -> None:
        box = option.rect.adjusted(_OUTSIDE, 1, -_OUTSIDE, -1)
        paint.row(painter, option)
        first, second = _height(fonts.UI), _height(fonts.SMALL)
        top = box.top() + (box.height() - first - second - 2) // 2
        left, right = box.left() + _INSIDE, box.right() - _INSIDE
        group = index.parent().data(Role.GROUP)
        in_project = isinstance(group, Group) and group.total is not None
        if in_project:
            left += _INDENT
        title = QRect(left, top, right - left, first)
        if index.data(Role.LIVE):
            dot = QRectF(left, title.center().y() - _DOT / 2 + 1, _DOT, _DOT)
            paint.rounded(painter, dot, _DOT / 2, fill=colors.color("ok"))
            title.setLeft(left + _DOT + 6)
        painter.setFont(fonts.ui(fonts.UI, QFont.Weight.DemiBold))
        painter.setPen(QColor(colors.text))
        _write(painter, title, str(index.data()) or words.translate("conversations", "Untitled"))
        under = QRect(left, top + first + 2, right - left, second)
        project = "" if in_project or not row.project else project_name(row.project)
        facts = [project, str(index.data(Role.MOMENT)), _amount(row)]
        self._paint_facts(painter, under, row.errors, facts, colors)

    def _paint_facts(
        self, painter: QPainter, line: QRect, errors: int, facts: list[str], colors: theme.Theme
    ) -> None:
        """Draw the project and the other *facts*, of which the project gives way, and *errors*."""
        font = fonts.numbers(fonts.SMALL)
        measured = QFontMetrics(font)
        painter.setFont(font)
        if errors:
            said = words.short_count(errors)
            wide = measured.horizontalAdvance(said)
            painter.setPen(QColor(colors.failed))
            at = QRect(line.right() - wide + 1, line.top(), wide, line.height())
            painter.drawText(at, _LINE, said)
            side = fonts.grown(_GLYPH)
            mark = QRect(at.left() - side - 3, line.center().y() - side // 2, side, side)
            icons.draw(painter, mark, "failed", colors.color("failed"))
            line = line.adjusted(0, 0, -(wide + side + 12), 0)
        project, *others = facts
        if len(others) > 1 and project and measured.averageCharWidth() * 21 > line.width():
            others.pop()  # where letters are large, better one fact less than two halves
        rest = _SEPARATOR.join(fact for fact in others if fact)
        painter.setPen(QColor(colors.muted))
        if project:
            room = line.width() - measured.horizontalAdvance(_SEPARATOR + rest)
            shown = measured.elidedText(
                words.one_line(project, 120), Qt.TextElideMode.ElideMiddle, max(room, 60)
            )
            rest = shown + _SEPARATOR + rest
        _write(painter, line, rest)


def _amount(row: ConversationRow) -> str:
    if row.prompts:
        return words.plural(row.prompts, "prompt", "prompts")
    return words.plural(row.messages, "message", "messages")


def _paint_count(painter: QPainter, box: QRect, right: int, said: str, colors: theme.Theme) -> int:
    font = fonts.numbers(fonts.SMALL)
    wide = QFontMetrics(font).horizontalAdvance(said)
    painter.setFont(font)
    painter.setPen(QColor(colors.muted))
    painter.drawText(QRect(right - wide, box.top(), wide + 1, box.height()), _LINE, said)
    return right - wide - 8


def _write(painter: QPainter, box: QRect, said: str) -> None:
    measured = painter.fontMetrics()
    shown = measured.elidedText(said, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _LINE, shown)


def _height(size: float) -> int:
    return QFontMetrics(fonts.ui(size)).height()


def _ringed(option: QStyleOptionViewItem) -> bool:
    """Return whether the keyboard is at this very row."""
    focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    return focus and bool(option.state & QStyle.StateFlag.State_KeyboardFocusChange)


def _expanded(option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> bool:
    tree = option.widget
    return isinstance(tree, QTreeView) and tree.isExpanded(index)
