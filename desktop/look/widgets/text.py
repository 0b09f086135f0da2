"""Labels that never take what a log says for HTML, and follow the text zoom."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from desktop.look import fonts, words

Tone: TypeAlias = Literal["text", "muted", "faint", "failed", "warning", "ok", "link"]


class Text(QLabel):
    """Plain text of one size, weight and tone."""

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: float = fonts.UI,
        weight: QFont.Weight = QFont.Weight.Normal,
        tone: Tone = "text",
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._weight = weight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self.setFont(fonts.ui(size, weight))
        self.setText(text)

    @override
    def setText(self, text: str, /) -> None:
        super().setText(words.visible(text))

    def set_tone(self, tone: Tone) -> None:
        """Draw the text in the colour of *tone* from now on."""
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # the zoom may have changed
            self.setFont(fonts.ui(self._size, self._weight))


class SectionTitle(Text):
    """The quiet heading over a group of things."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent, size=fonts.SMALL, weight=QFont.Weight.DemiBold, tone="muted")


class ElidedLabel(Text):
    """One line that gives way: what does not fit is in the tool tip."""

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        size: float = fonts.UI,
        weight: QFont.Weight = QFont.Weight.Normal,
        tone: Tone = "text",
    ) -> None:
        self._mode = mode
        self._meaning = ""
        super().__init__(text, parent, size=size, weight=weight, tone=tone)

    @override
    def setText(self, text: str, /) -> None:
        super().setText(words.one_line(text, 2_000))
        self._tell_rest()

    def explain(self, meaning: str) -> None:
        """Say in the tool tip what the text means, behind what of it does not fit."""
        self._meaning = meaning
        self._tell_rest()

    @override
    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().horizontalAdvance("W" + words.ELLIPSIS)
        return QSize(min(least, self.sizeHint().width()), super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_rest()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(
            self.contentsRect(),
            self.alignment() | Qt.TextFlag.TextSingleLine,
            self._shown(),
        )

    def _shown(self) -> str:
        width = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), self._mode, width)

    def _tell_rest(self) -> None:
        rest = "" if self._shown() == self.text() else self.text()
        tip = "\n".join(filter(None, (rest, self._meaning)))
        self.setToolTip(words.plain(tip) if tip else "")
