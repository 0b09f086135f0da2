"""Draw the rows of threads and outline: an icon or number, words that give way, small counts."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from core.queries.structure import Node, NodeKind
from desktop.look import bars, fonts, icons, metrics, paint, theme, words
from desktop.models import outline, thread_colours, thread_words, threads
from desktop.models.outline import OutlineRow
from desktop.models.thread_groups import ThreadNode

_GLYPH: Final = 14
_MARK: Final = 12
_RIGHT: Final = 14  # from the words to the edge of the pane
_GAP: Final = 6
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_ICONS: Final = {
    NodeKind.SESSION: ("file", "muted"),
    NodeKind.THREAD: ("thread", "muted"),
    NodeKind.PROMPT: ("prompt", "you"),
    NodeKind.BRANCH: ("branch", "warning"),
    NodeKind.AGENT: ("agent", "agent"),
    NodeKind.COMPACTION: ("compaction", "muted"),
}
_QUIET: Final = {NodeKind.COMPACTION, NodeKind.SESSION}

Index = QModelIndex | QPersistentModelIndex


class ThreadDelegate(QStyledItemDelegate):
    """One line: icon, title, calls, failures."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(metrics.ROW, QFontMetrics(fonts.ui()).height() + 10))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = index.data(threads.Role.NODE)
        if not isinstance(node, Node):
            return
        colors = theme.of(option.palette)
        box = QRect(option.rect)
        box.setRight(box.right() - _RIGHT)
        painter.save()
        if index.data(threads.Role.CURRENT):
            _mark_current(painter, option, colors)
        name, token = _ICONS[node.kind]
        faded = not node.active
        glyph = QRect(box.left() + 2, box.center().y() - _GLYPH // 2 + 1, _GLYPH, _GLYPH)
        if isinstance(node, ThreadNode):
            _swatch(painter, glyph, node, colors)
        else:
            icons.draw(painter, glyph, name, colors.color("faint" if faded else token))
        box.setLeft(glyph.right() + _GAP + 2)
        box.setRight(_counts(painter, box, node, colors))
        here = bool(index.data(threads.Role.CURRENT))
        strong = here or isinstance(node, ThreadNode)
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        painter.setFont(fonts.ui(fonts.UI, weight))
        muted = faded or node.kind in _QUIET
        painter.setPen(QColor(colors.muted if muted else colors.text))
        _write(painter, box, str(index.data()))
        painter.restore()


class OutlineDelegate(QStyledItemDelegate):
    """Two lines beside a number: the prompt, and when and what came of it."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(outline.Role.ROW)
        lines = QFontMetrics(fonts.ui()).height() + QFontMetrics(fonts.ui(fonts.SMALL)).height()
        if isinstance(row, OutlineRow) and not row.number:
            return QSize(0, QFontMetrics(fonts.ui(fonts.SMALL)).height() + 14)
        return QSize(0, lines + 18)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(outline.Role.ROW)
        if not isinstance(row, OutlineRow):
            return
        colors = theme.of(option.palette)
        painter.save()
        paint.row(painter, option)
        if index.data(outline.Role.CURRENT):
            _mark_current(painter, option, colors)
        if row.number:
            self._prompt(
                painter, option.rect, row, colors, here=bool(index.data(outline.Role.CURRENT))
            )
        else:
            self._compaction(painter, option.rect, str(index.data()), colors)
        painter.restore()

    def _prompt(
        self, painter: QPainter, rect: QRect, row: OutlineRow, colors: theme.Theme, *, here: bool
    ) -> None:
        small = fonts.numbers(fonts.SMALL)
        gutter = QFontMetrics(small).horizontalAdvance("000") + 8
        first = QFontMetrics(fonts.ui()).height()
        second = QFontMetrics(small).height()
        top = rect.top() + (rect.height() - first - second - 2) // 2
        left, right = rect.left() + gutter + 18, rect.right() - _RIGHT
        painter.setFont(small)
        painter.setPen(QColor(colors.muted if here else colors.faint))
        number = QRect(rect.left() + 8, top, gutter, first)
        painter.drawText(number, _LINE | Qt.AlignmentFlag.AlignRight, words.count(row.number))
        under = QRect(left, top + first + 2, right - left, second)
        quiet, failed = row.facts
        painter.setPen(QColor(colors.muted))
        joint = f"{quiet} · " if quiet and failed else quiet
        _write(painter, under, joint)
        under.setLeft(under.left() + painter.fontMetrics().horizontalAdvance(joint))
        painter.setPen(QColor(colors.failed))
        _write(painter, under, failed)
        painter.setFont(fonts.ui(fonts.UI, QFont.Weight.DemiBold if here else QFont.Weight.Normal))
        painter.setPen(QColor(colors.text if row.node.active else colors.muted))
        _write(painter, QRect(left, top, right - left, first), words.one_line(row.node.title, 300))

    def _compaction(self, painter: QPainter, rect: QRect, title: str, colors: theme.Theme) -> None:
        font = fonts.ui(fonts.SMALL)
        painter.setFont(font)
        room = rect.width() - 2 * _RIGHT - _MARK - 40
        said = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, room)
        wide = QFontMetrics(font).horizontalAdvance(said) + _MARK + _GAP
        left = rect.center().x() - wide // 2
        middle = rect.center().y()
        line = QColor(colors.hairline)
        painter.fillRect(rect.left() + _RIGHT, middle, left - rect.left() - 2 * _RIGHT, 1, line)
        after = left + wide + _RIGHT
        painter.fillRect(after, middle, rect.right() - after - _RIGHT, 1, line)
        icons.draw(
            painter,
            QRect(left, middle - _MARK // 2, _MARK, _MARK),
            "compaction",
            colors.color("muted"),
        )
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRect(left + _MARK + _GAP, rect.top(), wide, rect.height()), _LINE, said)


def _mark_current(painter: QPainter, option: QStyleOptionViewItem, colors: theme.Theme) -> None:
    """Draw the bar that says: the transcript is here."""
    rect = option.rect
    bar = QRectF(1, rect.top() + 5, 3, rect.height() - 10)
    paint.rounded(painter, bar, 1.5, fill=QColor(colors.accent))


def _swatch(painter: QPainter, glyph: QRect, node: ThreadNode, colors: theme.Theme) -> None:
    """Draw the colour that the thread has in the transcript."""
    series = colors.chart
    ink = QColor(series[node.colour % len(series)]) if node.colour >= 0 else colors.color("muted")
    box = QRectF(glyph).adjusted(2, 2, -2, -2)
    parts = thread_colours.fill(max(0, node.colour))
    if node.again:
        paint.rounded(painter, box, 3, line=ink)
        if parts != thread_colours.FULL:
            bars.draw(painter, box.adjusted(2, 2, -2, -2), ink, parts)
    elif parts == thread_colours.FULL:
        paint.rounded(painter, box, 3, fill=ink)
    else:
        bars.draw(painter, box, ink, parts)


def _counts(painter: QPainter, box: QRect, node: Node, colors: theme.Theme) -> int:
    """Draw calls, failures and cost at the right end of *box*; return where words have to end."""
    font = fonts.numbers(fonts.SMALL)
    measured = QFontMetrics(font)
    painter.setFont(font)
    right = box.right()
    calls = words.short_count(node.calls) if node.calls else ""
    errors = words.short_count(node.errors) if node.errors else ""
    cost = thread_words.short_cost(node)
    for said, token, icon in (
        (calls, "muted", ""),
        (errors, "failed", "failed"),
        (cost, "muted", ""),
    ):
        if not said:
            continue
        wide = measured.horizontalAdvance(said)
        painter.setPen(colors.color(token))
        painter.drawText(QRect(right - wide, box.top(), wide + 2, box.height()), _LINE, said)
        right -= wide
        if icon:
            right -= _MARK + 3
            at = QRect(right, box.center().y() - _MARK // 2 + 1, _MARK, _MARK)
            icons.draw(painter, at, icon, colors.color(token))
        right -= _GAP + 2
    return right


def _write(painter: QPainter, box: QRect, said: str) -> None:
    shown = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _LINE, shown)
