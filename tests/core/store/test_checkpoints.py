"""Checkpoints: by the writer only, by size while it is busy, and an empty log when it is idle."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.store import checkpoints as module
from core.store import wal
from core.store.checkpoints import IDLE_S, Checkpoints
from core.store.connection import (
    WritingConnection,
    open_reader,
    open_writer,
    promptly,
    transaction,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "l.clew"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[WritingConnection]:
    monkeypatch.setattr(module, "BUSY_FRAMES", 100)
    with closing(open_writer(path)) as found:
        found.checkpoints = Checkpoints(found, path, clock)
        found.execute("CREATE TABLE t (x)")
        yield found


def fill(db: WritingConnection, pages: int) -> None:
    with transaction(db):
        db.executemany("INSERT INTO t VALUES (zeroblob(3900))", [()] * pages)


def modes(db: WritingConnection) -> dict[str, int]:
    return dict(db.checkpoints.facts().by_mode)


def test_a_short_log_is_left_alone(db: WritingConnection) -> None:
    fill(db, 20)

    assert db.checkpoints.facts().count == 0


def test_a_long_log_is_taken_into_the_library_after_a_commit(db: WritingConnection) -> None:
    for _ in range(10):
        fill(db, 60)

    facts = db.checkpoints.facts()
    assert modes(db).keys() == {"PASSIVE"}
    assert 2 <= facts.count <= 9  # by size, not at every commit
    assert facts.busy == 0
    assert facts.pages >= 500
    assert facts.last is not None
    assert facts.last.log == facts.last.checkpointed > 0
    assert 0 < facts.p50 <= facts.p95 <= facts.longest


def test_the_log_of_a_large_library_may_be_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SHARE", 2)
    monkeypatch.setattr(module, "_LARGE_FRAMES", 400)
    with closing(open_writer(tmp_path / "large.clew")) as db:
        db.execute("CREATE TABLE t (data BLOB)")
        fill(db, 600)  # pages: of these half, or 300, may be in the log
    with closing(open_writer(tmp_path / "large.clew")) as db:
        fill(db, 200)
        assert db.checkpoints.facts().count == 0
        fill(db, 200)
        assert db.checkpoints.facts().count == 1
        fill(db, 350)  # by now it is larger, and 400 are the most
        assert db.checkpoints.facts().count == 1
        fill(db, 100)
        assert db.checkpoints.facts().count == 2


def test_what_cannot_wait_is_not_held_up_by_a_checkpoint_that_comes_behind_it(
    db: WritingConnection,
) -> None:
    with promptly(db):
        with promptly(db):
            fill(db, 150)
        fill(db, 1)
        assert db.checkpoints.facts().count == 0

    assert modes(db) == {"PASSIVE": 1}
    fill(db, 150)
    assert modes(db) == {"PASSIVE": 2}


def test_many_commits_that_cannot_wait_do_not_keep_the_log_from_being_looked_after(
    db: WritingConnection,
) -> None:
    with promptly(db):
        for _ in range(10):
            fill(db, 60)

    assert 2 <= db.checkpoints.facts().count <= 4


def test_the_log_does_not_grow_while_nobody_reads(db: WritingConnection, path: Path) -> None:
    for _ in range(30):
        fill(db, 60)

    assert wal.log_bytes(path) < wal.room(300)


def test_it_is_emptied_once_nothing_is_written_for_a_while(
    db: WritingConnection, path: Path, clock: Clock
) -> None:
    fill(db, 20)
    clock.now += IDLE_S / 2
    db.checkpoints.tidy()
    assert wal.log_bytes(path) > 0
    assert db.checkpoints.wait() == IDLE_S / 2

    clock.now += IDLE_S / 2
    db.checkpoints.tidy()

    assert wal.log_bytes(path) == 0
    assert modes(db) == {"TRUNCATE": 1}
    last = db.checkpoints.facts().last
    assert last is not None
    assert last.checkpointed >= 20  # how many there were, although the log is empty now


def test_afterwards_nothing_is_to_be_waited_for(db: WritingConnection, clock: Clock) -> None:
    assert db.checkpoints.wait() is None

    fill(db, 1)
    clock.now += IDLE_S
    db.checkpoints.tidy()

    assert db.checkpoints.wait() is None


def test_every_commit_puts_the_idle_time_off(db: WritingConnection, clock: Clock) -> None:
    fill(db, 1)
    clock.now += IDLE_S - 1
    fill(db, 1)

    assert db.checkpoints.wait() == IDLE_S


def test_a_reader_in_the_way_is_named_and_waited_for_longer_and_longer(
    db: WritingConnection, path: Path, clock: Clock
) -> None:
    db.checkpoints.readers = lambda: ("charts",)
    fill(db, 5)
    waits: list[float | None] = []
    with closing(open_reader(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchone()
        fill(db, 5)
        while (wait := db.checkpoints.wait()) is not None:
            waits.append(wait)
            clock.now += wait
            db.checkpoints.tidy()
        last = db.checkpoints.facts().last

    assert waits == [IDLE_S, 5.0, 20.0, 60.0]  # then not again before the next commit
    assert last is not None
    assert last.busy
    assert last.pinned_by == ("charts",)
    assert db.checkpoints.facts().busy == 4


def test_a_reader_that_is_none_of_ours_is_another_program(
    db: WritingConnection, path: Path, clock: Clock
) -> None:
    fill(db, 5)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM t").fetchone()
        fill(db, 5)
        clock.now += IDLE_S
        db.checkpoints.tidy()

    last = db.checkpoints.facts().last
    assert last is not None
    assert last.pinned_by == ("another program",)


def test_a_large_log_is_tried_again_until_the_reader_is_gone(
    db: WritingConnection, path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE_BYTES", 0)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM t").fetchone()
        fill(db, 5)
        for _ in range(8):
            clock.now += 60
            db.checkpoints.tidy()
    clock.now += 60
    db.checkpoints.tidy()

    assert wal.log_bytes(path) == 0
    assert db.checkpoints.wait() is None


def test_a_busy_writer_with_a_reader_in_the_way_does_not_try_at_every_commit(
    db: WritingConnection, path: Path
) -> None:
    with closing(open_reader(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchone()
        for _ in range(40):
            fill(db, 10)

    assert 2 <= db.checkpoints.facts().count <= 5


def test_nobody_waits_for_a_checkpoint_in_the_way_of_a_reader(
    db: WritingConnection, path: Path
) -> None:
    with closing(open_reader(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchone()
        fill(db, 5)
        run = db.checkpoints.run("TRUNCATE")

    assert run.busy
    assert db.execute("PRAGMA busy_timeout").fetchone() == (5000,)  # as it was


def test_a_close_leaves_an_empty_log(db: WritingConnection, path: Path) -> None:
    fill(db, 30)

    db.checkpoints.close()

    assert wal.log_bytes(path) == 0
