"""Draws the rows of the conversation list: headings, and two lines for each conversation."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget
from typing_extensions import override

from core.queries.conversations import Bucket, ConversationRow
from desktop.look import fonts, icons, metrics, paint, theme, words
from desktop.models.conversation_cells import Cell, Role
from desktop.models.conversation_endings import ending
from desktop.models.conversation_groups import Group
from desktop.models.conversation_words import project_name
from desktop.views.library.lettering import Lettering, Letters

_OUTSIDE: Final = 6  # between the edge of the pane and the selection
_INSIDE: Final = 12  # between the edge of the selection and the words
_INDENT: Final = 22  # of conversations below their project
_DOT: Final = 7
_GLYPH: Final = 13
_GAP: Final = 8  # between the marks at the end of the second line
_KERNING: Final = 3  # by which texts joined may be longer than the sum of them
_LETTERS: Final = 8  # of a project's name that are worth showing
_TITLE: Final = Letters(fonts.UI)
_STRONG: Final = Letters(fonts.UI, QFont.Weight.DemiBold)
_SMALL: Final = Letters(fonts.SMALL)
_HEADING: Final = Letters(fonts.SMALL, QFont.Weight.DemiBold)
_NUMBERS: Final = Letters(fonts.SMALL, even=True)
_SEPARATOR: Final = "  ·  "


class ConversationDelegate(QStyledItemDelegate):
    """Reads a row and a style option; knows nothing else, but remembers how texts are shaped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lettering = Lettering()
        self.measure()

    def measure(self) -> None:
        """Find out how tall rows are; call when the font has changed."""
        self.lettering.look()
        lines = self.lettering.height(_TITLE) + self.lettering.height(_SMALL)
        self._row_size = QSize(0, max(metrics.ROW_TWO_LINES, lines + 20))

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        # Asked for every row that is loaded, each time that one comes or moves.
        if index.internalId():
            return self._row_size
        small = self.lettering.height(_SMALL)
        group = index.data(Role.GROUP)
        tall = isinstance(group, Group) and group.total is not None
        air = 14 if tall else 18
        return QSize(0, small + air)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = theme.of(option.palette)
        painter.save()
        self.lettering.look()
        cell = index.data(Role.CELL)
        if isinstance(cell, Cell):
            self._paint_row(painter, option, index, cell, colors)
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
            right = self._paint_count(painter, box, right, words.count(group.total), colors)
            at = QRect(left, box.center().y() - 7, 15, 15)
            icons.draw(painter, at, "folder" if shut else "folder-open", colors.color("muted"))
            left = at.right() + 8
            letters = _STRONG
            painter.setPen(QColor(colors.text))
        else:
            if shut or hover:
                glyph = QRect(right - _GLYPH, box.center().y() - _GLYPH // 2, _GLYPH, _GLYPH)
                name = "chevron-right" if shut else "chevron-down"
                icons.draw(painter, glyph, name, colors.color("muted"))
                right = glyph.left() - 4
            letters = _HEADING
            painter.setPen(QColor(colors.muted))
        line = QRect(left, box.top(), right - left, box.height())
        self._write(painter, line, str(index.data()), letters)

    def _paint_row(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        cell: Cell,
        colors: theme.Theme,
    ) -> None:
        row = cell.row
        box = option.rect.adjusted(_OUTSIDE, 1, -_OUTSIDE, -1)
        paint.row(painter, option)
        first, second = self.lettering.height(_TITLE), self.lettering.height(_SMALL)
        top = box.top() + (box.height() - first - second - 2) // 2
        left, right = box.left() + _INSIDE, box.right() - _INSIDE
        group = index.parent().data(Role.GROUP)
        in_project = isinstance(group, Group) and group.total is not None
        if in_project:
            left += _INDENT
        title = QRect(left, top, right - left, first)
        if cell.waits or cell.live:
            dot = QRectF(left, title.center().y() - _DOT / 2 + 1, _DOT, _DOT)
            tone = "warning" if cell.waits else "ok"  # the words below it tell the same
            paint.rounded(painter, dot, _DOT / 2, fill=colors.color(tone))
            title.setLeft(left + _DOT + 6)
        elif row.bucket == Bucket.GHOST:
            side = fonts.grown(_GLYPH)
            gone = QRect(left, title.center().y() - side // 2 + 1, side, side)
            icons.draw(painter, gone, "none", colors.color("muted"))
            title.setLeft(left + side + 6)
        if row.cost:
            cost = words.money(row.cost)
            title.setRight(self._paint_count(painter, title, title.right(), cost, colors))
        whole = row.bucket == Bucket.WHOLE
        painter.setPen(QColor(colors.text if whole else colors.muted))
        said = cell.title or words.translate("conversations", "Untitled")
        self._write(painter, title, said, _STRONG if whole else _TITLE)
        under = QRect(left, top + first + 2, right - left, second)
        under.setRight(self._paint_ending(painter, under, cell, colors))
        under.setRight(self._paint_errors(painter, under, row.errors, colors))
        project = "" if in_project or not row.project else project_name(row.project)
        facts = _facts(cell.now, cell.kind, _amount(row))
        self._paint_facts(painter, under, project, facts, colors)

    def _paint_ending(self, painter: QPainter, line: QRect, cell: Cell, colors: theme.Theme) -> int:
        """Draw how *cell* ended at the end of *line*; return where the rest has to end.

        The room is kept on every row, so that the failures stand in one column.
        """
        side = fonts.grown(_GLYPH)
        shown = None if cell.live or cell.waits else ending(cell.row)
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
        said = words.short_count(errors)
        wide = self.lettering.width(said, _NUMBERS)
        painter.setPen(QColor(colors.failed))
        at = QRect(line.right() - wide + 1, line.top(), wide, line.height())
        self.lettering.draw(painter, at, said, _NUMBERS)
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
        painter.setPen(QColor(colors.muted))
        least = words.one_line(project, _LETTERS)
        fitting = (few for few in facts if self._wide(_joined([least, *few])) <= line.width())
        rest = _joined(next(fitting, facts[-1]))
        if project:
            room = line.width() - self._wide(_SEPARATOR + rest) - _KERNING
            shown = self.lettering.cut(
                words.one_line(project, 120),
                _NUMBERS,
                max(room, self._wide(least)),
                Qt.TextElideMode.ElideMiddle,
            )
            rest = _joined([shown, rest])
        self._write(painter, line, rest, _NUMBERS)

    def _paint_count(
        self, painter: QPainter, box: QRect, right: int, said: str, colors: theme.Theme
    ) -> int:
        wide = self._wide(said)
        painter.setPen(QColor(colors.muted))
        at = QRect(right - wide, box.top(), wide + 1, box.height())
        self.lettering.draw(painter, at, said, _NUMBERS)
        return right - wide - 8

    def _write(self, painter: QPainter, box: QRect, said: str, letters: Letters) -> None:
        shown = self.lettering.cut(said, letters, box.width())
        self.lettering.draw(painter, box, shown, letters)

    def _wide(self, said: str) -> int:
        return self.lettering.width(said, _NUMBERS)


def _facts(moment: str, kind: str, amount: str) -> list[list[str]]:
    """Return what to say of a row, and what to say instead where there is less room."""
    return [[moment, kind, amount], [moment, kind], [moment, amount], [moment]]


def _joined(facts: list[str]) -> str:
    return _SEPARATOR.join(fact for fact in facts if fact)


def _amount(row: ConversationRow) -> str:
    if row.prompts:
        return words.plural(row.prompts, "prompt", "prompts")
    return words.plural(row.messages, "message", "messages")


def _ringed(option: QStyleOptionViewItem) -> bool:
    """Return whether the keyboard is at this very row."""
    focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    return focus and bool(option.state & QStyle.StateFlag.State_KeyboardFocusChange)


def _expanded(option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> bool:
    tree = option.widget
    return isinstance(tree, QTreeView) and tree.isExpanded(index)
