"""What stands where nothing is: why, and what to do next."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, paint, theme
from desktop.look.widgets.buttons import PrimaryButton
from desktop.look.widgets.text import Text

_MEDAL: Final = 72
_WIDTH: Final = 380


class EmptyState(QWidget):
    """An icon, a title, a sentence and up to two buttons, in the middle of the space given."""

    primary_clicked = Signal()
    secondary_clicked = Signal()

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        icon: str,
        title: str,
        sentence: str,
        parent: QWidget | None = None,
        *,
        primary: str = "",
        secondary: str = "",
    ) -> None:
        super().__init__(parent)
        self._medal = _Medal(icon, self)
        self._title = Text(title, self, size=fonts.HEADING, weight=QFont.Weight.DemiBold)
        self._sentence = Text(sentence, self, size=fonts.UI, tone="muted", wrap=True)
        self.primary = PrimaryButton(primary, self)
        self.secondary = QPushButton(secondary, self)
        self.secondary.setAutoDefault(False)
        self._sentence.setMaximumWidth(_WIDTH)
        self._lay_out()
        self.primary.setVisible(bool(primary))
        self.secondary.setVisible(bool(secondary))
        self.primary.clicked.connect(self.primary_clicked)
        self.secondary.clicked.connect(self.secondary_clicked)
        self.say(title, sentence)

    def say(self, title: str, sentence: str) -> None:
        """Show *title* and *sentence* from now on."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def _lay_out(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(metrics.SMALL)
        buttons.addStretch()
        buttons.addWidget(self.primary)
        buttons.addWidget(self.secondary)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.WIDE, metrics.WIDE, metrics.WIDE)
        layout.setSpacing(0)
        layout.addStretch(4)
        layout.addWidget(self._medal, 0, middle)
        layout.addSpacing(metrics.LARGE)
        layout.addWidget(self._title, 0, middle)
        layout.addSpacing(6)
        layout.addLayout(_between_springs(self._sentence))
        layout.addSpacing(metrics.LARGE + metrics.TIGHT)
        layout.addLayout(buttons)
        layout.addStretch(5)  # a little above the middle looks like the middle


def _between_springs(label: Text) -> QHBoxLayout:
    """Return *label* in the middle: as wide as it may be, and then as high as that asks for."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(label, 1000)
    row.addStretch(1)
    return row


class _Medal(QWidget):
    """The icon on a soft disc."""

    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_MEDAL, _MEDAL)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), _MEDAL / 2, fill=paint.soft(colors, "accent"))
        inset = (_MEDAL - 32) // 2
        rect = QRect(inset, inset, 32, 32)
        icons.draw(painter, rect, self._icon, QColor(colors.link))
