"""How often each intent followed each, as a small table of counts."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.analysis.intents import Intent
from desktop.look import fonts, metrics, paint, theme, words
from desktop.look.words import translate
from desktop.models import insights_words as words_
from desktop.views.insights import inks
from desktop.views.insights.strips import initials

_ROW: Final = 22
_GAP: Final = 2
_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WAYS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class Matrix(QWidget):
    """Rows are intents, columns those of the next prompt; arrow keys walk the cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._intents: list[Intent] = []
        self._counts: dict[tuple[Intent, Intent], int] = {}
        self.current: tuple[int, int] | None = None
        self.setAccessibleName(translate("insights", "Which intent followed which"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_transitions(self, transitions: Sequence[tuple[str, str, int]]) -> None:
        """Show how often each intent followed each; those that never occur have no row."""
        counts = {(Intent(of), Intent(to)): many for of, to, many in transitions}
        used = {one for pair in counts for one in pair}
        self._counts = counts
        self._intents = [one for one in Intent if one in used]
        self.current = None
        most = max(counts, key=lambda pair: counts[pair], default=None)
        self.setAccessibleDescription(self.sentence(*most) if most is not None else "")
        self.updateGeometry()
        self.update()

    def sentence(self, of: Intent, to: Intent) -> str:
        """Return how often *to* followed *of*, as a sentence."""
        many = self._counts.get((of, to), 0)
        whole = sum(n for (first, _), n in self._counts.items() if first is of)
        return translate("insights", "After a {0} came a {1}: {2} of {3}").format(
            words_.intent(of), words_.intent(to), words.count(many), words.count(whole)
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, fonts.grown(_ROW) * (len(self._intents) + 1))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        most = max(self._counts.values(), default=1)
        letters = initials()
        for at, one in enumerate(self._intents):
            painter.setFont(fonts.ui(fonts.SMALL))
            painter.setPen(colors.color("muted"))
            side = self._cell(at, 0)
            room = QRectF(0, side.top(), side.left() - 6, side.height())
            name = words_.intent(one)
            shown = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.drawText(room, _LEFT, shown)
            head = self._cell(-1, at)
            painter.setFont(fonts.ui(fonts.MICRO, QFont.Weight.DemiBold))
            painter.drawText(head, _MIDDLE, letters[one])
            for beside, other in enumerate(self._intents):
                self._draw_cell(
                    painter, colors, (at, beside), self._counts.get((one, other), 0), most
                )
        if self.hasFocus():
            paint.focus_ring(painter, QRectF(self.rect()), metrics.RADIUS, colors)

    def _draw_cell(
        self, painter: QPainter, colors: theme.Theme, at: tuple[int, int], many: int, most: int
    ) -> None:
        cell = self._cell(*at)
        steps = len(colors.heat)
        fill = theme.mix(colors.text, colors.card, 0.045)
        if many:
            fill = QColor(colors.heat[min(steps - 1, many * steps // (most + 1))])
        paint.rounded(painter, cell, 3, fill=fill)
        if many:
            painter.setFont(fonts.numbers(fonts.SMALL))
            painter.setPen(inks.readable(colors, fill))
            painter.drawText(cell, _MIDDLE, words.count(many))
        if at == self.current:
            paint.rounded(painter, cell, 3, line=QPen(colors.color("text"), 1.5))

    def _cell(self, row: int, column: int) -> QRectF:
        tall = fonts.grown(_ROW)
        left = min(120.0, self.width() * 0.34)
        wide = min(64.0, (self.width() - left) / max(1, len(self._intents)))
        box = QRectF(left + column * wide, (row + 1) * tall, wide, tall)
        return box.adjusted(_GAP / 2, _GAP / 2, -_GAP / 2, -_GAP / 2)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = ""
            for row, of in enumerate(self._intents):
                for column, to in enumerate(self._intents):
                    if self._cell(row, column).contains(event.pos().toPointF()):
                        said = self.sentence(of, to)
            QToolTip.showText(event.globalPos(), words.plain(said) if said else "", self)
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, size = Qt.Key(event.key()), len(self._intents)
        if key not in _WAYS or not size:
            super().keyPressEvent(event)
            return
        row, column = self.current or (0, 0)
        down, across = _WAYS[key] if self.current is not None else (0, 0)
        row, column = min(size - 1, max(0, row + down)), min(size - 1, max(0, column + across))
        self.current = row, column
        self.update()
        said = self.sentence(self._intents[row], self._intents[column])
        where = self.mapToGlobal(self._cell(row, column).center().toPoint() + QPoint(6, 6))
        QToolTip.showText(where, words.plain(said), self)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.current = None
        self.update()
