"""One lane over the turns of a conversation: drawn by itself, visited by pointer and keys."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.models.insights_axis import Axis, even
from desktop.models.insights_marks import SWITCH, Mark, Rule, by_place

REACH: Final = 5  # points around the pointer in which a mark is meant
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_INSET: Final = 3  # of what is drawn, so that the focus ring has room


class Strip(QWidget):
    """Draws marks of one kind on the shared axis; `draw` is what a kind adds."""

    chosen = Signal(int)  # row id of a message: click or Return
    visited = Signal(int)  # the turn of the mark that is looked at; -1: none
    left = Signal(int)  # -1 or 1: the lane above or below is wanted

    def __init__(self, name: str, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tall = height
        self.axis: Axis = even(1)
        self.marks: Sequence[Mark] = ()
        self.rules: Sequence[Rule] = ()
        self.current: int | None = None  # number of the mark that is visited
        self._turn = -1  # that any lane looks at
        self._starts: list[float] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    # What the page says.

    def set_axis(self, axis: Axis) -> None:
        """Draw on *axis* from now on."""
        self.axis = axis
        self.update()

    def set_rules(self, rules: Sequence[Rule]) -> None:
        """Draw *rules* across."""
        self.rules = rules
        self.update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Let *marks*, from left to right, be visited; the one that was goes on to be."""
        before = self.marks[self.current].message if self.current is not None else 0
        self.marks = marks
        self._starts = [mark.first for mark in marks]
        self.current = next((n for n, one in enumerate(marks) if one.message == before), None)
        self.update()

    def set_turn(self, turn: int) -> None:
        """Show that *turn* is looked at; -1: none is."""
        if turn != self._turn:
            self._turn = turn
            self.update()

    def enter(self, turn: int) -> None:
        """Take the keyboard, at the mark nearest to *turn*."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        number = by_place(self.marks, turn) if turn >= 0 else None
        if number is not None:
            self.visit(number)
            self._say(number)

    def visit(self, number: int | None) -> None:
        """Show that mark *number* is the one meant; none if None."""
        if number == self.current:
            return
        self.current = number
        self.update()
        self.visited.emit(-1 if number is None else self.marks[number].turn)

    # Where things are.

    @property
    def box(self) -> QRectF:
        """Where marks are drawn."""
        return QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)

    def across(self, turn: float) -> float:
        """Return how many points from the left *turn* is."""
        box = self.box
        return box.left() + box.width() * self.axis.place(turn)

    def span(self, mark: Mark) -> QRectF:
        """Return where *mark* is, as high as the lane; at least a point wide."""
        box, left = self.box, self.across(mark.first)
        right = max(left + 1, self.across(mark.last))
        return QRectF(left, box.top(), right - left, box.height())

    def mark_at(self, where: QPoint) -> int | None:
        """Return the number of the mark at *where*, or near it."""
        if not self.marks:
            return None
        box = self.box
        place = (where.x() - box.left()) / max(1.0, box.width())
        turn = self.axis.turn_at(min(1.0, max(0.0, place)))
        around = bisect_right(self._starts, turn + 1)
        near = range(max(0, around - 24), min(len(self.marks), around + 24))
        number = min(near, key=lambda n: self._distance(n, where.x()), default=None)
        if number is None or self._distance(number, where.x()) > REACH:
            return None
        return number

    def _distance(self, number: int, at: int) -> float:
        span = self.span(self.marks[number])
        return max(span.left() - at, at - span.right(), 0.0)

    # What it looks like.

    def draw(self, painter: QPainter, colors: theme.Theme) -> None:
        """Draw the marks."""
        raise NotImplementedError

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, fonts.grown(self._tall) + 2 * _INSET)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        try:
            self._draw_turn(painter, colors)
            self.draw(painter, colors)
            self.draw_rules(painter, colors)
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()), metrics.RADIUS_SMALL, colors)
        finally:
            painter.end()

    def draw_rules(self, painter: QPainter, colors: theme.Theme) -> None:
        """Draw a line for every switch and compaction."""
        for rule in self.rules:
            at = round(self.across(rule.mark.first)) + 0.5
            style = Qt.PenStyle.DashLine if rule.kind == SWITCH else Qt.PenStyle.SolidLine
            pen = QPen(colors.color("text" if rule.kind == SWITCH else "warning", 0.55), 1, style)
            painter.setPen(pen)
            painter.drawLine(QPointF(at, 0), QPointF(at, self.height()))

    def ring(self, painter: QPainter, colors: theme.Theme, spot: QRectF) -> None:
        """Draw that the mark at *spot* is the one meant."""
        paint.rounded(painter, spot, 3, line=QPen(QColor(colors.text), 1.5))

    def _draw_turn(self, painter: QPainter, colors: theme.Theme) -> None:
        if self._turn < 0 or self._turn >= self.axis.size:
            return
        left, right = self.across(self._turn), self.across(self._turn + 1)
        wide = max(2.0, right - left)
        painter.fillRect(QRectF(left, 0, wide, self.height()), colors.color("text", 0.08))

    # Pointer and keys.

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.mark_at(event.position().toPoint())
        self.visit(number)
        if number is None:
            QToolTip.hideText()
        else:
            tip = words.plain(self.marks[number].tip)
            QToolTip.showText(event.globalPosition().toPoint(), tip, self)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.mark_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and number is not None:
            QToolTip.hideText()
            self.chosen.emit(self.marks[number].message)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.visit(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ENTER and self.current is not None:
            self.chosen.emit(self.marks[self.current].message)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.left.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif self.marks and key in _STEPS:
            number = self._stepped(key)
            self.visit(number)
            self._say(number)
        else:
            event.ignore()

    def _stepped(self, key: Qt.Key) -> int:
        last = len(self.marks) - 1
        if key == Qt.Key.Key_End:
            return last
        if key == Qt.Key.Key_Home or self.current is None:
            return 0
        return min(last, max(0, self.current + _STEPS[key]))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.visit(None)
        self.update()

    def _say(self, number: int) -> None:
        mark = self.marks[number]
        where = self.mapToGlobal(self.span(mark).center().toPoint() + QPoint(6, 6))
        QToolTip.showText(where, words.plain(mark.tip), self)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, mark.spoken))


_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: 0,
    Qt.Key.Key_End: 0,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
}
