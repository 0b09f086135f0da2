"""Values one can select and copy, their names beside them, and small bars."""

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.look.widgets.text import Text

_BARE: Final = """
QLineEdit, QLineEdit:hover, QLineEdit:read-only {
    background: transparent; border: none; border-radius: 3px; padding: 0; min-height: 0;
}
QLineEdit:focus { background: transparent; border: none; padding: 0; }
"""


_NAMES: Final = 76  # points of the names, so that several groups stand in line


class Value(QLineEdit):
    """One line of plain text to select and copy; cut in the middle until one goes to it."""

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        text: str,
        name: str,
        parent: QWidget | None = None,
        *,
        small: bool = False,
        right: bool = False,
        tone: str = "text",
        tip: str = "",
    ) -> None:
        super().__init__(parent)
        self._tip = tip  # instead of what does not fit
        self._size = fonts.SMALL if small else fonts.UI
        self._tone = tone
        self.setReadOnly(True)
        self.setFrame(False)
        self.setAccessibleName(name)
        self.setStyleSheet(_BARE)
        self.setTextMargins(-2, 0, -2, 0)  # QLineEdit adds two points of its own
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy.Policy.Minimum if right else QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.setFont(fonts.numbers(self._size))
        self.say(text)

    def say(self, text: str) -> None:
        """Show *text* from now on; a selection stays if it is the same."""
        line = words.one_line(text, 2_000)
        if line != self.text():
            self.setText(line)
            self.setCursorPosition(0)
        self._tell_rest()

    @override
    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 6
        return QSize(wide, self.fontMetrics().height() + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        least = self.sizeHint()
        if self.alignment() & Qt.AlignmentFlag.AlignRight:
            return least
        return QSize(min(40, least.width()), least.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_rest()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # the zoom may have changed
            self.setFont(fonts.numbers(self._size))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self.hasSelectedText():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.of(self.palette()).color(self._tone))
        room = self.rect()
        flags = self.alignment() | Qt.TextFlag.TextSingleLine
        painter.drawText(room, flags, self._shown())

    def _shown(self) -> str:
        middle = Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(self.text(), middle, self.width())

    def _tell_rest(self) -> None:
        whole = self._shown() == self.text()
        tip = self._tip or ("" if whole else self.text())
        self.setToolTip(words.plain(tip) if tip else "")


class Bar(QWidget):
    """A thin bar: *share* of the longest, of which *failed* is drawn in its colour."""

    def __init__(self, share: float, failed: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = share
        self._failed = failed
        self.setFixedHeight(metrics.PROGRESS)
        self.setMinimumWidth(32)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        round_ = box.height() / 2
        paint.rounded(painter, box, round_, fill=QColor(colors.track))
        box.setWidth(max(box.height(), box.width() * self._share))
        paint.rounded(painter, box, round_, fill=QColor(colors.chart[0]))
        if self._failed > 0:
            painter.setClipRect(QRectF(0, 0, max(2.0, box.width() * self._failed), box.height()))
            paint.rounded(painter, box, round_, fill=QColor(colors.failed))


class Facts(QWidget):
    """Names on the left, values on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(metrics.MEDIUM)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, fonts.grown(_NAMES))

    def note(self, sentence: str) -> None:
        """Add a quiet sentence over both columns."""
        text = Text(sentence, size=fonts.SMALL, tone="muted", wrap=True)
        text.setContentsMargins(0, 1, 0, 2)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(text, self._grid.rowCount(), 0, 1, 2)

    def add(self, name: str, value: str, tip: str = "", *, tone: str = "text") -> None:
        """Add a line, unless *value* is empty; *tip* tells more about it."""
        if not value:
            return
        row = self._grid.rowCount()
        label = Text(name, size=fonts.UI, tone="muted")
        shown = Value(value, name, tone=tone, tip=tip)
        label.setToolTip(words.plain(tip) if tip else "")
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(shown, row, 1)


def heading(text: str) -> Text:
    """Return the small heading over a group of facts."""
    return Text(text, size=fonts.SMALL, weight=QFont.Weight.DemiBold, tone="muted")
