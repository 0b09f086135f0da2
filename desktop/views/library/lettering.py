"""Texts that are drawn again and again: how wide each is and how it is shaped is found out once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QStaticText, QTransform

from desktop.look import fonts

T = TypeVar("T")

_RIGHT: Final = Qt.TextElideMode.ElideRight
_KEPT: Final = 600  # answers; a window full of rows asks for about two hundred


@dataclass(frozen=True, slots=True)
class Letters:
    """How a text looks, but for its colour."""

    size: float  # in points, before zoom
    weight: QFont.Weight = QFont.Weight.Normal
    even: bool = False  # digits of one width


class Lettering:
    """Measures and draws single lines in the application's font at the zoom of the last `look`."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._scale = 0.0
        self.found = 0  # answers that were not kept; tests count these

    def look(self) -> None:
        """Look what the zoom is now; before anything is asked for a row."""
        scale = fonts.scale()
        if scale != self._scale:
            self._scale = scale
            self._kept.clear()

    def height(self, letters: Letters) -> int:
        """Return how tall a line is."""
        return self._ask(("height", letters), lambda: self._metrics(letters).height())

    def width(self, text: str, letters: Letters) -> int:
        """Return how wide *text* is."""
        found = ("width", text, letters)
        return self._ask(found, lambda: self._metrics(letters).horizontalAdvance(text))

    def cut(self, text: str, letters: Letters, room: int, mode: Qt.TextElideMode = _RIGHT) -> str:
        """Return *text*, shortened where *mode* says if it is wider than *room*."""
        found = ("cut", text, letters, room, mode)
        return self._ask(found, lambda: self._metrics(letters).elidedText(text, mode, room))

    def draw(self, painter: QPainter, box: QRect, text: str, letters: Letters) -> None:
        """Draw *text* from the left of *box*, half way up, with *painter*'s pen."""
        shaped = self._ask(("shape", text, letters), lambda: self._shaped(text, letters))
        painter.setFont(self._font(letters))
        above = (box.height() - self.height(letters)) // 2
        painter.drawStaticText(QPoint(box.left(), box.top() + above), shaped)

    def _font(self, letters: Letters) -> QFont:
        make = fonts.numbers if letters.even else fonts.ui
        return self._ask(("font", letters), lambda: make(letters.size, letters.weight))

    def _metrics(self, letters: Letters) -> QFontMetrics:
        return QFontMetrics(self._font(letters))

    def _shaped(self, text: str, letters: Letters) -> QStaticText:
        made = QStaticText(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        made.prepare(QTransform(), self._font(letters))
        return made

    def _ask(self, key: Hashable, find: Callable[[], T]) -> T:
        if key in self._kept:
            self._kept.move_to_end(key)
            return cast("T", self._kept[key])  # what `find` returned for this very key
        self.found += 1
        made = find()
        self._kept[key] = made
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made
