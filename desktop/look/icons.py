"""One-colour icons, drawn from SVG in the colour that theme and state ask for."""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

from desktop.look import assets, metrics, theme

_SUFFIX: Final = ".svg"
_APP_ICON: Final = "clew"  # begins the names of those in the same folder with other colours
_MIRRORED: Final = {  # in languages written from right to left
    "back": "forward",
    "forward": "back",
    "chevron-left": "chevron-right",
    "chevron-right": "chevron-left",
}

# PySide 6.11 does not see that clone() gives its answer away, and would delete it under Qt's hands.
# Qt clones only icons that are changed after they were copied, so these are few.
_clones: Final[list[QIconEngine]] = []


@cache
def names() -> tuple[str, ...]:
    """Return the names of all icons, sorted."""
    found = (name.removesuffix(_SUFFIX) for name in assets.names("icons", _SUFFIX))
    return tuple(name for name in found if not name.startswith(_APP_ICON))


def icon(name: str, color: str | None = None) -> QIcon:
    """Return the icon *name*, in the palette's text colour or in *color*.

    *color* is a token such as ``"muted"``, which follows the theme, or ``#RRGGBB``, which stays.
    Disabled and, without *color*, selected icons take the colours of such text.

    Raises:
        KeyError: there is no such icon.
    """
    _source(name)
    return _icon(name, color)


def pixmap(name: str, size: int, color: QColor | str, ratio: float = 1.0) -> QPixmap:
    """Return the icon *name*, *size* by *size* points, for a screen with *ratio* pixels a point.

    *color* is a colour or ``#RRGGBB``. Cached, so fit for use in paint events.

    Raises:
        KeyError: there is no such icon.
    """
    ink = QColor(color)
    key = f"look/{name}/{size}/{ink.rgba():x}/{ratio:.3f}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawing = QSvgRenderer(QByteArray(svg(name, ink)))
    side = max(1, round(size * ratio))
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setOpacity(ink.alphaF())
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


def draw(painter: QPainter, rect: QRect, name: str, color: QColor | str) -> None:
    """Draw the icon *name* as large as it fits into *rect*, in its middle, in *color*."""
    side = min(rect.width(), rect.height())
    at = rect.topLeft() + QPoint((rect.width() - side) // 2, (rect.height() - side) // 2)
    painter.drawPixmap(at, pixmap(name, side, color, painter.device().devicePixelRatioF()))


def svg(name: str, color: QColor) -> bytes:
    """Return the drawing of the icon *name* with *color* for its ink, opaque.

    Raises:
        KeyError: there is no such icon.
    """
    return _source(name).replace("currentColor", color.name()).encode()


@cache
def _icon(name: str, color: str | None) -> QIcon:
    return QIcon(_Engine(name, color))


@cache
def _source(name: str) -> str:
    if name not in names():
        raise KeyError(name)
    return assets.text(f"icons/{name}{_SUFFIX}")


def _at_the_start(drawn: QPixmap, width: int, ratio: float) -> QPixmap:
    """Return *drawn* where reading starts in a pixmap of *width* points.

    Buttons leave 4 points between icon and text, whatever one does; air in the icon makes it more.
    """
    made = QPixmap(max(drawn.width(), round(width * ratio)), drawn.height())
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    drawn_width = drawn.deviceIndependentSize().width()
    painter.drawPixmap(QPointF(width - drawn_width if _from_right() else 0.0, 0.0), drawn)
    painter.end()
    return made


def _from_right() -> bool:
    return QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


class _Engine(QIconEngine):
    """Decides colour and size when asked to paint, so nothing is to be renewed with the theme."""

    def __init__(self, name: str, color: str | None) -> None:
        super().__init__()
        self._name = name
        self._color = color

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        draw(painter, rect, self._shape(), self._ink(mode))

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    @override
    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        side = max(1, min(size.width(), size.height()))
        made = pixmap(self._shape(), side, self._ink(mode), scale)
        return _at_the_start(made, size.width(), scale) if size.width() > side else made

    @override
    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return size

    @override
    def availableSizes(
        self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(metrics.ICON, metrics.ICON)]

    @override
    def clone(self) -> QIconEngine:
        made = _Engine(self._name, self._color)
        _clones.append(made)
        return made

    @override
    def key(self) -> str:
        return "clew"

    @override
    def iconName(self) -> str:
        return self._name

    @override
    def isNull(self) -> bool:
        return False

    def _shape(self) -> str:
        return _MIRRORED.get(self._name, self._name) if _from_right() else self._name

    def _ink(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        if self._color is not None:
            fixed = self._color.startswith("#")
            return QColor(self._color) if fixed else theme.of(palette).color(self._color)
        selected = mode == QIcon.Mode.Selected
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.ButtonText
        return palette.color(QPalette.ColorGroup.Active, role)
