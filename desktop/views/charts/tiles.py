"""The numbers above the charts."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint, words
from desktop.look.widgets.text import ElidedLabel, Text

_NARROWEST = 148


class Tile(QWidget):
    """A number, what it counts, and a quiet remark."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        label = ElidedLabel(title, self, size=fonts.SMALL, tone="muted")
        self._value = Text(words.NO_TIME, self, size=fonts.TITLE, weight=QFont.Weight.DemiBold)
        self._value.setFont(fonts.numbers(fonts.TITLE, QFont.Weight.DemiBold))
        self._remark = ElidedLabel("", self, size=fonts.SMALL, tone="faint")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.MEDIUM)
        layout.setSpacing(2)
        for widget in (label, self._value, self._remark):
            layout.addWidget(widget)

    @property
    def value(self) -> str:
        """The number as it is shown."""
        return self._value.text()

    def say(self, value: str, remark: str = "", *, whole: str = "") -> None:
        """Show *value* and *remark*; *whole* is the number in full, for the tool tip."""
        self._value.setText(value)
        self._remark.setText(remark)
        self.setToolTip(words.plain(whole) if whole else "")
        self.setAccessibleName(f"{self._title}: {whole or value}. {remark}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.card(self)


class Tiles(QWidget):
    """Tiles side by side, on as few lines as the width allows."""

    def __init__(self, tiles: Sequence[Tile], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = tuple(tiles)
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(metrics.MEDIUM)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._arrange(len(self._tiles))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = max(1, (self.width() + metrics.MEDIUM) // (_NARROWEST + metrics.MEDIUM))
        lines = -(-len(self._tiles) // fits)
        self._arrange(-(-len(self._tiles) // lines))

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for at, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, at // across, at % across)
        for column in range(len(self._tiles)):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
