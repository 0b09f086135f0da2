"""Draws the rows of the conversation list: headings, and two lines for each conversation."""

from functools import cache
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView
from typing_extensions import override

from core.queries.conversations import Bucket, ConversationRow
from desktop.look import fonts, icons, metrics, paint, theme, words
from desktop.models.conversation_cells import Role
from desktop.models.conversation_endings import ending
from desktop.models.conversation_groups import Group
from desktop.models.conversation_words import project_name

_OUTSIDE: Final = 6  # between the edge of the pane and the selection
_INSIDE: Final = 12  # between the edge of the selection and the words
_INDENT: Final = 22  # of conversations below their project
_DOT: Final = 7
_GLYPH: Final = 13
_GAP: Final = 8  # between the marks at the end of the second line
_KERNING: Final = 3  # by which texts joined may be longer than the sum of them
_LETTERS: Final = 8  # of a project's name that are worth showing
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
        elif row.bucket == Bucket.GHOST:
            side = fonts.grown(_GLYPH)
            gone = QRect(left, title.center().y() - side // 2 + 1, side, side)
            icons.draw(painter, gone, "none", colors.color("muted"))
            title.setLeft(left + side + 6)
        if row.cost:
            cost = words.money(row.cost)
            title.setRight(_paint_count(painter, title, title.right(), cost, colors))
        whole = row.bucket == Bucket.WHOLE
        weight = QFont.Weight.DemiBold if whole else QFont.Weight.Normal
        painter.setFont(fonts.ui(fonts.UI, weight))
        painter.setPen(QColor(colors.text if whole else colors.muted))
        _write(painter, title, str(index.data()) or words.translate("conversations", "Untitled"))
        under = QRect(left, top + first + 2, right - left, second)
        under.setRight(self._paint_ending(painter, under, index, row, colors))
        under.setRight(self._paint_errors(painter, under, row.errors, colors))
        project = "" if in_project or not row.project else project_name(row.project)
        moment = str(index.data(Role.STATE) or index.data(Role.MOMENT))
        facts = _facts(moment, str(index.data(Role.KIND)), _amount(row))
        self._paint_facts(painter, under, project, facts, colors)

    def _paint_ending(
        self,
        painter: QPainter,
        line: QRect,
        index: QModelIndex | QPersistentModelIndex,
        row: ConversationRow,
        colors: theme.Theme,
    ) -> int:
        """Draw how *row* ended at the end of *line*; return where the rest has to end.

        The room is kept on every row, so that the failures stand in one column.
        """
        side = fonts.grown(_GLYPH)
        shown = None if index.data(Role.LIVE) else ending(row)
        if shown is not None:
            at = QRect(line.right() - side + 1, line.center().y() - side // 2, side, side)
            icons.draw(painter, at, shown.icon, colors.color(shown.tone))
        return line.right() - side - _GAP

    def _paint_errors(
        self, painter: QPainter, line: QRect, errors: int, colors: theme.Theme
    ) -> int:
        """Draw the number of *errors* at the end of *line*; return where the rest has to end."""
        if not errors:
            return line.right()
        font = fonts.numbers(fonts.SMALL)
        said = words.short_count(errors)
        wide = QFontMetrics(font).horizontalAdvance(said)
        painter.setFont(font)
        painter.setPen(QColor(colors.failed))
        at = QRect(line.right() - wide + 1, line.top(), wide, line.height())
        painter.drawText(at, _LINE, said)
        side = fonts.grown(_GLYPH)
        mark = QRect(at.left() - side - 3, line.center().y() - side // 2, side, side)
        icons.draw(painter, mark, "failed", colors.color("failed"))
        return mark.left() - _GAP

    def _paint_facts(
        self,
        painter: QPainter,
        line: QRect,
        project: str,
        facts: list[list[str]],
        colors: theme.Theme,
    ) -> None:
        """Draw *project*, which gives way first, and those of *facts* for which there is room."""
        font = fonts.numbers(fonts.SMALL)
        measured = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        least = words.one_line(project, _LETTERS)
        fitting = (few for few in facts if _wide(measured, [least, *few]) <= line.width())
        rest = _joined(next(fitting, facts[-1]))
        if project:
            room = line.width() - measured.horizontalAdvance(_SEPARATOR + rest) - _KERNING
            shown = measured.elidedText(
                words.one_line(project, 120),
                Qt.TextElideMode.ElideMiddle,
                max(room, measured.horizontalAdvance(least)),
            )
            rest = _joined([shown, rest])
        _write(painter, line, rest)


def _facts(moment: str, kind: str, amount: str) -> list[list[str]]:
    """Return what to say of a row, and what to say instead where there is less room."""
    return [[moment, kind, amount], [moment, kind], [moment, amount], [moment]]


def _joined(facts: list[str]) -> str:
    return _SEPARATOR.join(fact for fact in facts if fact)


def _wide(measured: QFontMetrics, facts: list[str]) -> int:
    return measured.horizontalAdvance(_joined(facts))


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
    return _tall(size, fonts.scale())


@cache
def _tall(size: float, _scale: float) -> int:
    """Return the height of a line at *size*; asked for six times a row, in a flood of rows."""
    return QFontMetrics(fonts.ui(size)).height()


def _ringed(option: QStyleOptionViewItem) -> bool:
    """Return whether the keyboard is at this very row."""
    focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    return focus and bool(option.state & QStyle.StateFlag.State_KeyboardFocusChange)


def _expanded(option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> bool:
    tree = option.widget
    return isinstance(tree, QTreeView) and tree.isExpanded(index)
