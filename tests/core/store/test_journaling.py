"""A library where no write-ahead log can be had: kept with a journal, and everything works."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.config import Config
from core.engine import AddRoots, Engine
from core.errors import ForeignFileError, StoreError
from core.events import ConversationChanged, EngineEvent, EngineFailed, ImportFinished
from core.monitoring.upkeep import Task, Upkeep
from core.store import finding_marks, journaling
from core.store.connection import WritingConnection, open_reader, open_writer, transaction
from core.store.readers import Readers
from tests import builders as b
from tests.apart import ROOT
from tests.library import imports, listed, sound

DIES = """
import os, sys
from pathlib import Path
from core.store.connection import open_writer
db = open_writer(Path(sys.argv[1]))
db.execute("PRAGMA cache_spill = 1")
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN")
db.execute("UPDATE session SET messages = 99")
db.execute("CREATE TABLE t (x)")
db.executemany("INSERT INTO t VALUES (zeroblob(4000))", [()] * 3000)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """A library beside which no shared memory can be made."""
    path = tmp_path / "l.clew"
    path.with_name("l.clew-shm").mkdir()
    return path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    path = tmp_path / "logs" / "a.jsonl"
    b.write(path, b.prompt("u"), b.calls("c", "t", parent="u"), b.answers("r", "t", "ok", "c"))
    return path


@pytest.fixture
def kept(refused: Path, logs: Path) -> Path:
    imports(refused, logs)
    return refused


@pytest.fixture
def db(kept: Path) -> Iterator[WritingConnection]:
    with closing(open_writer(kept)) as found:
        yield found


def test_where_no_log_can_be_had_a_new_library_is_kept_with_a_journal(
    refused: Path, logs: Path
) -> None:
    imports(refused, logs)

    with closing(open_reader(refused)) as db:
        assert journaling.mode(db) == "delete"
        assert len(listed(db)) == 1
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    assert sound(refused)
    assert not refused.with_name("l.clew-wal").exists()


def test_a_library_that_comes_to_such_a_place_goes_on_with_all_that_its_log_held(
    tmp_path: Path, logs: Path
) -> None:
    before, after = tmp_path / "before.clew", tmp_path / "after.clew"
    imports(before, logs)
    with closing(open_writer(before)) as db:
        db.execute("UPDATE conversation SET title = 'in the log only'")
        for end in ("", "-wal"):
            after.with_name(after.name + end).write_bytes(
                before.with_name(before.name + end).read_bytes()
            )
    after.with_name("after.clew-shm").mkdir()

    with closing(open_writer(after)) as db:
        assert journaling.mode(db) == "delete"
        assert db.execute("SELECT title FROM conversation").fetchone() == ("in the log only",)
    assert sound(after)


def test_it_has_a_log_again_as_soon_as_it_can(kept: Path, db: WritingConnection) -> None:
    assert journaling.mode(db) == "delete"
    db.close()
    kept.with_name("l.clew-shm").rmdir()

    with closing(open_writer(kept)) as again:
        assert journaling.mode(again) == "wal"
        assert again.execute("PRAGMA synchronous").fetchone() == (1,)
        assert len(listed(again)) == 1


def test_while_it_is_read_it_stays_as_it_is(kept: Path) -> None:
    kept.with_name("l.clew-shm").rmdir()
    with closing(open_reader(kept)) as reader:
        reader.execute("BEGIN")
        assert len(listed(reader)) == 1

        with closing(open_writer(kept)) as db:
            assert journaling.mode(db) == "delete"


def test_it_waits_for_the_disk_before_and_behind_a_decision(db: WritingConnection) -> None:
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    finding_marks.dismiss(db, "finding", 1)

    assert db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_reads_go_on_while_much_is_written_and_see_it_once_it_is_whole(
    kept: Path, db: WritingConnection
) -> None:
    readers = Readers(kept)
    with transaction(db):
        db.execute("CREATE TABLE t (x)")
        db.executemany("INSERT INTO t VALUES (zeroblob(4000))", [()] * 3000)  # 12 MB
        with readers.lend("one") as reader:
            assert len(listed(reader)) == 1
            assert reader.execute("SELECT * FROM sqlite_schema WHERE name = 't'").fetchone() is None

    with readers.lend("two") as reader:
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (3000,)
    readers.close()


def test_the_engine_reads_follows_and_is_idle(kept: Path, logs: Path) -> None:
    events: list[EngineEvent] = []
    b.append(logs, b.prompt("u2", parent="r"))
    engine: Engine

    def heard(event: EngineEvent, /) -> None:
        events.append(event)
        if isinstance(event, ImportFinished):
            engine.stop()

    engine = Engine(Config(kept), heard)
    engine.submit(AddRoots((logs.parent,), watch=False))
    engine.run()

    assert not [event for event in events if isinstance(event, EngineFailed)]
    assert [event for event in events if isinstance(event, ConversationChanged)]
    assert dict(engine.writing().writer)["journal_mode"] == "delete"
    assert engine.writing().checkpoints.busy == 0


@pytest.mark.parametrize("task", Task)
def test_upkeep_works(db: WritingConnection, task: Task) -> None:
    events: list[Any] = []
    upkeep = Upkeep(db, task, events.append)
    while upkeep.step():
        pass

    assert (events[-1].sound, events[-1].trouble) == (True, "")


def test_what_a_process_that_died_left_half_done_is_taken_back(kept: Path) -> None:
    subprocess.run([sys.executable, "-c", DIES, str(kept)], cwd=ROOT, check=False)
    assert kept.with_name("l.clew-journal").exists()

    with pytest.raises(StoreError, match="half written"):
        open_reader(kept)
    with closing(open_writer(kept)) as db:
        assert db.execute("SELECT count(*) FROM session WHERE messages = 99").fetchone() == (0,)
    assert sound(kept)


def test_another_programs_file_with_a_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    path.with_name("theirs.db-shm").mkdir()
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE t (x)")
    content = path.read_bytes()

    with pytest.raises(ForeignFileError):
        open_writer(path)
    assert path.read_bytes() == content


def test_a_library_that_cannot_be_written_at_all_says_so(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_db: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorname = "SQLITE_READONLY"
        raise error

    monkeypatch.setattr(journaling, "keep_journal", refuse)

    with pytest.raises(StoreError, match="cannot be written to"):
        open_writer(kept)
    monkeypatch.undo()
    open_writer(kept, patience=0).close()
