"""A note that opens beside a button, and goes with the next click."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint
from desktop.look.widgets.text import Text

_WIDTH = 300


class Popover(QFrame):
    """A few sentences of plain text."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(text)
        words = Text(text, self, size=fonts.UI, wrap=True)
        words.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.MEDIUM)
        layout.addWidget(words)

    def open_below(self, button: QWidget) -> None:
        """Show the note under *button*, on its screen."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        room = button.screen().availableGeometry()
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        if corner.y() + self.height() > room.bottom():
            corner.setY(button.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4)
        self.move(corner)
        self.show()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.raised(self)
