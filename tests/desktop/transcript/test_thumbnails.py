import base64
import sqlite3
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.errors import DamagedPackError, StoreError
from core.queries.pictures import HeldPicture
from core.store.readers import Readers
from desktop.delegates import pictures
from desktop.delegates.layouts import PicturePart
from desktop.views.transcript.thumbnails import Thumbnails
from desktop.views.transcript.view import TranscriptView
from desktop.workers.errands import Stale
from tests import builders as b
from tests.archives import archived
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


def holding(data: bytes) -> Callable[[int], HeldPicture]:
    """Return what says of any block that the library has *data* for it."""
    return lambda _: HeldPicture("image/png", data, len(data))


def fetching(found: bytes | Exception) -> Callable[[int, Stale], bytes]:
    """Return what fetches *found* for any block."""

    def fetched(_block: int, _stale: Stale) -> bytes:
        assert threading.current_thread() is not threading.main_thread()
        if isinstance(found, Exception):
            raise found
        return found

    return fetched


def elsewhere(_block: int) -> HeldPicture:
    """Say that only the archive has a picture of 900 by 600."""
    return HeldPicture("image/png", b"", 5_000, 900, 600, archived=True)


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
    thumbnails = Thumbnails(holding(bomb(60_000, 60_000)), fetching(b""))
    found = thumbnails.picture(1, 1.0)

    assert (found.image, found.pending) == (None, False)
    assert "too large to show" in found.about
    assert thumbnails._errands is None  # no thread was even started


def test_a_damaged_picture_says_so(qtbot: QtBot) -> None:
    thumbnails = Thumbnails(holding(bomb(2_000, 2_000)[:-40]), fetching(b""))
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.picture(1, 1.0).pending

    found = thumbnails.picture(1, 1.0)
    assert (found.image is None, found.pending) == (True, False)
    assert found.about.endswith("damaged")


def test_who_scrolls_on_does_not_wait_for_what_is_gone(qtbot: QtBot) -> None:
    data = png(900, 900)
    thumbnails = Thumbnails(holding(data), fetching(b""))
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


def test_a_picture_of_the_archive_has_its_size_at_once_and_comes_from_another_thread(
    qtbot: QtBot,
) -> None:
    thumbnails = Thumbnails(elsewhere, fetching(png(900, 600)))
    with qtbot.waitSignal(thumbnails.ready):
        first = thumbnails.picture(1, 1.0)
    then = thumbnails.picture(1, 1.0)

    assert (first.image, first.pending) == (None, True)
    assert first.about.startswith("900 × 600, 5")
    assert then.image is not None
    assert then.size == first.size


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DamagedPackError("…"), "lost, for the archive is damaged"),
        (StoreError("…"), "cannot be read now"),
        (sqlite3.OperationalError("…"), "cannot be read now"),
    ],
)
def test_a_picture_that_cannot_be_had_says_why(qtbot: QtBot, error: Exception, words: str) -> None:
    thumbnails = Thumbnails(elsewhere, fetching(error))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.picture(1, 1.0)
    found = thumbnails.picture(1, 1.0)

    assert (found.image, found.pending) == (None, False)
    assert found.about.endswith(words)


def test_a_row_keeps_its_place_while_its_picture_comes_out_of_the_archive(
    show: Show, tmp_path: Path, qtbot: QtBot
) -> None:
    data = base64.b64encode(png(900, 600)).decode()
    source = {"type": "base64", "media_type": "image/png", "data": data}
    view = show(b.prompt("p", [{"type": "image", "source": source}]), b.says("a", "seen", "p"))
    archived(tmp_path / "library.clew")
    view.model.pictures.readers = readers = Readers(tmp_path / "library.clew", most=1)
    view.rows.thumbnails.clear()
    view.rows.layouts.clear()
    before = part(view)
    places = list(view.rows.scroller.visible)
    qtbot.waitUntil(lambda: part(view).picture.image is not None)

    held = view.model.pictures.held(view.model.spine.ids[0])
    assert held is not None
    assert held.archived
    assert before.rect == part(view).rect
    assert places == view.rows.scroller.visible
    readers.close()


def test_the_thread_ends_with_its_owner_even_in_the_middle_of_a_picture(qtbot: QtBot) -> None:
    data = png(5_000, 5_000)
    thumbnails = Thumbnails(holding(data), fetching(b""))
    thumbnails.picture(1, 1.0)
    assert thumbnails._errands is not None
    thread = thumbnails._errands._thread
    assert thread.is_alive()
    shiboken6.delete(thumbnails)

    assert not thread.is_alive()
