"""Original logs in the window: saved where the user says, and kept or not."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import qasync
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from core.queries import archive
from core.store.connection import open_reader
from desktop import flows
from desktop.main_window import MainWindow
from tests import builders as b
from tests.archives import archived
from tests.desktop.shell.conftest import Opened
from tests.library import writing


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[None]:
    made = qasync.QEventLoop(qapp, already_running=True)
    yield
    asyncio.events._set_running_loop(None)
    made._QEventLoop__is_running = False  # its own stop() would end the application for good
    made.close()


@pytest.fixture
def packed(kept: Path) -> Path:
    archived(kept)
    return kept


def label(window: MainWindow, library: Path) -> Path:
    """Return the log of the conversation on show."""
    assert window.current is not None
    with closing(open_reader(library)) as db:
        (file,) = archive.of_conversation(db, window.current.id)
    return Path(file.label)


class Asks:
    """Stands for the user, who chooses *target* whatever is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.target = Path()
        self.titles: list[str] = []
        monkeypatch.setattr(flows, "chosen_target", self.choose)
        monkeypatch.setattr(flows, "chosen_folder", self.choose)

    def __call__(self, window: MainWindow, target: Path) -> None:
        self.target = target
        window.command("save_log")

    async def choose(self, _parent: QWidget, title: str, _named: Path) -> tuple[Path, ...]:
        self.titles.append(title)
        return (self.target,)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, loop: None) -> Asks:
    return Asks(monkeypatch)


def test_where_to_is_asked_with_the_name_of_the_log(
    opened: Opened, packed: Path, qtbot: QtBot, loop: None
) -> None:
    window = opened(packed)
    qtbot.waitUntil(lambda: window.current is not None)
    window.command("save_log")
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    (dialog,) = window.findChildren(QFileDialog)

    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert [Path(name).name for name in dialog.selectedFiles()] == [label(window, packed).name]
    dialog.done(QDialog.DialogCode.Rejected)


def test_the_log_of_the_conversation_on_show_is_saved_after_it_is_gone(
    opened: Opened, packed: Path, tmp_path: Path, qtbot: QtBot, ask: Asks
) -> None:
    window = opened(packed)
    qtbot.waitUntil(lambda: window.current is not None)
    log = label(window, packed)
    content = log.read_bytes()
    log.unlink()
    ask(window, tmp_path / "saved.jsonl")
    qtbot.waitUntil((tmp_path / "saved.jsonl").exists)

    assert (tmp_path / "saved.jsonl").read_bytes() == content


def test_damage_is_told_and_the_rest_is_saved(
    opened: Opened, packed: Path, tmp_path: Path, qtbot: QtBot, ask: Asks
) -> None:
    with writing(packed) as (db, _):
        db.execute("UPDATE archive_pack SET data = x'00'")
    window = opened(packed)
    qtbot.waitUntil(lambda: window.current is not None)
    ask(window, tmp_path / "saved.jsonl")
    qtbot.waitUntil(lambda: "The archive is damaged" in window.banner.accessibleName())

    assert (tmp_path / "saved.jsonl").read_bytes() == b""


def test_where_nothing_can_be_written_is_told(
    opened: Opened, packed: Path, tmp_path: Path, qtbot: QtBot, ask: Asks
) -> None:
    window = opened(packed)
    qtbot.waitUntil(lambda: window.current is not None)
    ask(window, tmp_path / "no" / "folder" / "a.jsonl")
    qtbot.waitUntil(lambda: "cannot be written" in window.banner.accessibleName())


def test_no_log_is_written_over(
    opened: Opened, packed: Path, logs: Path, qtbot: QtBot, ask: Asks
) -> None:
    window = opened(packed, roots=(logs,))
    qtbot.waitUntil(lambda: window.current is not None)
    log = label(window, packed)
    for target in (log, next(one for one in logs.iterdir() if one != log)):
        b.append(target, b.prompt("more", "and then?"))
        content = target.read_bytes()
        window.banner.hide()
        ask(window, target)
        qtbot.waitUntil(window.banner.isVisible)

        assert "may be a log itself" in window.banner.accessibleName()
        assert target.read_bytes() == content


def test_several_logs_go_into_a_folder_and_none_is_written_over(
    opened: Opened, packed: Path, tmp_path: Path, qtbot: QtBot, ask: Asks
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    window = opened(packed)
    qtbot.waitUntil(lambda: window.current is not None)
    log = label(window, packed)
    agent = b.write(
        log.with_suffix("") / "subagents" / "agent-1.jsonl",
        b.prompt("s1", "look", isSidechain=True, agentId="1", sessionId=log.stem),
    )
    (folder / log.name).write_text("mine")
    with qtbot.waitSignal(window.engine.import_finished, timeout=10_000):
        window.engine.add((agent,), watch=False)
    qtbot.waitUntil(lambda: _files(packed, window) == 2, timeout=10_000)
    ask(window, folder)
    qtbot.waitUntil(lambda: len(list(folder.iterdir())) == 3)
    assert ask.titles == ["Save the 2 original logs into"]

    assert (folder / log.name).read_text() == "mine"
    assert (folder / f"{log.stem} (2).jsonl").read_bytes() == log.read_bytes()
    assert (folder / agent.name).read_bytes() == agent.read_bytes()


def _files(library: Path, window: MainWindow) -> int:
    assert window.current is not None
    with closing(open_reader(library)) as db:
        return len(archive.of_conversation(db, window.current.id))


def test_keeping_is_a_choice_that_the_library_remembers(
    opened: Opened, kept: Path, qtbot: QtBot
) -> None:
    window = opened(kept)
    keep = window._actions["keep_logs"]
    qtbot.waitUntil(keep.isEnabled)
    assert keep.isChecked()

    keep.trigger()
    qtbot.waitUntil(lambda: not _is_on(kept))


def _is_on(library: Path) -> bool:
    with closing(open_reader(library)) as db:
        return archive.figures(db).on


def test_a_log_that_is_not_kept_is_said_not_to_be(opened: Opened, kept: Path, qtbot: QtBot) -> None:
    with writing(kept) as (db, _):
        db.execute("INSERT INTO archive_setting VALUES ('off', 1)")
    window = opened(kept)
    qtbot.waitUntil(lambda: window.current is not None)
    qtbot.waitUntil(window._actions["keep_logs"].isEnabled)
    window.command("save_log")
    qtbot.waitUntil(lambda: "No logs are kept" in window.banner.accessibleName())


def test_a_log_is_saved_while_a_chart_is_still_counted(
    opened: Opened, packed: Path, tmp_path: Path, qtbot: QtBot, ask: Asks
) -> None:
    window = opened(packed)
    qtbot.waitUntil(lambda: window.current is not None)
    go_on = threading.Event()
    counted: list[bool] = []
    window._parts.queries.ask("endless", lambda _db: go_on.wait(20), counted.append)
    ask(window, tmp_path / "saved.jsonl")
    qtbot.waitUntil((tmp_path / "saved.jsonl").exists)

    assert counted == []
    go_on.set()
    qtbot.waitUntil(lambda: counted == [True])
