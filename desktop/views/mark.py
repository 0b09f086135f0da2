"""The sign of the app, in its own colours."""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import assets

_SIDE: Final = 72
_ICON_SIDES: Final = (16, 24, 32, 48, 64, 128, 256)


class Mark(QWidget):
    """The sign, *side* points large."""

    def __init__(self, parent: QWidget | None = None, *, side: int = _SIDE) -> None:
        super().__init__(parent)
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        _renderer().render(QPainter(self), QRectF(self.rect()))


def window_icon() -> QIcon:
    """Return the sign as the icon of windows, in every size a desktop may ask for."""
    made = QIcon()
    for side in _ICON_SIDES:
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        _renderer().render(painter, QRectF(0, 0, side, side))
        painter.end()
        made.addPixmap(picture)
    return made


@cache
def _renderer() -> QSvgRenderer:
    return QSvgRenderer(QByteArray(assets.text("icons/clew.svg").encode()))
