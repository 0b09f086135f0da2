"""The local feed in the window: off at first, turned on and off, shown with its tools."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QGuiApplication
from pytestqt.qtbot import QtBot

from core.events import LibraryReady
from core.stream.metrics import Metrics
from core.stream.settings import Choices
from core.stream.state import FeedState, ToolRow
from desktop import settings
from desktop.models import feed_words
from desktop.settings import Settings
from desktop.views.feed.sheet import FeedSheet
from desktop.window.feeding import Feeding
from tests.core.stream import raw

TOOL = ToolRow(7, "<b>bar</b>", "127.0.0.1:5", 65, ("*", "project:/srv/x"), 1_284, 3, 0)
ON = FeedState(
    on=True, urls=("ws://127.0.0.1:4/",), file=Path("/tmp/l.stream.json"), token="t", tools=(TOOL,)
)


@pytest.fixture
def feeding(kept: Path, qapp: QObject) -> Iterator[Feeding]:
    made = Feeding(kept, Choices(), on=False)
    yield made
    made.leave()


def looked(feeding: Feeding) -> bool:
    feeding.look()
    return True


def test_the_sheet_shows_tools_and_numbers_and_asks_for_what_is_pressed(qtbot: QtBot) -> None:
    sheet = FeedSheet(Choices(), wanted=True)
    qtbot.addWidget(sheet)
    ended: list[int] = []
    chosen: list[Choices] = []
    sheet.disconnected.connect(ended.append)
    sheet.chosen.connect(chosen.append)

    sheet.show_state(ON, wanted=True)
    sheet.end.click()
    sheet.text.click()
    sheet.redact.click()

    cells = [sheet.model.index(0, column).data() for column in range(sheet.model.columnCount())]
    assert cells == ["<b>bar</b>", "127.0.0.1:5", "1 min 5 s", "everything, /srv/x", "1,284"]
    assert ended == [7]
    assert chosen == [Choices(full_text=True), Choices(full_text=True, redact=False)]


def test_numbers_are_told_in_plain_words() -> None:
    metrics = Metrics(
        uptime_s=60, connections=1, connections_total=3, disconnections=2, per_hour=3,
        subscriptions=1, broadcasts=5, delivered=6, failed=1, dropped=1, rate_limited=2,
        errors=(("origin", 4), ("new_kind", 1)),
    )  # fmt: skip

    assert feed_words.numbers(metrics).splitlines() == [
        "On for 1 min. 3 connections in the last hour, 3 in all, 2 ended.",
        "1 subscription now. 5 updates sent as 6 copies; 1 could not be delivered.",
        "1 tool dropped for not reading, 2 for saying too much.",
        "Errors: 4 web pages refused, 1 new_kind.",
    ]
    assert feed_words.status(FeedState(trouble="No."), wanted=True) == "No."
    assert feed_words.status(FeedState(), wanted=False) == "Off. Nothing listens."
    assert feed_words.status(FeedState(), wanted=True) == "Starting…"


def test_it_is_off_until_somebody_turns_it_on_and_then_tools_get_in(
    feeding: Feeding, kept: Path, qtbot: QtBot
) -> None:
    file = kept.with_name("library.stream.json")
    file.write_text("{}")  # left by a program that was killed
    feeding._begin(LibraryReady(str(kept)))
    assert not file.exists()

    feeding.show()
    sheet = feeding.sheet
    assert sheet is not None
    sheet.switch.click()
    qtbot.waitUntil(lambda: looked(feeding) and sheet.status.text().startswith("On at"))
    said = json.loads(file.read_text("utf-8"))
    sheet.copy_token.click()
    with raw.connected(said["port"], said["token"]):
        qtbot.waitUntil(lambda: looked(feeding) and sheet.model.rowCount() == 1)
        sheet.end.click()
        qtbot.waitUntil(lambda: looked(feeding) and sheet.model.rowCount() == 0)
    sheet.switch.click()
    qtbot.waitUntil(lambda: not file.exists())

    assert QGuiApplication.clipboard().text() == said["token"]
    assert not feeding.on
    sheet.close()
    assert feeding.sheet is None


def test_the_window_serves_from_the_start_if_that_was_chosen_and_ends_it(
    opened: Any, kept: Path, logs: Path, qtbot: QtBot
) -> None:
    file = kept.with_name("library.stream.json")
    wanted = Settings(feed=True, feed_text=True, feed_redact=False)
    window = opened(kept, logs, settings=wanted)
    qtbot.waitUntil(file.exists)
    said = json.loads(file.read_text("utf-8"))
    with raw.connected(said["port"], said["token"]) as sock:
        sock.sendall(raw.frame(1, b'{"type": "subscribe", "topic": "*"}'))
        assert b"subscribed" in sock.recv(4_096)
        window.engine.add([logs])
        assert b"import_progress" in sock.recv(65_536)
    action = window.findChild(QAction, "feed")
    assert action is not None
    opened.close()

    assert not file.exists()
    (kept_settings,) = opened.kept
    assert kept_settings.feed
    assert (kept_settings.feed_text, kept_settings.feed_redact) == (True, False)


def test_the_choices_are_remembered(tmp_path: Path) -> None:
    settings.save(tmp_path, Settings(feed=True, feed_text=True, feed_redact=False))
    found = settings.load(tmp_path)
    settings.save(tmp_path, Settings())
    usual = settings.load(tmp_path)

    assert (found.feed, found.feed_text, found.feed_redact) == (True, True, False)
    assert (usual.feed, usual.feed_text, usual.feed_redact) == (False, False, True)
