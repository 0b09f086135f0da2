"""The record behind a row, as its file has it."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.raw import Raw, raw, raw_of_block
from core.store.connection import open_reader
from desktop.views.transcript.raw_sheet import RawSheet
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show


def opened(view: TranscriptView, library: Path, act: Callable[[], object]) -> RawSheet:
    """Return the sheet for the record that *act* asks *view* for."""
    messages: list[int] = []
    blocks: list[int] = []
    view.raw_wanted.connect(messages.append)
    view.raw_block_wanted.connect(blocks.append)
    act()
    view.raw_wanted.disconnect(messages.append)
    view.raw_block_wanted.disconnect(blocks.append)
    with closing(open_reader(library)) as db:
        found = [raw(db, one) for one in messages] + [raw_of_block(db, one) for one in blocks]
    return RawSheet(found[0], view)


def test_a_key_asks_for_the_record_of_the_current_row(
    show: Show, log: Path, tmp_path: Path
) -> None:
    view = show(b.prompt("p", "hello"), b.calls("c", "t", parent="p"), b.answers("r", "t", "out"))
    view.rows.setCurrentIndex(view.model.index(1))
    sheet = opened(view, tmp_path / "library.clew", lambda: QTest.keyClick(view.rows, Qt.Key.Key_R))

    assert '"uuid": "c"' in sheet.text.toPlainText()
    assert sheet.text.isReadOnly()
    assert sheet.place.text() == str(log)
    assert sheet.facts.text().startswith("line 2 · byte ")
    assert not sheet.trouble.isVisible()

    wanted = view.rows.result_of(1)
    other = opened(view, tmp_path / "library.clew", lambda: view.rows.raw_block_wanted.emit(wanted))

    assert '"uuid": "r"' in other.text.toPlainText()
    assert view.rows.result_of(0) == 0


def test_a_file_that_is_gone_is_said_and_nothing_is_shown(
    show: Show, log: Path, tmp_path: Path
) -> None:
    view = show(b.prompt("p", "hello"))
    log.unlink()
    sheet = opened(view, tmp_path / "library.clew", lambda: view.rows.show_raw(0))

    assert "no longer there" in sheet.trouble.text()
    assert not sheet.text.isVisible()


def test_text_is_plain_broken_and_copied_as_it_stands(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    said = '{"a": "<b>bold</b>' + "x" * 9_000 + '\u202e"}'
    sheet = RawSheet(Raw(said, "/x/<b>.jsonl", 1, 0), parent)
    lines = sheet.text.toPlainText().split("\n")

    assert "<b>bold</b>" in lines[1]
    assert max(map(len, lines)) <= 4_001
    assert "\u202e" not in sheet.text.toPlainText()
    (copy,) = (each for each in sheet.findChildren(QPushButton) if each.text() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == said
