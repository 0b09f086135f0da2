"""One quiet sentence in the middle of a narrow pane."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import icons, metrics, theme
from desktop.look.widgets.text import Text


class Blank(QWidget):
    """An icon and a sentence that says why nothing is here."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Text("", self, tone="muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.WIDE, metrics.WIDE, metrics.WIDE)
        layout.setSpacing(metrics.MEDIUM)
        layout.addStretch(2)
        layout.addWidget(_Glyph(icon, self), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._words)
        layout.addStretch(3)

    def say(self, sentence: str) -> None:
        """Show *sentence* from now on."""
        self._words.setText(sentence)
        self.setAccessibleName(sentence)


class _Glyph(QWidget):
    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(metrics.WIDE + 4, metrics.WIDE + 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        icons.draw(QPainter(self), QRect(self.rect()), self._icon, colors.color("faint"))
