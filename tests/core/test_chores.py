"""Upkeep and orders have their turn one after the other, and each is told of at its end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chores import Chores
from core.config import Config
from core.engine import AddRoots, Engine, Maintain
from core.events import (
    EngineEvent,
    FilesFound,
    ImportFinished,
    LibraryReady,
    RemovalFinished,
    UpkeepFinished,
)
from core.monitoring.upkeep import Task
from core.removal import Forget, TakeBack
from core.store.connection import WritingConnection
from tests import builders as b
from tests.library import writing

PATIENCE = 20  # seconds; only a failing test waits as long


@pytest.fixture
def db(tmp_path: Path) -> Iterator[WritingConnection]:
    with writing(tmp_path / "l.clew") as (found, _):
        yield found


def ended(events: list[EngineEvent]) -> list[tuple[type[EngineEvent], bool]]:
    return [
        (type(one), one.cancelled)
        for one in events
        if isinstance(one, UpkeepFinished | RemovalFinished)
    ]


def test_an_order_behind_a_check_has_its_turn(db: WritingConnection) -> None:
    events: list[EngineEvent] = []
    chores = Chores(events.append)

    assert chores.add(Task.CHECK, chores.halt)
    assert chores.step(db)
    assert not chores.add(Forget(), chores.halt)
    while chores.step(db):
        pass

    assert ended(events) == [(UpkeepFinished, False), (RemovalFinished, False)]
    assert not chores.step(db)
    assert chores.add(Forget(), chores.halt)  # and so it goes on


def test_what_waits_when_all_is_cancelled_does_nothing_and_is_told_of(
    db: WritingConnection,
) -> None:
    events: list[EngineEvent] = []
    chores = Chores(events.append)
    halted = chores.halt  # of an order that lies in a queue still

    chores.add(Task.CHECK, chores.halt)
    chores.step(db)
    chores.add(Task.OPTIMISE, chores.halt)
    chores.cancel()
    chores.add(Forget(), halted)
    chores.add(Task.COMPACT, chores.halt)  # is not meant
    while chores.step(db):
        pass

    assert ended(events) == [
        (UpkeepFinished, True), (UpkeepFinished, True), (RemovalFinished, True),
        (UpkeepFinished, False),
    ]  # fmt: skip


def test_what_is_asked_for_twice_in_a_row_is_done_once(db: WritingConnection) -> None:
    events: list[EngineEvent] = []
    chores = Chores(events.append)

    for chore in (Task.COMPACT, Forget(), Forget(), TakeBack(()), Forget()):
        chores.add(chore, chores.halt)
    while chores.step(db):
        pass

    assert len(ended(events)) == 4


def test_an_order_that_is_cancelled_behind_an_import_does_nothing(tmp_path: Path) -> None:
    events: list[EngineEvent] = []
    log = b.write(tmp_path / "a.jsonl", b.prompt("u"))

    def hear(event: EngineEvent) -> None:
        events.append(event)
        if isinstance(event, FilesFound):
            engine.submit(Maintain(Forget()))
            engine.submit(Maintain(Task.OPTIMISE))
            engine.cancel_upkeep()
        if isinstance(event, UpkeepFinished):
            engine.stop()

    engine = Engine(Config(tmp_path / "l.clew"), hear)
    engine.submit(AddRoots((log,), watch=False))
    engine.run()

    assert ended(events) == [(RemovalFinished, True), (UpkeepFinished, True)]
    (read,) = (one for one in events if isinstance(one, ImportFinished))
    assert not read.cancelled


def test_an_order_that_is_given_during_a_check_is_told_of(tmp_path: Path) -> None:
    events: list[EngineEvent] = []
    end = threading.Event()

    def hear(event: EngineEvent) -> None:
        events.append(event)
        if isinstance(event, LibraryReady):
            engine.submit(Maintain(Task.CHECK))
            engine.submit(Maintain(Forget()))
        if isinstance(event, RemovalFinished):
            end.set()

    engine = Engine(Config(tmp_path / "l.clew"), hear)
    thread = threading.Thread(target=engine.run)
    thread.start()
    told = end.wait(PATIENCE)
    engine.stop()
    thread.join(PATIENCE)

    assert told
    assert ended(events) == [(UpkeepFinished, False), (RemovalFinished, False)]
