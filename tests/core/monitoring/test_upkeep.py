"""Upkeep that somebody asked for: told from beginning to end, and stopped when he says so."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.events import EngineEvent, UpkeepFinished, UpkeepProgressed
from core.monitoring.upkeep import Task, Upkeep
from core.queries import health
from core.store import optimising
from core.store.connection import WritingConnection, open_writer
from core.store.optimising import Step
from tests import builders as b
from tests.library import imports, sound

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    imports(tmp_path / "l.clew", b.write(tmp_path / "a.jsonl", b.prompt("u"), b.calls("c", "t")))
    return tmp_path / "l.clew"


@pytest.fixture
def db(library: Path) -> Iterator[WritingConnection]:
    with closing(open_writer(library)) as found:
        yield found


def done(db: WritingConnection, task: Task) -> tuple[list[EngineEvent], UpkeepFinished]:
    heard: list[EngineEvent] = []
    upkeep = Upkeep(db, task, heard.append)
    while upkeep.step():
        pass
    end = heard.pop()
    assert isinstance(end, UpkeepFinished)
    return heard, end


@pytest.mark.parametrize("task", Task)
def test_every_task_is_told_and_ends_well(db: WritingConnection, library: Path, task: Task) -> None:
    progress, end = done(db, task)

    assert {type(one) for one in progress} == {UpkeepProgressed}
    assert (end.task, end.sound, end.cancelled, end.trouble) == (task, True, False, "")
    assert sound(library)


def test_a_check_says_what_it_has_checked(db: WritingConnection) -> None:
    progress, end = done(db, Task.CHECK)

    assert len(end.found) == len(health.CHECKS) == len(progress)
    assert end.found[0] == "integrity: ok"


def test_a_check_that_finds_something_is_not_sound(db: WritingConnection) -> None:
    db.execute("UPDATE session SET messages = messages + 1")

    _, end = done(db, Task.CHECK)

    assert not end.sound
    assert any("sessions whose stored counts differ" in line for line in end.found)


def test_cancelled_between_two_slices_it_ends_there(db: WritingConnection) -> None:
    heard: list[EngineEvent] = []
    upkeep = Upkeep(db, Task.CHECK, heard.append)
    assert upkeep.step()

    upkeep.cancel()

    assert not upkeep.step()
    assert isinstance(heard[-1], UpkeepFinished)
    assert heard[-1].cancelled
    assert heard[-1].trouble == ""


def test_cancelled_inside_a_statement_it_ends_there(
    db: WritingConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = threading.Event()

    def endless(db: WritingConnection) -> Iterator[Step]:
        yield Step("for ever", 0, 0)
        started.set()
        db.execute(ENDLESS)

    monkeypatch.setattr(optimising, "rebuilt", endless)
    heard: list[EngineEvent] = []
    upkeep = Upkeep(db, Task.REINDEX, heard.append)

    def stop() -> None:
        started.wait()
        upkeep.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    while upkeep.step():
        pass
    stopper.join()

    assert isinstance(heard[-1], UpkeepFinished)
    assert heard[-1].cancelled
    assert db.execute("SELECT count(*) FROM message").fetchone() == (2,)  # it goes on working


def test_what_cannot_be_done_is_told_and_nothing_is_left_half_done(
    db: WritingConnection, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(db: WritingConnection) -> Iterator[Step]:
        yield Step("something", 0, 1)
        db.execute("BEGIN")
        db.execute("DELETE FROM problem")
        db.execute("SELECT * FROM no_such_table")

    monkeypatch.setattr(optimising, "rebuilt", failing)
    _, end = done(db, Task.REINDEX)

    assert "no_such_table" in end.trouble
    assert not end.sound
    assert not db.in_transaction
    assert sound(library)
