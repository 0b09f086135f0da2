"""Clew is started with a library that somebody has already: a window, or a command."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from core.store import connection
from core.store.connection import open_reader, open_writer
from core.store.locking import WINDOW, take
from desktop import turn as turns
from desktop.turn import Turn
from desktop.window import summons as summoning
from desktop.window.summons import Summons
from desktop.workers import doorbell
from desktop.workers.call import Call
from desktop.workers.doorbell import Doorbell
from tests import builders as b
from tests.apart import ROOT
from tests.desktop.shell.conftest import Opened, key, talk
from tests.library import listed

posix = pytest.mark.skipif(os.name == "nt", reason="sockets are files on POSIX")
RINGS = """
import sys
from pathlib import Path
from desktop.workers.call import Call
library, *paths = map(Path, sys.argv[1:])
sys.exit(0 if Call(library, paths).wait(10_000) else 1)
"""
pytestmark = pytest.mark.qt_log_ignore("raise", extend=True)  # offscreen, harmless


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """A folder with one conversation more."""
    return b.write(tmp_path / "more" / f"{key(9)}.jsonl", *talk(key(9), "one more")).parent


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Doorbell]:
    made = Doorbell(tmp_path / "l.clew")
    assert made.hang()
    yield made
    made.leave()


def rings(library: Path, paths: Sequence[Path]) -> Callable[[], bool | None]:
    """Ring from another process; return what tells the answer once it is there."""
    process = subprocess.Popen(
        [sys.executable, "-c", RINGS, str(library), *map(str, paths)], cwd=ROOT
    )
    return lambda: None if process.poll() is None else process.returncode == 0


def started(library: Path, *paths: Path) -> "subprocess.Popen[bytes]":
    argv = [sys.executable, "-m", "desktop", "--library", str(library), *map(str, paths)]
    return subprocess.Popen(argv, cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})


def until(claim: Callable[[], bool]) -> None:
    for _ in range(600):
        if claim():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen")


def holds(library: Path, number: int) -> bool:
    try:
        with closing(open_reader(library)) as db:
            return len(listed(db)) == number
    except Exception:  # noqa: BLE001  it may not be there yet, or not be made to its end
        return False


def test_a_second_start_ends_well_and_the_first_window_reads_what_it_named(
    tmp_path: Path, logs: Path, more: Path
) -> None:
    library = tmp_path / "new" / "l.clew"
    first = started(library, logs)
    try:
        until(lambda: holds(library, 3))
        assert started(library, more).wait(60) == 0
        until(lambda: holds(library, 4))
    finally:
        first.terminate()
        code = first.wait(60)
    assert code == 0
    open_writer(library, patience=0).close()  # nobody has it any more


def test_a_window_comes_forward_and_reads_what_it_is_told_of(
    opened: Opened, kept: Path, more: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summoning, "_SOON_MS", 0)
    window = opened(kept)
    summons = Summons(kept, window, window.add)
    summons.listen()
    window.showMinimized()
    qtbot.wait(10)  # it listens

    with qtbot.waitSignal(window.import_ended, timeout=30_000):
        answer = rings(kept, [more])
    qtbot.waitUntil(lambda: answer() is True, timeout=30_000)

    assert not window.isMinimized()
    summons.leave()
    assert not Call(kept, []).wait(100)


def test_a_window_that_is_told_of_nothing_only_comes_forward(
    opened: Opened, kept: Path, qtbot: QtBot
) -> None:
    window = opened(kept)
    added: list[object] = []
    summons = Summons(kept, window, added.append)
    summons.bell.hang()

    answer = rings(kept, [])
    qtbot.waitUntil(lambda: answer() is True, timeout=30_000)

    assert added == []
    summons.leave()


def test_a_start_that_another_window_answers_has_nothing_to_open(
    tmp_path: Path, qtbot: QtBot
) -> None:
    library = tmp_path / "l.clew"
    hold = take(library, WINDOW)
    bell = Doorbell(library)
    bell.hang()
    heard: list[object] = []
    bell.rung.connect(heard.append)
    script = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "app = QApplication([]); from desktop.turn import Turn;"
        f"turn = Turn(Path({str(library)!r}), [Path({str(tmp_path)!r})]);"
        "sys.exit(0 if turn.answered and not turn.held else 1)"
    )
    second = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)

    assert second.returncode == 0
    assert heard == [(tmp_path,)]
    bell.leave()
    hold.release()


def test_a_window_waits_for_a_command_and_says_for_which(
    opened: Opened, kept: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_AGAIN_MS", 5)
    hold = take(kept, "import")
    window = opened.assembled(kept)
    turn = Turn(kept, [])
    turn.begin(window)
    qtbot.wait(30)

    assert window.page == "recovery"
    assert f"`clew import` (process {os.getpid()})" in window.recovery.accessibleDescription()

    with qtbot.waitSignal(window.library_shown):
        hold.release()

    assert window.page == "library"
    assert window.seen()["rows"]


def test_a_window_that_has_the_library_and_does_not_answer_is_waited_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = take(tmp_path / "l.clew", WINDOW)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        hold.release()  # it has ended meanwhile

    turn = Turn(tmp_path / "l.clew", [], sleep)

    assert (turn.held, turn.answered, len(waits)) == ("", False, 1)


def test_a_library_that_cannot_be_opened_is_nobodys_turn(tmp_path: Path) -> None:
    (tmp_path / "l.clew").write_text("no library")

    turn = Turn(tmp_path / "l.clew", [])

    assert (turn.held, turn.answered) == ("", False)
    assert [path.name for path in tmp_path.iterdir()] == ["l.clew"]


@pytest.mark.parametrize(
    "said",
    [b"{}\n", b"\n", b"[1]\n", b'["relative"]\n', b'["/a\\u0000b"]\n', b"\xff\xfe\n", b"[" * 5000],
)
def test_what_is_no_list_of_paths_is_not_heard(
    bell: Doorbell, tmp_path: Path, qtbot: QtBot, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "MOST", 4000)
    heard: list[object] = []
    bell.rung.connect(heard.append)
    caller = QLocalSocket()
    caller.connectToServer(doorbell.name_of(tmp_path / "l.clew"))
    with qtbot.waitSignal(caller.disconnected):
        caller.write(said)

    caller.connectToServer(doorbell.name_of(tmp_path / "l.clew"))
    with qtbot.waitSignal(bell.rung):
        caller.write(json.dumps([str(tmp_path)]).encode() + b"\n")
    assert heard == [(tmp_path,)]


def test_who_says_nothing_is_not_waited_for_long(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "_PATIENCE_MS", 20)
    bell = Doorbell(tmp_path / "l.clew")
    bell.hang()
    caller = QLocalSocket()
    with qtbot.waitSignals([caller.connected, caller.disconnected]):
        caller.connectToServer(doorbell.name_of(tmp_path / "l.clew"))

    assert not bell.findChildren(QLocalSocket)
    bell.leave()


@posix
def test_a_socket_that_a_crash_left_is_no_answer_and_in_nobodys_way(
    tmp_path: Path, qtbot: QtBot
) -> None:
    library = tmp_path / "l.clew"
    probe = QLocalServer()
    assert probe.listen(doorbell.name_of(library))
    place = probe.fullServerName()
    probe.close()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(place)

    assert not Call(library, []).wait(100)
    bell = Doorbell(library)
    assert bell.hang()
    answer = rings(library, [])
    qtbot.waitUntil(lambda: answer() is True, timeout=30_000)
    bell.leave()


@posix
def test_a_window_that_is_busy_is_told_once_and_waited_for_without_a_halt(
    opened: Opened, kept: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_AGAIN_MS", 5)
    monkeypatch.setattr(turns, "_GRACE_S", 0.01)
    monkeypatch.setattr(turns, "_ANSWER_MS", 10)
    looks: list[int] = []
    real = Call.wait

    def wait(call: Call, milliseconds: int) -> bool:
        looks.append(milliseconds)
        return real(call, milliseconds)

    monkeypatch.setattr(Call, "wait", wait)
    hold = take(kept, WINDOW)
    probe = QLocalServer()
    assert probe.listen(doorbell.name_of(kept))
    place = probe.fullServerName()
    probe.close()
    with socket.socket(socket.AF_UNIX) as busy:  # it hangs its bell and does not come to answer
        busy.bind(place)
        busy.listen(20)
        busy.settimeout(0.05)
        window = opened.assembled(kept)
        turn = Turn(kept, [tmp_path])
        before = len(looks)
        turn.begin(window)
        qtbot.waitUntil(lambda: len(looks) > before + 5, timeout=30_000)

        assert set(looks[before:]) == {0}  # the thread of the window waits for nothing
        caller, _ = busy.accept()
        assert caller.recv(1_000) == json.dumps([str(tmp_path)]).encode() + b"\n"
        with pytest.raises(TimeoutError):  # and nobody else calls
            busy.accept()
        with qtbot.waitSignal(window.closing):
            caller.sendall(doorbell.HEARD)
        caller.close()

    assert turn.answered
    hold.release()


@posix
def test_who_went_without_an_answer_is_asked_anew(tmp_path: Path, qtbot: QtBot) -> None:
    library = tmp_path / "l.clew"
    probe = QLocalServer()
    assert probe.listen(doorbell.name_of(library))
    place = probe.fullServerName()
    probe.close()
    call = Call(library, [tmp_path])
    with socket.socket(socket.AF_UNIX) as dying:
        dying.bind(place)
        dying.listen()
        call.ring()
        dying.accept()[0].close()
    assert not call.wait(100)

    bell = Doorbell(library)
    assert bell.hang()
    with qtbot.waitSignals([bell.rung, call.heard]):
        call.ring()
    assert call.answered
    bell.leave()


def test_sqlite_is_not_asked_while_another_has_the_library(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: object) -> None:
        pytest.fail("it may wait for five seconds")

    monkeypatch.setattr(connection, "_refuse_foreign", ask)
    hold = take(kept, "import")

    assert "`clew import`" in Turn(kept, []).held
    hold.release()


@posix
def test_a_socket_of_somebody_else_is_told_nothing(
    bell: Doorbell, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 123_456)
    heard: list[object] = []
    bell.rung.connect(heard.append)

    assert not Call(tmp_path / "l.clew", [tmp_path]).wait(100)

    qtbot.wait(20)
    assert heard == []


@posix
def test_a_link_to_a_library_has_the_same_bell(tmp_path: Path) -> None:
    (tmp_path / "link.clew").symlink_to(tmp_path / "l.clew")

    assert doorbell.name_of(tmp_path / "link.clew") == doorbell.name_of(tmp_path / "l.clew")
    assert doorbell.name_of(tmp_path / "l.clew") != doorbell.name_of(tmp_path / "m.clew")


def test_any_name_that_a_file_may_have_comes_through(tmp_path: Path) -> None:
    odd = [tmp_path / name for name in ("new\nline", 'quo"te', "ü", "\udcff")]

    line = json.dumps([str(path) for path in odd]).encode()

    assert doorbell.paths_in(line) == tuple(odd)
