"""Pictures from logs: looked at before they are decoded, decoded small."""

from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF, Qt
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
    size: QSizeF = field(default_factory=QSizeF)  # in device-independent pixels
    pending: bool = False  # it was looked at and can be decoded


def looked_at(data: bytes, ratio: float = 1.0) -> Picture:
    """Return what the header of *data* tells, for a screen of *ratio*; nothing is decoded."""
    if not data:
        return Picture(None, translate("pictures", "The log does not hold the picture"))
    size = QSize()
    if len(data) <= _MOST_BYTES:
        buffer = _opened(data)
        size = _size(_reader(buffer))
    return told_of(size, len(data), ratio)


def told_of(size: QSize, length: int, ratio: float = 1.0) -> Picture:
    """Return what is known of a picture of *size* pixels and *length* bytes: as `looked_at`."""
    weight = words.size(length)
    if length > _MOST_BYTES:
        return Picture(None, translate("pictures", "{0}: too large to show").format(weight))
    if not size.isValid():
        return Picture(None, translate("pictures", "{0}: not a picture Clew shows").format(weight))
    about = f"{words.count(size.width())} × {words.count(size.height())}, {weight}"
    if size.width() * size.height() > _MOST_PIXELS:
        return Picture(None, translate("pictures", "{0}: too large to show").format(about))
    return Picture(None, about, QSizeF(_small(size, ratio)) / ratio, pending=True)


def decoded(data: bytes, found: Picture, ratio: float = 1.0) -> Picture:
    """Return *data* as a thumbnail, after `looked_at` has *found* that it can be one.

    Takes its time with a large picture, and may be called on any thread.
    """
    buffer = _opened(data)
    reader = _reader(buffer)
    size = _size(reader)
    if (small := _small(size, ratio)) != size:
        reader.setScaledSize(small)
    image = reader.read()
    if image.isNull():
        about = translate("pictures", "{0}: damaged").format(found.about)
        return replace(found, about=about, pending=False)
    image.setDevicePixelRatio(ratio)
    return replace(found, image=image, size=image.deviceIndependentSize(), pending=False)


def lost(found: Picture, *, damaged: bool) -> Picture:
    """Return *found* as one whose bytes cannot be had: they are *damaged*, or not at hand now."""
    if damaged:
        about = translate("pictures", "{0}: lost, for the archive is damaged").format(found.about)
    else:
        about = translate("pictures", "{0}: cannot be read now").format(found.about)
    return replace(found, about=about, pending=False)


def _opened(data: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


def _reader(buffer: QBuffer) -> QImageReader:
    """Return a reader of *buffer*, which has to outlive it."""
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAllocationLimit(256)
    return reader


def _size(reader: QImageReader) -> QSize:
    """Return the size in the header; an invalid one if the format is none that is shown."""
    # The format first: to tell an SVG's size Qt would read all of it.
    known = bytes(reader.format().data()).decode("ascii", "replace") in _FORMATS
    return reader.size() if known else QSize()


def _small(size: QSize, ratio: float) -> QSize:
    wanted = QSize(round(WIDEST * ratio), round(TALLEST * ratio))
    if size.width() <= wanted.width() and size.height() <= wanted.height():
        return size
    return size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
