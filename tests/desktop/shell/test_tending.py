"""Where data health leads in the window: to a conversation, a folder, and a record."""

import os
import threading
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from core.raw import Raw, raw
from desktop.main_window import MainWindow
from desktop.views.health.pages import FORMATS, KINDS, PROBLEMS
from desktop.views.transcript.raw_sheet import RawSheet
from desktop.window import tending
from tests import builders
from tests.desktop.shell.conftest import Opened, key, talk


@pytest.fixture
def window(opened: Opened, kept: Path, qtbot: QtBot) -> MainWindow:
    made = opened(kept)
    with qtbot.waitSignal(made.health.loaded):
        made.command("health")
    return made


def test_a_file_leads_to_its_conversation(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.conversation_shown):
        window.health.conversation_wanted.emit(key(1))

    assert window.current is not None
    assert window.current.key == key(1)


def test_a_file_leads_to_its_folder_or_says_that_it_is_gone(
    window: MainWindow, logs: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    asked: list[QUrl] = []
    answers = [True, False]

    def open_url(url: QUrl) -> bool:
        asked.append(url)
        return answers.pop(0)

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window.health.folder_wanted.emit(os.fsencode(logs / "a.jsonl"))
    qtbot.waitUntil(lambda: asked == [QUrl.fromLocalFile(str(logs))])
    assert not window.banner.isVisible()
    window.health.folder_wanted.emit(os.fsencode(logs / "a.jsonl"))
    qtbot.waitUntil(lambda: "No program opens" in window.banner.accessibleName())
    window.health.folder_wanted.emit(b"/nowhere/at/all/a.jsonl")
    qtbot.waitUntil(lambda: "is gone" in window.banner.accessibleName())


def test_a_kind_leads_to_its_record_in_plain_text(window: MainWindow, qtbot: QtBot) -> None:
    health = window.health
    health.show_part(KINDS)
    health.page.table.chosen.emit(0)
    qtbot.waitUntil(lambda: bool(window.findChildren(RawSheet)))
    (sheet,) = window.findChildren(RawSheet)

    assert sheet.text.isReadOnly()
    assert '"sessionId"' in sheet.text.toPlainText()
    sheet.close()


def test_a_row_leads_to_its_record_which_is_read_off_the_windows_thread(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def noting(db: Connection, message: int) -> Raw:
        readers.append(threading.current_thread())
        return raw(db, message)

    monkeypatch.setattr(tending, "raw", noting)
    window.transcript.rows.show_raw(0)
    qtbot.waitUntil(lambda: bool(window.findChildren(RawSheet)))
    (sheet,) = window.findChildren(RawSheet)

    assert "bump the spindle" in sheet.text.toPlainText()
    assert threading.main_thread() not in readers
    sheet.close()


def test_details_and_problems_of_the_status_line_turn_the_drawer(window: MainWindow) -> None:
    status, health = window.status, window.health
    status.problems_wanted.emit()
    assert (health.isVisible(), health.part.current) == (True, PROBLEMS)
    status.health_wanted.emit()
    assert (health.isVisible(), health.part.current) == (True, FORMATS)
    status.health_wanted.emit()
    assert not health.isVisible()


def test_what_an_import_brings_is_shown_at_its_end(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    more = tmp_path / "more"
    builders.write(more / f"{key(8)}.jsonl", *talk(key(8), "hello"), "{torn\n")
    before = window.health.files.total
    with qtbot.waitSignals([window.import_ended, window.health.loaded], timeout=10_000):
        window.add((more,))

    assert window.health.files.total == before + 1
    assert window.status.news.text() == "1 file: 1 Claude Code"
