"""Charts and tables as files: PNG and SVG as they are on the screen, CSV as the table has it."""

from functools import partial
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QImageWriter, QPainter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from desktop.look import fonts, metrics, theme
from desktop.views.charts.card import Card
from desktop.views.saving import CSV, Saver, csv_bytes

SHARP: Final = 2  # pixels of a PNG for each point of the screen
_FILTERS: Final = {"png": "PNG (*.png)", "svg": "SVG (*.svg)", "csv": CSV}


class Exporter(Saver):
    """Saves cards."""

    def ask(self, card: Card, kind: str) -> None:
        """Ask where to put *card* as *kind*, png, svg or csv."""
        self.choose(card.title, _FILTERS[kind], partial(content, card, kind))

    def save(self, card: Card, kind: str, path: str) -> None:
        """Write *card* as *kind* to *path*, whole or not at all."""
        self.write(partial(content, card, kind), path)


def content(card: Card, kind: str) -> bytes:
    """Return *card* as *kind*, png, svg or csv."""
    match kind:
        case "csv":
            return csv_bytes(card.table.model_.csv())
        case "svg":
            return _svg(card)
        case _:
            return _png(card)


def _png(card: Card) -> bytes:
    size = _size(card)
    image = QImage(size * SHARP, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARP)
    image.fill(QColor(theme.of(card.palette()).card))
    painter = QPainter(image)
    _paint(card, painter, size)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def _svg(card: Card) -> bytes:
    size = _size(card)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    maker = QSvgGenerator()
    maker.setOutputDevice(buffer)
    maker.setSize(size)
    maker.setViewBox(QRect(QPoint(0, 0), size))
    maker.setTitle(card.title)
    painter = QPainter(maker)
    painter.fillRect(QRect(QPoint(0, 0), size), QColor(theme.of(card.palette()).card))
    _paint(card, painter, size)
    painter.end()
    return bytes(data.data())


def _heads(card: Card) -> tuple[tuple[str, QFont, str], ...]:
    return (
        (card.title, fonts.ui(fonts.HEADING, QFont.Weight.DemiBold), "text"),
        (card.caption, fonts.ui(fonts.SMALL), "muted"),
    )


def _size(card: Card) -> QSize:
    tall = sum(QFontMetrics(font).height() + metrics.SMALL for _, font, _ in _heads(card))
    legend = card.legend.height() + metrics.SMALL if card.legend is not None else 0
    body = card.body.size()
    return QSize(
        body.width() + 2 * metrics.LARGE, body.height() + tall + legend + 2 * metrics.LARGE
    )


def _paint(card: Card, painter: QPainter, size: QSize) -> None:
    """Draw the title, the caption, the chart and its legend below each other."""
    colors = theme.of(card.palette())
    left = top = metrics.LARGE
    for text, font, tone in _heads(card):
        painter.setFont(font)
        painter.setPen(colors.color(tone))
        face = QFontMetrics(font)
        room = size.width() - 2 * left
        shown = face.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(left, top + face.ascent(), shown)
        top += face.height() + metrics.SMALL
    # Without grounds of their own, the card's is there already. Not QGraphicsView's own way: that
    # draws the scene alone, and our drawings go by points of the screen.
    flags = QWidget.RenderFlag.DrawChildren
    QWidget.render(card.body, painter, QPoint(left, top), QRegion(), flags)
    top += card.body.height() + metrics.SMALL
    if card.legend is not None:
        QWidget.render(card.legend, painter, QPoint(left, top), QRegion(), flags)
