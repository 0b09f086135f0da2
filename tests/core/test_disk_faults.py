"""Disks that are full, fail or go away: a plain sentence, and nothing committed is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core import jobs
from core.config import Config
from core.engine import AddRoots, Engine, FileTouched
from core.errors import StoreError
from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    ImportFinished,
    ImportProgressed,
    JobState,
)
from core.queries import jobs as queries
from core.store import migrate, threads
from core.store.connection import decision, open_reader, open_writer, translated
from core.store.settings import WRITER
from core.threads.woven import Edit, EditKind
from tests import builders as b
from tests.library import dump, imported, imports, sound, writing

ROOT = Path(__file__).parents[2]
_SESSIONS = 40  # of the logs


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs of which each makes the library some pages longer."""
    folder = tmp_path_factory.mktemp("logs")
    for n in range(_SESSIONS):
        session = f"{n:08d}-aaaa-4bbb-8ccc-000000000000"
        said = [b.prompt(f"p{n}-{k}", f"{os.urandom(600).hex()} word{k}") for k in range(9)]
        b.write(folder / f"{session}.jsonl", *b.of(session, *said))
    return folder


@pytest.fixture(scope="module")
def whole(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    """All that an import of the logs that nothing disturbs makes."""
    with closing(imported(tmp_path_factory.mktemp("whole") / "l.clew", logs)) as db:
        return dump(db)


def _ignore(_event: EngineEvent) -> None:
    """Take an event and do nothing."""


def _imports(library: Path, logs: Path, hear: Callable[[EngineEvent], None] = _ignore) -> None:
    """Import *logs* as a job, with errors in sentences."""
    with writing(library) as (db, ingest), translated(library):
        jobs.run(db, ingest, (logs,), threading.Event(), hear)


def _finished(library: Path, logs: Path, whole: object) -> None:
    """Assert that the library is sound, and that another import completes it."""
    assert sound(library)
    imports(library, logs)
    assert sound(library)
    with closing(open_reader(library)) as db:
        assert dump(db) == whole


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an import commit behind each file."""
    monkeypatch.setattr("core.importing._OPEN", -1.0)


def _pages(library: Path) -> int:
    with closing(sqlite3.connect(library)) as db:
        return int(db.execute("PRAGMA page_count").fetchone()[0])


def _limit(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Let a library have that many pages at most, as on a disk that is full."""
    full = (*WRITER, f"PRAGMA max_page_count = {pages}")
    monkeypatch.setattr("core.store.connection.WRITER", full)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with writing(tmp_path / "l.clew"):
        pass
    return tmp_path / "l.clew"


@pytest.mark.parametrize("more", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144])
def test_an_import_onto_a_full_disk_says_so_and_is_completed_later(
    empty: Path, logs: Path, whole: object, commits: None, more: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _limit(patch, _pages(empty) + more)
        with pytest.raises(StoreError, match=r"^The disk is full; what was read so far is safe\."):
            _imports(empty, logs)

    with closing(open_reader(empty)) as db:
        told = [one for job in queries.jobs(db) for one in queries.files(db, job.id)]
        (kept,) = db.execute("SELECT count(*) FROM message").fetchone()
    if told:  # else there was no room for the report either
        assert sum(one.messages for one in told) == kept
    _finished(empty, logs, whole)


def test_a_disk_that_fills_up_while_a_file_is_followed_ends_with_a_sentence(
    tmp_path: Path, empty: Path
) -> None:
    log = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p1"))
    events: list[EngineEvent] = []

    def hear(event: EngineEvent) -> None:
        events.append(event)
        if isinstance(event, ImportFinished):
            b.append(log, b.prompt("p2", os.urandom(400_000).hex(), "p1"))
            engine.submit(FileTouched(log))

    with pytest.MonkeyPatch.context() as patch:
        _limit(patch, _pages(empty) + 40)
        engine = Engine(Config(empty), hear)
        engine.submit(AddRoots((log,), watch=False))
        engine.run()

    (failed,) = [event for event in events if isinstance(event, EngineFailed)]
    assert failed.reason.startswith("The disk is full; what was read so far is safe.")
    assert sum(isinstance(event, ConversationChanged) for event in events) == 1
    imports(empty, log)
    with closing(imported(tmp_path / "other.clew", log)) as db, closing(open_reader(empty)) as mine:
        assert dump(mine) == dump(db)


def test_a_decision_for_which_there_is_no_room_leaves_those_before_it(empty: Path) -> None:
    with writing(empty) as (db, _), translated(empty):
        with decision(db):
            threads.edit(db, "c", "p1", Edit("p1", EditKind.SPLIT, ""))
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
        large = "x" * 100_000
        with (
            pytest.raises(StoreError, match="The disk is full"),
            translated(empty),
            decision(db),
        ):
            threads.edit(db, "c", "p2", Edit("p2", EditKind.MERGE, large))
        assert not db.in_transaction
    with closing(open_reader(empty)) as db:
        assert db.execute("SELECT prompt FROM thread_edit").fetchall() == [("p1",)]


def test_a_step_of_the_schema_for_which_there_is_no_room_leaves_the_library_as_it_was(
    tmp_path: Path, logs: Path, whole: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "l.clew"
    imports(library, logs)
    todo = migrate.steps()
    step = "CREATE TABLE added AS SELECT id, zeroblob(4000) AS bytes FROM message;"
    monkeypatch.setattr(migrate, "steps", lambda: todo | {max(todo) + 1: step})
    _limit(monkeypatch, _pages(library) + 20)

    with pytest.raises(StoreError, match="The disk is full"), writing(library):
        pass

    monkeypatch.undo()
    with closing(open_reader(library)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (max(todo),)
        assert dump(db) == whole
    assert library.with_name(f"l.clew.before-{max(todo) + 1}").exists()


_LIMITED = """
import resource, sys
limit, size = getattr(resource, sys.argv[1]), int(sys.argv[2])
resource.setrlimit(limit, (size, size))
from core import doors
sys.exit(doors.main(sys.argv[3:]))
"""


def _limited(name: str, size: int, *arguments: str, **given: object) -> tuple[int, str]:
    """Run `clew` with *arguments* under a limit of the system; return its exit code and errors."""
    pytest.importorskip("resource")
    environment = {key: str(value) for key, value in given.items()}
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED, name, str(size), *arguments],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("more", [1_000, 50_000, 400_000])
def test_a_disk_that_does_not_take_what_is_written_is_told_in_a_sentence(
    empty: Path, logs: Path, whole: object, more: int
) -> None:
    most = max(empty.stat().st_size, 1 << 16) + more
    given = ("--library", str(empty), str(logs), "--no-threads", "--no-archive", "--workers", "0")
    code, said = _limited("RLIMIT_FSIZE", most, "import", *given)

    assert code == 1
    assert said.startswith("clew: The disk ")
    assert "what was read so far is safe" in said
    assert "Traceback" not in said
    _finished(empty, logs, whole)


@pytest.mark.parametrize(("files", "enough"), [(5, False), (16, True)])
def test_an_import_needs_few_open_files_and_says_so_if_it_has_none(
    empty: Path, logs: Path, whole: object, files: int, enough: bool
) -> None:
    given = ("--library", str(empty), str(logs), "--no-threads", "--no-archive", "--workers", "0")
    code, said = _limited("RLIMIT_NOFILE", files, "import", *given)
    assert code == (0 if enough else 1)
    assert said.startswith("" if enough else "clew: ")
    assert "Traceback" not in said
    _finished(empty, logs, whole)


def test_no_folder_for_temporary_files_is_needed(empty: Path, logs: Path, whole: object) -> None:
    given = ("--library", str(empty), str(logs), "--workers", "0")
    code, said = _limited("RLIMIT_CORE", 0, "import", *given, TMPDIR="/nowhere/at/all")
    assert (code, said) == (0, "")
    _finished(empty, logs, whole)


@pytest.fixture
def unwritable(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody may write to, not even this test."""
    folder = tmp_path / "fixed"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)


def test_a_library_in_a_folder_that_nobody_writes_to_can_be_read_and_says_why_no_more(
    unwritable: Path, logs: Path, whole: object
) -> None:
    library = unwritable / "l.clew"
    imports(library, logs)
    with writing(library) as (db, _):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.chmod(0o400)
    unwritable.chmod(0o500)
    if os.access(unwritable, os.W_OK):
        pytest.skip("root may write everywhere")

    with pytest.raises(StoreError, match=r"cannot be (written|opened)"):
        _imports(library, logs)
    with closing(open_reader(library)) as db:
        assert dump(db) == whole


def test_a_library_that_may_only_be_read_is_told_in_a_sentence(
    empty: Path, logs: Path, whole: object
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.store.connection.WRITER", (*WRITER, "PRAGMA query_only = ON"))
        with pytest.raises(StoreError, match=r"^The library cannot be written to\."):
            _imports(empty, logs)
    _finished(empty, logs, whole)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
def test_a_library_whose_folder_is_taken_away_is_missed_at_the_next_commit(
    tmp_path: Path, logs: Path, whole: object, commits: None
) -> None:
    library = tmp_path / "disk" / "l.clew"
    library.parent.mkdir()
    heard: list[EngineEvent] = []

    def hear(event: EngineEvent) -> None:
        heard.append(event)
        if isinstance(event, ImportProgressed) and event.files_done == 5:
            library.parent.rename(tmp_path / "elsewhere")

    with pytest.raises(StoreError, match="was taken away while Clew used it"):
        _imports(library, logs, hear)

    told = sum(len(event.messages) for event in heard if isinstance(event, ConversationChanged))
    (tmp_path / "elsewhere").rename(library.parent)
    with closing(open_reader(library)) as db:  # all that was told is there
        assert db.execute("SELECT count(*) FROM message").fetchone() == (told,)
        assert queries.jobs(db)[0].state is not JobState.COMPLETED
    _finished(library, logs, whole)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
def test_an_engine_whose_library_is_deleted_ends_with_a_sentence(
    tmp_path: Path, logs: Path
) -> None:
    library = tmp_path / "disk" / "l.clew"
    log = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p1"))
    events: list[EngineEvent] = []

    def hear(event: EngineEvent) -> None:
        events.append(event)
        if isinstance(event, ImportFinished):
            shutil.rmtree(library.parent)
            b.append(log, b.prompt("p2", "more", "p1"))
            engine.submit(FileTouched(log))

    engine = Engine(Config(library), hear)
    engine.submit(AddRoots((log,), watch=False))
    engine.run()

    (failed,) = [event for event in events if isinstance(event, EngineFailed)]
    assert "was taken away while Clew used it" in failed.reason


def test_a_library_that_lost_its_write_ahead_log_is_read_again_from_the_logs(
    tmp_path: Path, logs: Path, whole: object, commits: None
) -> None:
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / "l.clew"

    def hear(event: EngineEvent) -> None:
        if isinstance(event, ImportProgressed) and event.files_done == _SESSIONS // 2:
            shutil.copy(tmp_path / "l.clew", copy)  # without what lies beside it

    _imports(tmp_path / "l.clew", logs, hear)

    with closing(open_writer(copy)):
        pass
    imports(copy, logs)
    assert sound(copy)
    with closing(open_reader(copy)) as db:
        assert dump(db) == whole
