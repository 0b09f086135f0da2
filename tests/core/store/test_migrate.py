"""Steps from one schema to the next: backed up, whole or not at all."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from core.errors import NewerLibraryError, StoreError
from core.store import migrate as module
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate, steps
from tests import builders as b
from tests.library import imports, listed

ADD = "CREATE TABLE added (x TEXT) STRICT;"
LATEST = max(steps())


@pytest.fixture
def library(tmp_path: Path) -> Path:
    imports(tmp_path / "l.clew", b.write(tmp_path / "a.jsonl", b.prompt("u", "precious")))
    return tmp_path / "l.clew"


def learn(monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    """Let this version know one step more than it does."""
    todo = steps() | {LATEST + 1: sql}
    monkeypatch.setattr(module, "steps", lambda: todo)


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_steps_are_numbered_from_one_without_gaps() -> None:
    assert list(steps()) == list(range(1, LATEST + 1))


def test_a_new_library_gets_every_step_and_needs_no_backup(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        assert migrate(db, tmp_path / "l.clew") == LATEST
        assert migrate(db, tmp_path / "l.clew") == 0

    assert sorted(path.name for path in tmp_path.iterdir()) == ["l.clew", "l.clew.lock"]


def test_a_library_is_copied_before_its_schema_changes(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(monkeypatch, ADD)

    with closing(open_writer(library)) as db:
        assert migrate(db, library) == 1

    backup = library.with_name(f"l.clew.before-{LATEST + 1}")
    assert (version(library), version(backup)) == (LATEST + 1, LATEST)
    assert backup.stat().st_mode & 0o077 == 0
    with closing(open_reader(backup)) as db:
        assert [one["title"] for one in listed(db)] == ["precious"]


def test_a_step_that_fails_leaves_the_library_as_it_was(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(monkeypatch, ADD + "INSERT INTO nowhere VALUES (1);")

    with closing(open_writer(library)) as db, pytest.raises(StoreError, match="no such table"):
        migrate(db, library)

    assert version(library) == LATEST
    assert library.with_name(f"l.clew.before-{LATEST + 1}").exists()
    with closing(open_reader(library)) as db:
        assert [one["title"] for one in listed(db)] == ["precious"]
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    assert "added" not in names


def test_half_a_backup_never_has_the_name_of_a_whole_one(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = library.with_name(f"l.clew.before-{LATEST + 1}.part")
    half.write_bytes(b"left by a crash")
    learn(monkeypatch, ADD)

    with closing(open_writer(library)) as db:
        migrate(db, library)

    assert not half.exists()
    assert version(library.with_name(f"l.clew.before-{LATEST + 1}")) == LATEST


def test_a_library_of_a_newer_version_is_refused_and_left_as_it_is(library: Path) -> None:
    with closing(sqlite3.connect(library)) as db:
        db.executescript("PRAGMA user_version = 9999; PRAGMA wal_checkpoint(TRUNCATE)")
    before = sha256(library.read_bytes()).hexdigest()

    with (
        closing(open_writer(library)) as db,
        pytest.raises(NewerLibraryError, match="made by a newer Clew"),
    ):
        migrate(db, library)

    assert sha256(library.read_bytes()).hexdigest() == before
    beside = sorted(path.name for path in library.parent.iterdir())
    assert beside == ["a.jsonl", "l.clew", "l.clew.lock"]
