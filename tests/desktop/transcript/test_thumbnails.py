import struct
import zlib

import shiboken6
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.delegates import pictures
from desktop.delegates.layouts import PicturePart
from desktop.views.transcript.thumbnails import Thumbnails
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(buffer.data().data())


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that says it is *width* by *height*, and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def part(view: TranscriptView) -> PicturePart:
    laid = view.rows.laid(0)
    assert laid is not None
    return next(part for part in laid.parts if isinstance(part, PicturePart))


def test_the_header_tells_the_size_and_nothing_is_decoded() -> None:
    found = pictures.looked_at(png(1_600, 800), ratio=2.0)

    assert (found.image, found.pending) == (None, True)
    assert (found.size.width(), found.size.height()) == (320, 160)
    assert found.about.startswith("1,600 × 800, ")


def test_a_bomb_is_refused_by_its_header(qtbot: QtBot) -> None:
    thumbnails = Thumbnails(lambda _: bomb(60_000, 60_000))
    found = thumbnails.picture(1, 1.0)

    assert (found.image, found.pending) == (None, False)
    assert "too large to show" in found.about
    assert thumbnails._errands is None  # no thread was even started


def test_a_damaged_picture_says_so(qtbot: QtBot) -> None:
    thumbnails = Thumbnails(lambda _: bomb(2_000, 2_000)[:-40])
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.picture(1, 1.0).pending

    found = thumbnails.picture(1, 1.0)
    assert (found.image is None, found.pending) == (True, False)
    assert found.about.endswith("damaged")


def test_who_scrolls_on_does_not_wait_for_what_is_gone(qtbot: QtBot) -> None:
    data = png(900, 900)
    thumbnails = Thumbnails(lambda _: data)
    for block in range(100):
        thumbnails.picture(block, 1.0)
    qtbot.waitUntil(lambda: not thumbnails._waiting)

    assert len(thumbnails._kept) <= 48
    assert thumbnails.picture(99, 1.0).image is not None


def test_a_row_keeps_its_place_while_its_picture_comes(show: Show, qtbot: QtBot) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": b.PNG}
    view = show(b.prompt("p", [{"type": "image", "source": source}]), b.says("a", "seen", "p"))
    before = part(view)
    places = list(view.rows.scroller.visible)
    qtbot.waitUntil(lambda: part(view).picture.image is not None)

    assert before.rect == part(view).rect
    assert places == view.rows.scroller.visible


def test_the_thread_ends_with_its_owner_even_in_the_middle_of_a_picture(qtbot: QtBot) -> None:
    data = png(5_000, 5_000)
    thumbnails = Thumbnails(lambda _: data)
    thumbnails.picture(1, 1.0)
    assert thumbnails._errands is not None
    thread = thumbnails._errands._thread
    assert thread.is_alive()
    shiboken6.delete(thumbnails)

    assert not thread.is_alive()
