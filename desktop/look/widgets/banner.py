"""One sentence across the top of a pane: what happened, and what still works."""

from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, paint, theme
from desktop.look.widgets.buttons import IconButton, QuietButton
from desktop.look.widgets.text import Text
from desktop.look.words import translate

BannerTone: TypeAlias = Literal["info", "ok", "warning", "error"]

_TOKENS: Final[dict[BannerTone, str]] = {
    "info": "link",
    "ok": "ok",
    "warning": "warning",
    "error": "failed",
}
_ICONS: Final[dict[BannerTone, str]] = {
    "info": "info",
    "ok": "ok",
    "warning": "warning",
    "error": "failed",
}
_INSET: Final = 12
_EDGE: Final = 6


class Banner(QWidget):
    """*sentence* on a ground of *tone*, with one *action* and a cross if it is *closable*."""

    acted = Signal()
    closed = Signal()  # the user closed it; it is hidden already

    def __init__(
        self,
        tone: BannerTone,
        sentence: str,
        parent: QWidget | None = None,
        *,
        action: str = "",
        closable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._tone: BannerTone = tone
        self._sentence = Text(sentence, self, wrap=True)
        self.action = QuietButton(action, self)
        cross = IconButton("close", translate("Banner", "Close"), self, size=metrics.ICON_SMALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._row = layout = QHBoxLayout(self)
        layout.setSpacing(metrics.SMALL)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self.action)
        layout.addWidget(cross)
        self.action.setVisible(bool(action))
        cross.setVisible(closable)
        self.action.clicked.connect(self.acted)
        cross.clicked.connect(self._go)
        self.say(tone, sentence)
        self._fit()

    def say(self, tone: BannerTone, sentence: str) -> None:
        """Show *sentence* in *tone* from now on."""
        self._tone = tone
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.update()

    @Slot()
    def _go(self) -> None:
        self.hide()
        self.closed.emit()

    def _fit(self) -> None:
        left = _INSET + fonts.grown(metrics.ICON) + metrics.SMALL
        self._row.setContentsMargins(left, _EDGE, metrics.SMALL, _EDGE)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(200, metrics.ROW + metrics.MEDIUM))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        token = _TOKENS[self._tone]
        painter = QPainter(self)
        paint.rounded(
            painter,
            QRectF(self.rect()),
            metrics.RADIUS_CARD,
            fill=paint.soft(colors, token),
            line=colors.color(token, 0.28),
        )
        side = fonts.grown(metrics.ICON)
        at = QRect(_INSET, (self.height() - side) // 2, side, side)
        icons.draw(painter, at, _ICONS[self._tone], colors.color(token))
