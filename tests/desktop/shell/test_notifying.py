"""What waits for the person is told once, quietly, and with no timer while nothing is live."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from core.events import ConversationChanged, FilesFound, ImportFinished
from core.queries import conversations
from core.queries.conversations import Bucket
from core.store.connection import open_reader
from desktop import settings
from desktop.main_window import MainWindow
from desktop.models import waiting_words
from desktop.models.conversation_cells import Role
from desktop.models.conversations import ConversationsModel
from desktop.models.waiting import WAIT_MS, Notices, Waits, waits
from desktop.settings import Settings
from desktop.views.notices.sheet import NoticesSheet
from desktop.window.notifying import Notifying
from desktop.window.tray import Tray
from tests import builders as b
from tests import library
from tests.desktop.shell.conftest import Opened, key
from tests.desktop.shell.test_live import Clock

ON = Notices(on=True)
GUESS = Notices(on=True, pending=True)
START = int(b.START.timestamp() * 1000)


class Shown(Tray):
    """A desktop that keeps what it was asked to show."""

    def __init__(self) -> None:
        super().__init__(QIcon())
        self.said: list[str] = []
        self.up = False

    @property
    def able(self) -> bool:
        return True

    def show(self, sentence: str) -> bool:
        self.said.append(sentence)
        self.up = True
        return True

    def hide(self) -> None:
        self.up = False


class Stand:
    """A window, and what tells of waits in it, by a clock that is set by hand."""

    def __init__(self, window: MainWindow, clock: Clock, wanted: Notices) -> None:
        self.window, self.clock, self.tray = window, clock, Shown()
        self.notifying = Notifying(wanted, self.tray, clock)
        self.notifying.connect_to(window, window.status, window.list, window.engine)
        window.conversation_shown.connect(self.notifying.note_shown)
        self.notifying.opened.connect(window.show_conversation)

    def grows(self, kept: Path, logs: Path, number: int, record: b.Record) -> None:
        """Append *record* to conversation *number*, and have the engine's signal say so."""
        b.append(logs / f"{key(number)}.jsonl", *b.of(key(number), record))
        library.imports(kept, logs, hold=library.NO_LOCK)
        self.hears(number)

    def hears(self, number: int) -> None:
        event = ConversationChanged(1, key(number), key(number), (), 0, regrouped=False)
        self.window.engine.conversation_changed.emit(event)

    def passes(self, ms: int) -> None:
        """Let *ms* pass, and the timer fire if it runs and somebody is due by then."""
        self.clock.now += ms
        if self.notifying.timer.isActive() and self.notifying._waits.until_due() == 0:
            self.notifying.timer.timeout.emit()

    @property
    def badge(self) -> str:
        return self.window.status.waiting.text() if self.window.status.waiting.isVisible() else ""

    def role(self, number: int, role: Role) -> object:
        return self.window.list.model.index_of(key(number)).data(role)


@pytest.fixture
def stand(
    opened: Opened, kept: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stand]:
    monkeypatch.setattr(QWidget, "isActiveWindow", lambda _self: False)
    monkeypatch.setattr(
        QWidget, "raise_", lambda _self: None
    )  # nothing is in front without a screen
    made = Stand(opened(kept), Clock(), getattr(request, "param", ON))
    yield made
    made.notifying.leave()


def test_a_conversation_that_waits_is_told_once_after_two_minutes(
    stand: Stand, kept: Path, logs: Path
) -> None:
    stand.grows(kept, logs, 1, b.says("s", "Done.", f"{key(1)}-r", at=95))
    stand.passes(WAIT_MS - 1)
    assert stand.tray.said == []

    stand.passes(1)
    assert stand.tray.said == ["A conversation has waited for you for 2 minutes."]
    assert stand.badge == "1 waits for you"
    stand.hears(1)  # the program wrote something that is no message
    stand.passes(WAIT_MS)

    assert len(stand.tray.said) == 1
    assert stand.badge == "1 waits for you"


def test_growth_puts_it_off_and_an_answer_takes_it_back(
    stand: Stand, kept: Path, logs: Path
) -> None:
    stand.grows(kept, logs, 1, b.says("s", "Done.", f"{key(1)}-r", at=95))
    stand.passes(60_000)
    stand.grows(kept, logs, 1, b.says("s2", "Really.", "s", at=96))
    stand.passes(60_000)
    assert stand.tray.said == []
    stand.passes(60_000)
    assert (len(stand.tray.said), stand.tray.up) == (1, True)

    stand.grows(kept, logs, 1, b.prompt("q", "go on", "s2", at=97))

    assert (stand.badge, stand.tray.up) == ("", False)
    stand.grows(kept, logs, 1, b.says("s3", "Done again.", "q", at=98))
    stand.passes(WAIT_MS)
    assert len(stand.tray.said) == 2


def test_no_timer_runs_while_nothing_has_grown_or_it_is_off(
    stand: Stand, kept: Path, logs: Path
) -> None:
    timer = stand.notifying.timer
    assert not timer.isActive()
    stand.hears(1)
    assert (timer.isActive(), timer.interval()) == (True, WAIT_MS)
    stand.passes(WAIT_MS)
    assert not timer.isActive()

    stand.notifying.choose(Notices())
    stand.hears(1)

    assert not timer.isActive()


def test_what_the_person_has_in_front_of_him_is_not_told(
    stand: Stand, kept: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_reader(kept)) as db:
        row = conversations.one(db, key(1))
    assert row is not None
    stand.window.show_conversation(row)
    monkeypatch.setattr(QWidget, "isActiveWindow", lambda _self: True)

    stand.grows(kept, logs, 1, b.says("s", "Done.", f"{key(1)}-r", at=95))
    stand.passes(WAIT_MS)

    assert (stand.tray.said, stand.badge) == ([], "")


def test_who_comes_back_to_what_waits_has_seen_it(
    stand: Stand, kept: Path, logs: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    with closing(open_reader(kept)) as db:
        row = conversations.one(db, key(1))
    assert row is not None
    stand.window.show_conversation(row)
    stand.grows(kept, logs, 1, b.says("s", "Done.", f"{key(1)}-r", at=95))
    stand.passes(WAIT_MS)
    assert stand.badge == "1 waits for you"

    monkeypatch.setattr(QWidget, "isActiveWindow", lambda _self: True)
    qapp.focusWindowChanged.emit(stand.window.windowHandle())
    qapp.processEvents()

    assert (stand.badge, stand.tray.up) == ("", False)


def test_a_press_shows_the_conversation_that_has_waited_longest(
    stand: Stand, kept: Path, logs: Path
) -> None:
    stand.grows(kept, logs, 1, b.says("s", "Done.", f"{key(1)}-r", at=95))
    stand.passes(1_000)
    stand.grows(kept, logs, 3, b.says("z", "Done.", f"{key(3)}-r", at=90_000))
    stand.passes(WAIT_MS - 1_000)
    stand.passes(1_000)
    assert stand.badge == "2 wait for you"
    assert stand.role(3, Role.WAITS)
    assert stand.role(3, Role.STATE) == "waiting for you"

    stand.tray.clicked.emit()
    assert stand.window.current is not None
    assert stand.window.current.key == key(1)
    assert stand.badge == "1 waits for you"
    stand.window.status.waiting.click()

    assert stand.window.current.key == key(3)
    assert (stand.badge, stand.tray.up) == ("", False)
    assert not stand.role(3, Role.WAITS)


@pytest.mark.parametrize("stand", [ON, GUESS], indirect=True)
def test_a_call_without_a_result_is_told_as_a_guess_if_that_is_wanted(
    stand: Stand, kept: Path, logs: Path
) -> None:
    stand.grows(kept, logs, 1, b.calls("c", "t", parent=f"{key(1)}-r", at=96))
    stand.passes(WAIT_MS)

    if stand.notifying.wanted.pending:
        assert "It may still run" in stand.tray.said[0]
        assert stand.badge == "1 may wait for you"
        assert stand.role(1, Role.WAITS)
    else:
        assert (stand.tray.said, stand.badge) == ([], "")


def test_a_call_that_is_waited_for_no_longer_shows_a_clock_that_stands_still(
    kept: Path, logs: Path, qapp: QApplication
) -> None:
    b.append(
        logs / f"{key(1)}.jsonl", *b.of(key(1), b.calls("c", "t", parent=f"{key(1)}-r", at=190))
    )
    library.imports(kept, logs)
    clock = Clock()
    clock.now = START + 200_000
    model = ConversationsModel(clock=clock)
    with closing(open_reader(kept)) as db:
        model.open_library(db)
        model.show_waiting([key(1)])
        live = model.index_of(key(1)).data(Role.STATE)
        clock.now += WAIT_MS
        later = model.index_of(key(1)).data(Role.STATE)

    assert (live, later) == ("working: Bash 0:10", "Bash: no result yet")


@pytest.mark.parametrize("stand", [GUESS], indirect=True)
def test_a_guess_is_taken_back_once_guesses_are_not_wanted(
    stand: Stand, kept: Path, logs: Path
) -> None:
    stand.grows(kept, logs, 1, b.calls("c", "t", parent=f"{key(1)}-r", at=96))
    stand.passes(WAIT_MS)
    assert stand.badge == "1 may wait for you"

    stand.notifying.choose(ON)

    assert (stand.badge, stand.tray.up) == ("", False)


def test_an_import_tells_of_nothing_but_what_was_written_a_moment_ago(
    stand: Stand, kept: Path, logs: Path
) -> None:
    engine = stand.window.engine
    engine.files_found.emit(FilesFound(3, 100))
    stand.grows(kept, logs, 3, b.says("z", "Done.", f"{key(3)}-r", at=90_000))
    at = (stand.clock.now - START) / 1000 - 30
    stand.grows(kept, logs, 1, b.says("s", "Done.", f"{key(1)}-r", at=at))
    assert not stand.notifying.timer.isActive()

    engine.import_finished.emit(ImportFinished(3, 2, 0, 100, 0.1, cancelled=False))
    stand.passes(WAIT_MS - 30_000)

    assert len(stand.tray.said) == 1
    assert stand.badge == "1 waits for you"
    assert stand.role(1, Role.WAITS)


def test_nothing_of_a_log_is_in_what_is_said(kept: Path) -> None:
    with closing(open_reader(kept)) as db:
        rows = conversations.page(db)

    for some in (rows[:1], rows):
        said = waiting_words.notification(some) + waiting_words.badge(some)
        assert not any(row.title in said or row.project in said for row in rows)


def test_only_transcripts_of_one_s_own_wait(kept: Path) -> None:
    with closing(open_reader(kept)) as db:
        row = conversations.one(db, key(1))
    assert row is not None

    assert waits(row, ON)
    for bucket in (Bucket.NOISE, Bucket.GHOST):
        assert not waits(replace(row, bucket=bucket), ON)


def test_a_clock_that_is_set_back_puts_nothing_off_for_ever() -> None:
    clock = Clock()
    made = Waits(clock)
    made.hear("a")
    clock.now -= 3_600_000

    assert made.until_due() == WAIT_MS


def test_the_settings_say_where_it_is_told_and_are_kept(opened: Opened, kept: Path) -> None:
    window = opened(kept, settings=Settings(notices=True))
    action = window.findChild(QAction, "notices")
    assert action is not None
    action.trigger()
    (sheet,) = window.findChildren(NoticesSheet)
    assert sheet.where.text().startswith("This desktop shows no notifications")
    assert not sheet.attempt.isEnabled()
    assert (sheet.switch.isChecked(), sheet.pending.isEnabled()) == (True, True)

    sheet.pending.click()
    sheet.accept()
    opened.close()

    (kept_settings,) = opened.kept
    assert (kept_settings.notices, kept_settings.notices_pending) == (True, True)


def test_the_choices_are_remembered(tmp_path: Path) -> None:
    assert not settings.load(tmp_path).notices
    settings.save(tmp_path, Settings(notices=True, notices_pending=True))
    found = settings.load(tmp_path)

    assert (found.notices, found.notices_pending) == (True, True)


def test_the_sheet_offers_a_notification_to_see_one(stand: Stand, qtbot: QtBot) -> None:
    stand.notifying.show()
    sheet = stand.notifying.sheet
    assert sheet is not None
    sheet.attempt.click()
    assert stand.tray.said == [waiting_words.example()]

    sheet.switch.click()
    assert not stand.notifying.wanted.on
    sheet.accept()

    assert stand.notifying.sheet is None
    assert not stand.tray.up


def test_the_desktop_s_own_icon_is_there_as_long_as_something_is_told(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray = Tray(QIcon())
    visible: list[bool] = []
    said: list[Any] = []
    pressed: list[int] = []
    tray.clicked.connect(lambda: pressed.append(1))
    assert not tray.show("No area, no message.")
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, *given: said.append(given))
    for name, up in (("show", True), ("hide", False)):
        monkeypatch.setattr(QSystemTrayIcon, name, lambda _self, up=up: visible.append(up))

    assert tray.show("A conversation waits.")
    icon = tray._shown
    assert icon is not None
    icon.messageClicked.emit()
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    tray.hide()

    assert [given[1] for given in said] == ["A conversation waits."]
    assert len(pressed) == 2
    assert visible == [True, False]


def test_a_line_that_an_agent_writes_is_told_by_the_real_engine(
    opened: Opened, kept: Path, logs: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.models.waiting.WAIT_MS", 200)
    monkeypatch.setattr(QWidget, "isActiveWindow", lambda _self: False)
    window = opened(kept, settings=Settings(notices=True))
    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        window.add([logs])
    said = b.says("s", "Done.", f"{key(1)}-r", at=95)
    b.append(logs / f"{key(1)}.jsonl", *b.of(key(1), said))

    qtbot.waitUntil(lambda: window.status.waiting.text() == "1 waits for you", timeout=20_000)
    window.status.waiting.click()

    assert window.current is not None
    assert window.current.key == key(1)
    assert not window.status.waiting.isVisible()
