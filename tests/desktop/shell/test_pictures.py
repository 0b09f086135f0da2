"""Pictures that only the archive has, in the whole window."""

import base64
from pathlib import Path

from pytestqt.qtbot import QtBot

from core.model import BlockKind
from desktop.delegates.layouts import PicturePart
from desktop.main_window import MainWindow
from tests import builders as b
from tests.archives import archived
from tests.desktop.shell.conftest import Opened
from tests.desktop.transcript.test_thumbnails import png
from tests.library import imports, writing


def library(tmp_path: Path) -> Path:
    data = base64.b64encode(png(900, 600)).decode()
    source = {"type": "base64", "media_type": "image/png", "data": data}
    log = b.write(
        tmp_path / "logs" / "a.jsonl", b.prompt("p", [{"type": "image", "source": source}])
    )
    imports(tmp_path / "l.clew", log)
    archived(tmp_path / "l.clew")
    return tmp_path / "l.clew"


def part(window: MainWindow) -> PicturePart | None:
    """Return the first picture on show; None: there is only a line about it."""
    rows = window.transcript.rows
    for row in range(rows.rows.rowCount()):
        read = rows.rows.block_row(row)
        laid = rows.laid(row)
        if read is not None and laid is not None and read.kind is BlockKind.IMAGE:
            return next((one for one in laid.parts if isinstance(one, PicturePart)), None)
    return None


def test_a_picture_of_the_archive_is_shown(opened: Opened, tmp_path: Path, qtbot: QtBot) -> None:
    window = opened(library(tmp_path))
    qtbot.waitUntil(lambda: (found := part(window)) is not None and found.picture.image is not None)

    found = part(window)
    assert found is not None
    assert found.picture.about.startswith("900 × 600, ")


def test_a_picture_that_the_archive_has_lost_is_a_line_that_says_so(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    path = library(tmp_path)
    with writing(path) as (db, _):
        db.execute("UPDATE archive_pack SET data = zeroblob(length(data))")
    window = opened(path)
    qtbot.waitUntil(lambda: window.transcript.rows.rows.rowCount() > 0)
    thumbnails = window.transcript.rows.thumbnails
    block = window.transcript.model.spine.ids[0]
    ratio = window.transcript.rows.devicePixelRatioF()
    qtbot.waitUntil(lambda: not thumbnails.picture(block, ratio).pending)

    assert thumbnails.picture(block, ratio).about.endswith("lost, for the archive is damaged")
    assert part(window) is None
