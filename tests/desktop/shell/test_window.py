import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import code_pages
from core.queries.conversations import Sort
from core.store import writer
from desktop import app as application
from desktop import thrift
from desktop.look import fonts
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.window import tidying
from tests import builders
from tests.desktop.shell.conftest import Opened, key, talk


def imported(window: MainWindow, qtbot: QtBot, *paths: Path) -> None:
    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        window.add(paths)


def title(window: MainWindow) -> str:
    assert window.current is not None
    return window.current.title


def test_a_library_with_conversations_opens_on_the_newest(opened: Opened, kept: Path) -> None:
    window = opened(kept)

    assert window.page == "library"
    assert title(window) == "bump the spindle"
    assert window.windowTitle() == "bump the spindle – Clew"
    assert window.seen() == {"rows": 3, "transcript_rows": 2}


def test_the_first_start_shows_what_was_found_and_enter_opens_it(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew", roots=(logs,))
    assert window.page == "welcome"
    qtbot.waitUntil(lambda: window.welcome.said.startswith("Found 3 transcripts"))

    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        QTest.keyClick(window.welcome.open, Qt.Key.Key_Return)

    assert window.page == "library"
    assert window.list.model.loaded == 3
    assert window.settings.roots == (logs,)


def test_a_path_on_the_command_line_is_read_at_once(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew", logs)
    qtbot.waitUntil(lambda: window.list.model.loaded == 3)

    assert window.page == "library"
    assert window.settings.roots == ()


def test_roots_of_earlier_are_followed_from_the_start(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew", settings=Settings(roots=(logs,)))
    qtbot.waitUntil(lambda: window.list.model.loaded == 3)

    assert window.page == "library"


def test_a_line_that_is_written_appears_in_list_and_transcript(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew")
    imported(window, qtbot, logs)
    row = window.list.model.row_at(window.list.model.index_of(key(1)))
    assert row is not None
    window.show_conversation(row)
    before = window.seen()["transcript_rows"]
    more = builders.prompt(f"{key(1)}-q", "and now?", f"{key(1)}-r", at=3 * 86_400.0)
    builders.append(logs / f"{key(1)}.jsonl", *builders.of(key(1), more))

    qtbot.waitUntil(lambda: window.seen()["transcript_rows"] > before, timeout=10_000)
    qtbot.waitUntil(lambda: window.list.model.index_of(key(1)).row() == 0)
    assert title(window) == "why does the loom stop"
    assert window.list.tree.currentIndex() == window.list.model.index_of(key(1))


def test_an_import_does_not_move_what_the_user_looks_at(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "many"
    for number in range(60):
        said = talk(key(number), f"talk {number}", day=number)
        builders.write(folder / f"{key(number)}.jsonl", *said)
    window = opened(tmp_path / "new.clew")
    imported(window, qtbot, folder)
    tree = window.list.tree
    tree.scrollTo(window.list.model.index_of(key(10)))
    chosen = window.list.model.row_at(window.list.model.index_of(key(10)))
    assert chosen is not None
    window.show_conversation(chosen)
    place = tree.visualRect(window.list.model.index_of(key(10))).top()
    for number in range(60, 70):
        said = talk(key(number), f"talk {number}", day=number)
        builders.write(folder / f"{key(number)}.jsonl", *said)
    imported(window, qtbot, folder)

    assert window.list.model.loaded == 70
    assert tree.visualRect(window.list.model.index_of(key(10))).top() == place
    assert tree.currentIndex() == window.list.model.index_of(key(10))
    assert title(window) == "talk 10"


@pytest.fixture
def newest_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose files are read in such an order that the newest conversation comes last.

    Each is committed by itself, as files are that are not as small as these.
    """
    monkeypatch.setattr(writer, "FULL_RECORDS", 1)
    folder = tmp_path / "backwards"
    for number in range(1, 6):
        said = talk(key(number), f"talk {number}", day=number)
        path = builders.write(folder / f"{key(number)}.jsonl", *said)
        builders.older(path, -100 * number)
    return folder


class Patience(QObject):
    """Lets an engine go on only when the window has seen its last commit."""

    @Slot(object)
    def see(self, _event: object) -> None:
        pass


def watched(window: MainWindow) -> list[str]:
    """Return a list that fills with the titles of what is shown while the engine goes slowly."""
    patience = Patience(window)
    window.engine.conversation_changed.connect(
        patience.see, Qt.ConnectionType.BlockingQueuedConnection
    )
    shown: list[str] = []
    window.conversation_shown.connect(lambda row: shown.append(row.title))
    return shown


def test_a_first_import_ends_with_the_newest_conversation_on_show(
    opened: Opened, tmp_path: Path, newest_last: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew")
    shown = watched(window)
    imported(window, qtbot, newest_last)

    assert shown[0] == "talk 1"
    assert title(window) == "talk 5"
    assert window.windowTitle() == "talk 5 – Clew"
    assert window.list.tree.currentIndex() == window.list.model.index_of(key(5))
    assert not window.bar.back.isEnabled()


def click(window: MainWindow) -> None:
    QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton)


def type_(window: MainWindow) -> None:
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Shift)


def scroll(window: MainWindow) -> None:
    at = QPointF(640, 400)
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(
        at, at, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, none, phase, False
    )
    QApplication.sendEvent(window.windowHandle(), turned)


def command(window: MainWindow) -> None:
    window.command("inspector")


def choose(window: MainWindow) -> None:
    assert window.current is not None
    window.show_conversation(window.current)


@pytest.mark.parametrize("act", [click, type_, scroll, command, choose])
def test_a_first_import_leaves_on_show_what_the_user_has_begun_to_look_at(
    opened: Opened,
    tmp_path: Path,
    newest_last: Path,
    qtbot: QtBot,
    act: Callable[[MainWindow], None],
) -> None:
    window = opened(tmp_path / "new.clew")
    shown = watched(window)
    window.conversation_shown.connect(lambda _row: act(window))
    imported(window, qtbot, newest_last)

    assert window.list.model.loaded == 5
    assert shown == ["talk 1"]
    assert title(window) == "talk 1"


def test_a_later_import_leaves_on_show_what_the_first_one_ended_with(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew")
    imported(window, qtbot, logs)
    assert title(window) == "bump the spindle"
    builders.write(logs / f"{key(4)}.jsonl", *talk(key(4), "spin again", day=9))
    imported(window, qtbot, logs)

    assert window.list.model.loaded == 4
    assert title(window) == "bump the spindle"


def test_memory_goes_back_after_an_import_that_read_something(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[threading.Thread] = []
    monkeypatch.setattr(tidying, "_WAIT_MS", 0)
    monkeypatch.setattr(thrift, "give_back_memory", lambda: gone.append(threading.current_thread()))
    window = opened(tmp_path / "new.clew")
    imported(window, qtbot, logs)
    qtbot.waitUntil(lambda: len(gone) == 1)
    imported(window, qtbot, logs)
    qtbot.wait(50)

    assert len(gone) == 1
    assert gone[0] is not threading.main_thread()


def test_code_is_let_go_soon_after_something_was_shown_and_once_more(
    opened: Opened, kept: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "_SOON_MS", 0)
    monkeypatch.setattr(tidying, "_WAIT_MS", 200)
    gone: list[threading.Thread] = []

    def let_go(_above: int) -> bool:
        gone.append(threading.current_thread())
        return True

    monkeypatch.setattr(code_pages, "let_go", let_go)
    window = opened(kept)
    qtbot.waitUntil(lambda: len(gone) >= 2)
    before = len(gone)
    window.command("insights")
    qtbot.waitUntil(lambda: len(gone) >= before + 2)

    assert threading.main_thread() not in gone


def test_code_is_let_go_when_an_import_has_found_its_files(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wait in ("_SOON_MS", "_WAIT_MS"):
        monkeypatch.setattr(tidying, wait, 3_600_000)
    gone: list[int] = []
    monkeypatch.setattr(code_pages, "let_go", gone.append)
    window = opened(tmp_path / "new.clew")
    assert not gone
    imported(window, qtbot, logs)

    qtbot.waitUntil(lambda: bool(gone))


def test_memory_can_be_given_back_on_any_system(monkeypatch: pytest.MonkeyPatch) -> None:
    thrift.give_back_memory()
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())  # a C library without it
    thrift.give_back_memory()


def test_one_project_can_be_sorted_as_all_can(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    window.list.show_project("/home/ada/loom")
    for name in ("sort_longest", "sort_errors"):
        choice = window.list.menu.choices[name]
        choice.trigger()
        assert choice.isEnabled()
        assert f"sort_{window.list.model.order.value}" == name
        assert window.list.model.loaded == 1
    window.list.show_project(None)

    assert window.list.model.order is Sort.ERRORS
    assert window.list.model.loaded == 3


def test_typing_finds_and_enter_goes_to_the_message(
    opened: Opened, kept: Path, qtbot: QtBot
) -> None:
    window = opened(kept)
    window.command("find")
    with qtbot.waitSignal(window.panel.answered):
        QTest.keyClicks(window.bar.search, "loom")
    assert window.panel.isVisible()
    assert window.panel.head.text().startswith("2 hits in 1 conversation · ")

    QTest.keyClick(window.bar.search, Qt.Key.Key_Down)
    QTest.keyClick(window.bar.search, Qt.Key.Key_Return)

    assert not window.panel.isVisible()
    assert title(window) == "why does the loom stop"


def test_escape_closes_the_results_and_keeps_the_words(
    opened: Opened, kept: Path, qtbot: QtBot
) -> None:
    window = opened(kept)
    window.command("find")
    with qtbot.waitSignal(window.panel.answered):
        QTest.keyClicks(window.bar.search, "loom")
    QTest.keyClick(window.bar.search, Qt.Key.Key_Escape)

    assert not window.panel.isVisible()
    assert window.bar.search.text() == "loom"


@pytest.mark.parametrize("typed", ["qqqzzz", "C++", '"', "foo-bar AND", "in:", "<b>", "\x00"])
def test_whatever_is_typed_is_answered(
    opened: Opened, kept: Path, qtbot: QtBot, typed: str
) -> None:
    window = opened(kept)
    window.command("find")
    with qtbot.waitSignal(window.panel.answered):
        window.bar.search.setText(typed)

    assert "failed" not in window.panel.head.text()


def test_back_and_forward_go_through_what_was_opened(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    for number in (1, 2):
        row = window.list.model.row_at(window.list.model.index_of(key(number)))
        assert row is not None
        window.show_conversation(row)
    window.command("back")
    assert title(window) == "why does the loom stop"
    window.command("back")
    assert title(window) == "bump the spindle"
    window.command("forward")
    assert title(window) == "why does the loom stop"


def test_f6_goes_round_the_panes(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    window.activateWindow()
    window.bar.search.setFocus()
    gone = []
    for _ in range(4):
        window.command("next_pane")
        gone.append(window.focusWidget())

    assert gone[0] is window.list.tree
    assert window.transcript.isAncestorOf(gone[1])
    assert window.inspector.isAncestorOf(gone[2])


def test_the_inspector_gives_way_in_a_narrow_window(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    assert window.inspector.isVisible()
    window.resize(1000, 700)
    assert not window.inspector.isVisible()
    window.resize(1280, 800)
    assert window.inspector.isVisible()
    window.command("inspector")
    assert not window.inspector.isVisible()
    assert not window.settings.inspector


def test_a_folder_dropped_on_the_window_is_read(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew")
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(logs))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(window.overlay.counted):
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(9, 9), copy, carried, left, none))
    assert window.overlay.isVisible()

    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), copy, carried, left, none))

    assert not window.overlay.isVisible()
    assert window.list.model.loaded == 3


def test_escape_takes_a_drop_back(opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot) -> None:
    window = opened(tmp_path / "new.clew")
    window.overlay.hover([logs])
    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert not window.overlay.isVisible()
    assert window.list.model.loaded == 0


def test_a_file_that_is_no_library_leaves_a_window_that_says_so(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 400)
    window = opened(path)

    assert window.page == "recovery"
    assert window.isVisible()
    assert "not a Clew library" in window.recovery.accessibleDescription()
    assert "untouched" in window.recovery.accessibleDescription()


def test_problems_open_from_the_status_line(opened: Opened, tmp_path: Path, qtbot: QtBot) -> None:
    path = builders.write(tmp_path / "l" / f"{key(1)}.jsonl", *talk(key(1), "hello"), "{torn\n")
    window = opened(tmp_path / "new.clew")
    imported(window, qtbot, path.parent)
    qtbot.waitUntil(window.status.problems.isVisible)
    window.status.problems.click()

    assert window.health.isVisible()
    assert window.health.page.model is window.health.problems
    assert window.health.problems.rowCount() == 1
    window.status.problems.click()
    assert not window.health.isVisible()


def test_charts_come_when_they_are_asked_for(opened: Opened, kept: Path, qtbot: QtBot) -> None:
    window = opened(kept)
    assert window.charts is None
    window.command("switch")
    assert window.page == "charts"
    qtbot.waitUntil(lambda: not window.parts.queries.busy, timeout=10_000)
    window.command("switch")
    assert window.page == "library"


def test_text_grows_and_the_theme_changes_for_good(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    window.command("larger")
    window.command("theme_dark")
    chosen = window.settings
    window.command("normal_size")

    assert chosen.text_scale == pytest.approx(1.1)
    assert chosen.theme == "dark"
    assert fonts.scale() == pytest.approx(1.0)


def test_settings_are_kept_when_everything_is_taken_apart(opened: Opened, kept: Path) -> None:
    opened(kept)
    opened.close()

    assert len(opened.kept) == 1
    assert len(opened.kept[0].panes) == 3


def test_every_control_has_a_name(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    window.command("switch")
    window.show_health(True)
    window.command("keys")
    # The list of a combo box is the combo box to a screen reader.
    inner = "QComboBoxPrivateContainer"
    kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit)
    nameless = [
        f"{type(part).__name__} in {type(part.parent()).__name__}"
        for part in window.findChildren(QWidget)
        if isinstance(part, kinds)
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and (around := part.parentWidget()) is not None
        and part.isVisibleTo(around)
        and around.metaObject().className() != inner
        and not (part.accessibleName() or getattr(part, "text", str)())
    ]

    assert nameless == []


def test_no_label_guesses_whether_it_is_given_html(opened: Opened, kept: Path) -> None:
    window = opened(kept)
    guessing = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.text() and label.textFormat() != Qt.TextFormat.PlainText
    ]

    assert guessing == []


def test_a_bug_is_told_and_the_window_stays(
    opened: Opened, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    window = opened(kept)
    with application._reporting(window):
        error = ValueError("a bug")
        sys.excepthook(ValueError, error, None)
        worker = threading.Thread(target=int, args=("no number",))
        worker.start()
        worker.join()

    assert window.banner.isVisible()
    assert "untouched" in window.banner.accessibleName()
    assert [record.message for record in caplog.records].count("a bug") == 2


def test_news_that_comes_too_late_does_no_harm(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "new.clew", logs)
    opened.close()
    qtbot.wait(50)

    assert window.library is None


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[None]:
    made = qasync.QEventLoop(qapp, already_running=True)
    yield
    asyncio.events._set_running_loop(None)
    made._QEventLoop__is_running = False  # its own stop() would end the application for good
    made.close()


def test_a_folder_is_chosen_without_a_loop_of_its_own(
    opened: Opened, tmp_path: Path, logs: Path, qtbot: QtBot, loop: None
) -> None:
    window = opened(tmp_path / "new.clew")
    window.command("add_folder")
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    dialog = window.findChildren(QFileDialog)[0]
    dialog.selectFile(str(logs))
    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        dialog.done(QDialog.DialogCode.Accepted)

    assert window.list.model.loaded == 3
