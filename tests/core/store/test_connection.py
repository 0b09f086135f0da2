"""Connections: private files, libraries of ours only, all or nothing."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from core.errors import ForeignFileError, StoreError
from core.store import finding_marks
from core.store.connection import (
    APPLICATION_ID,
    decision,
    open_reader,
    open_writer,
    transaction,
    translated,
)
from tests import builders as b
from tests.library import imports, listed

posix = pytest.mark.skipif(os.name == "nt", reason="no file modes on Windows")


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_the_library_and_all_beside_it_are_private_from_birth(
    tmp_path: Path, no_umask: None
) -> None:
    library = tmp_path / "new" / "library.clew"
    with closing(open_writer(library)) as db:
        db.execute("CREATE TABLE t (x)")

        beside = {path.name: mode(path) for path in library.parent.iterdir()}

    assert beside["library.clew"] == 0o600
    assert set(beside.values()) == {0o600}
    assert len(beside) == 4  # with -wal, -shm and the lock
    assert mode(library.parent) == 0o700


@posix
def test_a_library_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    open_writer(tmp_path / "l.clew").close()
    (tmp_path / "l.clew").chmod(0o644)

    open_writer(tmp_path / "l.clew").close()

    assert mode(tmp_path / "l.clew") == 0o600


def test_a_new_library_is_marked_and_keeps_a_log_of_writes(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)


@pytest.mark.parametrize(
    "garbage", [b"not a database, but long enough to look at " * 40, b"\0" * 9]
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(
    garbage: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(garbage)
    before = digest(path)

    for opens in (open_writer, open_reader):
        with pytest.raises(StoreError, match=r"notes\.txt"):
            opens(path)

    assert digest(path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA application_id = 77; CREATE TABLE t (x); INSERT INTO t VALUES (1)")
    before = digest(path)

    for opens in (open_writer, open_reader):
        with pytest.raises(ForeignFileError, match="is not a Clew library"):
            opens(path)

    assert digest(path) == before


@posix
def test_the_mode_of_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (x)")
    path.chmod(0o644)

    with pytest.raises(ForeignFileError):
        open_writer(path)

    assert mode(path) == 0o644


def test_what_another_program_has_not_yet_written_back_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        left = {name: (tmp_path / name).read_bytes() for name in (path.name, f"{path.name}-wal")}
    for name, content in left.items():  # as after a crash of that program
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ForeignFileError):
        open_writer(path)

    assert {name: (tmp_path / name).read_bytes() for name in left} == left


def test_a_database_without_a_mark_that_holds_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (x)")
    before = digest(path)

    with pytest.raises(ForeignFileError):
        open_writer(path)

    assert digest(path) == before


def test_a_folder_where_the_library_should_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened: Is a directory"):
        open_writer(tmp_path)


def test_there_is_nothing_to_read_before_there_is_a_library(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no library at"):
        open_reader(tmp_path / "l.clew")

    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", b.write(tmp_path / "a.jsonl", b.prompt("u")))

    with (
        closing(open_reader(tmp_path / "l.clew")) as db,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        db.execute("DELETE FROM message")


@pytest.mark.parametrize("name", ["a b.clew", "100%.clew", "what?#x.clew", "é😀.clew", "-l.clew"])
def test_a_library_may_have_any_name(name: str, tmp_path: Path) -> None:
    imports(tmp_path / name, b.write(tmp_path / "a.jsonl", b.prompt("u")))

    with closing(open_reader(tmp_path / name)) as db:
        assert len(listed(db)) == 1


def test_a_decision_is_on_the_disk_before_anything_else_is_done(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew")
    with closing(open_writer(tmp_path / "l.clew")) as db:
        ran: list[str] = []
        db.set_trace_callback(ran.append)
        finding_marks.dismiss(db, "finding", 1)
        db.set_trace_callback(None)

        assert ran[0] == "PRAGMA synchronous = FULL"  # so that COMMIT waits for the disk
        assert ran[1] == "BEGIN IMMEDIATE"
        assert ran[-2:] == ["COMMIT", "PRAGMA synchronous = NORMAL"]


def test_after_a_decision_that_fails_commits_wait_for_no_disk(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        db.execute("CREATE TABLE t (x)")

        def fail() -> None:
            with decision(db):
                db.execute("INSERT INTO t VALUES (1)")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fail()

        assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
        assert db.execute("PRAGMA synchronous").fetchone() == (1,)  # NORMAL


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        db.execute("CREATE TABLE t (x)")

        def fail() -> None:
            with transaction(db):
                db.execute("INSERT INTO t VALUES (1)")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fail()

        assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
        assert not db.in_transaction


def test_a_damaged_library_is_told_in_a_sentence(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    imports(library, b.write(tmp_path / "a.jsonl", *(b.prompt(f"u{n}") for n in range(300))))
    content = bytearray(library.read_bytes())
    content[100:8000] = b"\xff" * 7900
    library.write_bytes(content)

    with pytest.raises(StoreError, match="damaged"):
        imports(library, tmp_path / "a.jsonl")


def test_a_library_of_an_earlier_version_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "old.clew"
    open_writer(path).close()

    with pytest.raises(StoreError, match="of an earlier version"), translated(path):
        open_reader(path).execute("SELECT * FROM message")


def test_a_library_that_another_program_writes_to_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.connection.BUSY_MS", 10)
    open_writer(tmp_path / "l.clew").close()
    with closing(sqlite3.connect(tmp_path / "l.clew")) as other:  # one that knows of no lock
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="Another program is writing to the library"):
            imports(tmp_path / "l.clew")
