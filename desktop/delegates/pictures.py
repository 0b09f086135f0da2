"""Pictures from logs: looked at before they are decoded, decoded small, kept for a while."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from desktop.look import words
from desktop.look.words import translate

WIDEST: Final = 320  # device-independent pixels
TALLEST: Final = 320
_MOST_PIXELS: Final = 50_000_000
_MOST_BYTES: Final = 20_000_000
_FORMATS: Final = {"png", "jpeg", "jpg", "gif", "webp", "bmp"}  # no SVG: it can refer to files


@dataclass(frozen=True)
class Picture:
    """A thumbnail, or why there is none."""

    image: QImage | None
    about: str  # such as "1,280 × 720, 84 kB"


def thumbnail(data: bytes, ratio: float = 1.0) -> Picture:
    """Return *data* as a picture of at most 320 points a side for a screen of *ratio*."""
    weight = words.size(len(data))
    if not data:
        return Picture(None, translate("pictures", "The log does not hold the picture"))
    if len(data) > _MOST_BYTES:
        return Picture(None, translate("pictures", "{0}: too large to show").format(weight))
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAllocationLimit(256)
    # The format first: to tell an SVG's size Qt would read all of it.
    known = bytes(reader.format().data()).decode("ascii", "replace") in _FORMATS
    size = reader.size() if known else QSize()  # from the header; nothing is decoded yet
    if not size.isValid():
        return Picture(None, translate("pictures", "{0}: not a picture Clew shows").format(weight))
    about = f"{words.count(size.width())} × {words.count(size.height())}, {weight}"
    if size.width() * size.height() > _MOST_PIXELS:
        return Picture(None, translate("pictures", "{0}: too large to show").format(about))
    wanted = QSize(round(WIDEST * ratio), round(TALLEST * ratio))
    if size.width() > wanted.width() or size.height() > wanted.height():
        scaled = size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(scaled.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return Picture(None, translate("pictures", "{0}: damaged").format(about))
    image.setDevicePixelRatio(ratio)
    return Picture(image, about)
