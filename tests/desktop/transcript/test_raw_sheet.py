"""The record behind a row, as its file has it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.raw import Raw
from desktop.views.transcript.raw_sheet import RawSheet
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show


def sheets(view: TranscriptView) -> list[RawSheet]:
    return view.window().findChildren(RawSheet)


def test_a_key_opens_the_record_of_the_current_row(show: Show, log: Path) -> None:
    view = show(b.prompt("p", "hello"), b.calls("c", "t", parent="p"), b.answers("r", "t", "out"))
    view.rows.setCurrentIndex(view.model.index(1))
    QTest.keyClick(view.rows, Qt.Key.Key_R)
    (sheet,) = sheets(view)

    assert '"uuid": "c"' in sheet.text.toPlainText()
    assert sheet.text.isReadOnly()
    assert sheet.place.text() == str(log)
    assert sheet.facts.text().startswith("line 2 · byte ")
    assert not sheet.trouble.isVisible()

    view.rows.raw_block_wanted.emit(view.rows.result_of(1))

    assert any('"uuid": "r"' in one.text.toPlainText() for one in sheets(view))
    assert view.rows.result_of(0) == 0


def test_a_file_that_is_gone_is_said_and_nothing_is_shown(show: Show, log: Path) -> None:
    view = show(b.prompt("p", "hello"))
    log.unlink()
    view.rows.show_raw(0)
    (sheet,) = sheets(view)

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
