"""The thinnest line between two things."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import metrics, theme


class Hairline(QWidget):
    """A line of one point, across or down."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
    ) -> None:
        super().__init__(parent)
        grows, stays = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        if orientation == Qt.Orientation.Horizontal:
            self.setFixedHeight(metrics.HAIRLINE)
            self.setSizePolicy(grows, stays)
        else:
            self.setFixedWidth(metrics.HAIRLINE)
            self.setSizePolicy(stays, grows)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.of(self.palette()).color("hairline"))
