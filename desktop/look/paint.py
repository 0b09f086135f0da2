"""What widgets and delegates draw with: rounded boxes, pills and focus rings that stay crisp."""

from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from desktop.look import metrics, theme

_SOFT_LIGHT: Final = (1.0, 0.945)  # share of the saturation kept, lightness
_SOFT_DARK: Final = (0.42, 0.18)
_ROW_INSET: Final = 6.0
_PILL_MARGIN: Final = 7.0
_CENTRED: Final = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    *,
    fill: QColor | None = None,
    line: QColor | QPen | None = None,
) -> None:
    """Draw a box with round corners into *rect*; its *line* lies inside, so nothing is cut."""
    pen = QPen(Qt.PenStyle.NoPen) if line is None else QPen(line)
    inset = 0.0 if line is None else pen.widthF() / 2
    box = rect.adjusted(inset, inset, -inset, -inset)
    corner = max(0.0, min(radius - inset, box.height() / 2, box.width() / 2))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawRoundedRect(box, corner, corner)
    painter.restore()


def card(widget: QWidget) -> None:
    """Draw the ground of *widget* as a card that lies on a page. Call it in its `paintEvent`."""
    _ground(widget, "card", "card_border")


def raised(widget: QWidget) -> None:
    """Draw the ground of *widget* as a panel that floats above. Call it in its `paintEvent`."""
    _ground(widget, "raised", "control_border")


def _ground(widget: QWidget, fill: str, line: str) -> None:
    colors = theme.of(widget.palette())
    box = QRectF(widget.rect())
    fill_color, line_color = colors.color(fill), colors.color(line)
    rounded(QPainter(widget), box, metrics.RADIUS_CARD, fill=fill_color, line=line_color)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, colors: theme.Theme) -> None:
    """Draw the ring that says where the keyboard is, inside the edge of *rect*."""
    rounded(painter, rect, radius, line=QPen(QColor(colors.focus), metrics.FOCUS_RING))


def soft(colors: theme.Theme, token: str) -> QColor:
    """Return the ground for something *token*-coloured: the same hue, almost the window's light.

    Not a blend with the window: that turns the dark yellow of warnings to mud.
    """
    saturation, lightness = _SOFT_DARK if colors.dark else _SOFT_LIGHT
    ink = colors.color(token)
    return QColor.fromHslF(max(0.0, ink.hslHueF()), ink.hslSaturationF() * saturation, lightness)


def row(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw the ground of the row *option* describes: selected or not, under the pointer, focused.

    Selected rows are coloured where the keyboard is and grey elsewhere; the ring comes only to
    those who move by keys. Call it first in `paint`, then draw the words.
    """
    colors = theme.of(option.palette)
    state, on = option.state, QStyle.StateFlag
    box = QRectF(option.rect).adjusted(_ROW_INSET, 1, -_ROW_INSET, -1)
    if state & on.State_Selected:
        token = "selection" if state & on.State_Active else "selection_inactive"
        rounded(painter, box, metrics.RADIUS, fill=colors.color(token))
    elif state & on.State_MouseOver:
        rounded(painter, box, metrics.RADIUS, fill=colors.color("hover"))
    if state & on.State_HasFocus and state & on.State_KeyboardFocusChange:
        focus_ring(painter, box, metrics.RADIUS, colors)


def pill_size(text: str, font: QFont) -> QSizeF:
    """Return the room that `pill` takes for *text* in *font*."""
    measured = QFontMetricsF(font)
    height = round(measured.height()) + 2.0
    return QSizeF(max(height, measured.horizontalAdvance(text) + 2 * _PILL_MARGIN), height)


def pill(painter: QPainter, rect: QRectF, text: str, *, ink: QColor, fill: QColor) -> None:
    """Draw *text* in *ink* and the painter's font on a pill of *fill* that covers *rect*."""
    rounded(painter, rect, rect.height() / 2, fill=fill)
    painter.setPen(ink)
    painter.drawText(rect, _CENTRED, text)


def key_cap(painter: QPainter, rect: QRectF, text: str, colors: theme.Theme) -> None:
    """Draw the keys *text* in the painter's font as a small key that covers *rect*."""
    line = QColor(colors.control_border)
    rounded(painter, rect, metrics.RADIUS_SMALL, fill=QColor(colors.panel), line=line)
    painter.setPen(QColor(colors.faint))
    painter.drawText(rect, _CENTRED, text)
