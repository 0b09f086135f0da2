"""One writer over all processes: who has a library, who waits, and what is said of it."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import doors
from core.config import Config
from core.engine import Engine
from core.errors import HeldError, StoreError
from core.events import EngineEvent, EngineFailed
from core.monitoring.report import told_by
from core.store import locking
from core.store.connection import open_reader, open_writer
from core.store.locking import Holder, holder, lock_of, take
from tests import builders as b
from tests.apart import ROOT
from tests.library import imports, listed

posix = pytest.mark.skipif(os.name == "nt", reason="as POSIX has it")
HOLDS = """
import sys
from pathlib import Path
from core.store.connection import open_writer
db = open_writer(Path(sys.argv[1]), what="import")
print("held", flush=True)
sys.stdin.read()
"""
COUNTS = """
import sys
from contextlib import closing
from pathlib import Path
from core.store.connection import open_writer
for _ in range(int(sys.argv[2])):
    with closing(open_writer(Path(sys.argv[1]), patience=60)) as db:
        (before,) = db.execute("SELECT n FROM t").fetchone()
        db.execute("UPDATE t SET n = ?", (before + 1,))
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "l.clew"
    imports(path, b.write(tmp_path / "logs" / "a.jsonl", b.prompt("u"), b.says("r", "hi", "u")))
    return path


def apart(script: str, *argv: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, argv)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def other(library: Path) -> Iterator["subprocess.Popen[str]"]:
    with apart(HOLDS, library) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_there_is_one_writer_at_a_time_in_one_process_too(library: Path) -> None:
    said = rf"^`clew import` \(process {os.getpid()}\) is writing"
    with closing(open_writer(library, what="import")), pytest.raises(HeldError, match=said):
        open_writer(library, patience=0)

    open_writer(library, patience=0).close()


def test_a_command_that_writes_names_the_process_that_has_the_library(
    library: Path,
    other: "subprocess.Popen[str]",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("core.store.connection.BUSY_MS", 10)
    own = ["--library", str(library)]

    for argv in (
        ["import", *own, str(library.parent / "logs")],
        ["check", *own],
        ["diagnostics", "--compact", *own],
        ["archive", "off", *own],
        ["insights", "--dismiss", "x", *own],
        ["watch", *own, str(library.parent / "logs")],
    ):
        assert doors.main(argv) == 1
        out, err = capsys.readouterr()
        assert f"`clew import` (process {other.pid}) is writing to the library" in out + err


def test_commands_that_read_go_on_while_another_writes(
    library: Path, other: object, capsys: pytest.CaptureFixture[str]
) -> None:
    for argv in (["list"], ["search", "hi"], ["stats"], ["insights"], ["diagnostics"], ["jobs"]):
        assert doors.main([*argv, "--library", str(library), "--json"]) == 0
        assert json.loads(capsys.readouterr().out) is not None
    with closing(open_reader(library)) as db:
        assert len(listed(db)) == 1


def test_an_engine_says_who_has_the_library(
    library: Path, other: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.connection.BUSY_MS", 10)
    events: list[EngineEvent] = []
    Engine(Config(library), events.append).run()

    (failed,) = events
    assert isinstance(failed, EngineFailed)
    assert f"process {other.pid}" in failed.reason


def test_a_process_that_is_killed_leaves_no_lock(
    library: Path, other: "subprocess.Popen[str]"
) -> None:
    other.kill()
    other.wait()

    with closing(open_writer(library, patience=0)) as db:
        assert len(listed(db)) == 1


def test_processes_that_write_wait_for_each_other(library: Path) -> None:
    with closing(open_writer(library)) as db:
        db.executescript("CREATE TABLE t (n); INSERT INTO t VALUES (0)")

    workers = [apart(COUNTS, library, 15) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    for worker in workers:
        worker.communicate()

    with closing(open_reader(library)) as db:  # each has read and written without a transaction
        assert db.execute("SELECT n FROM t").fetchone() == (45,)


def test_who_waits_has_it_as_soon_as_the_other_lets_go(tmp_path: Path) -> None:
    first = take(tmp_path / "l.clew")
    waits: list[float] = []

    def let_go(seconds: float) -> None:
        waits.append(seconds)
        first.release()

    take(tmp_path / "l.clew", patience=60, sleep=let_go).release()

    assert len(waits) == 1


def test_who_looks_at_the_lock_takes_nothing_away(library: Path) -> None:
    with closing(open_writer(library, what="import")):
        with pytest.raises(HeldError):
            take(library)
        assert holder(library) == Holder(os.getpid(), "import")
        lock_of(library).read_bytes()

        with pytest.raises(HeldError):
            take(library)


def test_what_was_said_is_gone_with_the_lock(library: Path) -> None:
    open_writer(library, what="import").close()

    assert holder(library) == Holder()
    assert lock_of(library).read_bytes() == b""


def test_a_writer_that_cannot_be_opened_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    path.write_bytes(b"SQLite format 3\0" + bytes(2000))

    for _ in range(2):
        with pytest.raises(StoreError, match=r"damaged|not a Clew library"):
            open_writer(path, hold=take(path))


@posix
def test_a_link_to_a_library_has_the_same_lock(library: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.clew"
    link.parent.mkdir()
    link.symlink_to(library)

    with closing(open_writer(library)), pytest.raises(HeldError):
        take(link)


@posix
def test_a_link_in_the_place_of_the_lock_is_not_followed(library: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    lock_of(library).unlink()
    lock_of(library).symlink_to(precious)

    with closing(open_writer(library)) as db:
        assert "No lock can be had" in told_by(db)().unlocked
    assert precious.read_text() == "mine"


@posix
def test_a_lock_of_somebody_else_lets_nobody_in_and_says_so(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, theirs = os.open, lock_of(library)

    def forbidden(path: Path, *how: int) -> int:
        if path == theirs:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, *how)

    monkeypatch.setattr(os, "open", forbidden)

    with pytest.raises(StoreError, match=rf"^Whether .*{theirs} .*remove that file\.$"):
        open_writer(library)
    events: list[EngineEvent] = []
    Engine(Config(library), events.append).run()
    assert [type(event) for event in events] == [EngineFailed]

    monkeypatch.setattr(os, "access", lambda *_: False)  # nor can anybody write there
    with closing(open_writer(library)) as db:
        assert "No lock can be had" in told_by(db)().unlocked


@posix
def test_a_folder_in_the_place_of_the_lock_keeps_nobody_out(library: Path) -> None:
    lock_of(library).unlink()
    os.mkfifo(lock_of(library))

    with closing(open_writer(library)) as db:
        assert "it is no file" in told_by(db)().unlocked


def test_where_there_are_no_locks_it_is_said_and_everything_goes_on(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_file: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(locking, "_lock", refuse)

    with closing(open_writer(library)), closing(open_writer(library)):
        assert doors.main(["diagnostics", "--compact", "--library", str(library), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["unlocked"]
    assert said == f"No lock can be had at {lock_of(library)} ({os.strerror(errno.ENOLCK)})."


@given(st.binary(max_size=80) | st.from_regex(rb"[0-9]{1,12}\n[a-z-]{0,24}\n"))
def test_whatever_stands_in_the_file_becomes_a_sentence(said: bytes) -> None:
    who = locking.said_in(said)

    assert str(who).isprintable()
    assert len(str(who)) < 60
    assert who.pid is None or who.pid > 0
