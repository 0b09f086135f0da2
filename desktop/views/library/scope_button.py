"""The button over the conversation list that says which project is shown."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, paint, theme, words


class ScopeButton(QPushButton):
    """The project that is shown, how many conversations it has, and an arrow: press for others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._total = "", 0
        self.setProperty("kind", "chip")  # no frame: we paint ourselves
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(self.tr("All projects"), 0)

    def say(self, name: str, total: int) -> None:
        """Show the project *name* with *total* conversations."""
        self._name, self._total = words.one_line(name, 120), total
        spoken = words.plural(total, "conversation", "conversations")
        self.setAccessibleName(self.tr("Project: {0}, {1}").format(self._name, spoken))
        self.setToolTip(words.plain(self.tr("Choose a project")))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, max(metrics.CONTROL, QFontMetrics(fonts.ui()).height() + 12))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isDown():
            paint.rounded(painter, box, metrics.RADIUS, fill=QColor(colors.pressed))
        elif self.underMouse():
            paint.rounded(painter, box, metrics.RADIUS, fill=QColor(colors.hover))
        if self.hasFocus():
            paint.focus_ring(painter, box, colors=colors, radius=metrics.RADIUS)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        font = fonts.ui(fonts.UI, QFont.Weight.DemiBold)
        numbers = fonts.numbers(fonts.SMALL)
        said = words.count(self._total) if self._total else ""
        wide = QFontMetrics(numbers).horizontalAdvance(said)
        room = self.width() - 10 - 14 - 8 - wide - 20
        name = QFontMetrics(font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        painter.drawText(QRect(10, 0, room + 1, self.height()), line, name)
        left = 10 + QFontMetrics(font).horizontalAdvance(name) + 5
        middle = self.height() // 2
        icons.draw(painter, QRect(left, middle - 6, 13, 13), "chevron-down", colors.color("muted"))
        painter.setFont(numbers)
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRect(self.width() - wide - 8, 0, wide + 1, self.height()), line, said)
