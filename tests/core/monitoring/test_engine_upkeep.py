"""The engine's own upkeep: an empty log when it is idle, and what it is asked for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.config import Config
from core.engine import AddRoots, Engine, FileTouched, Maintain
from core.events import (
    ConversationChanged,
    EngineEvent,
    ImportFinished,
    LibraryReady,
    UpkeepFinished,
)
from core.monitoring.upkeep import Task
from core.store import checkpoints, optimising, wal
from core.store.connection import WritingConnection, open_reader
from core.store.optimising import Step
from tests import builders as b

PATIENCE = 20  # seconds; only a failing test waits as long


class Heard:
    def __init__(self) -> None:
        self.events: list[EngineEvent] = []
        self._news = threading.Condition()

    def __call__(self, event: EngineEvent, /) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, found: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(found, PATIENCE), self.events

    def wait_for(self, kind: type[EngineEvent]) -> EngineEvent:
        self.wait(lambda: any(isinstance(one, kind) for one in self.events))
        return next(one for one in self.events if isinstance(one, kind))


@contextmanager
def running(library: Path) -> Iterator[tuple[Engine, Heard]]:
    heard = Heard()
    engine = Engine(Config(library), heard)
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        heard.wait_for(LibraryReady)
        yield engine, heard
    finally:
        engine.stop()
        thread.join(PATIENCE)


def until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 100):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come to pass")


def test_an_idle_engine_leaves_an_empty_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "IDLE_S", 0.01)
    library = tmp_path / "l.clew"
    with running(library) as (engine, heard):
        engine.submit(AddRoots((b.write(tmp_path / "a.jsonl", b.prompt("u")),), watch=False))
        heard.wait_for(ImportFinished)
        until(lambda: dict(engine.writing().checkpoints.by_mode).get("TRUNCATE", 0) > 0)

        assert wal.log_bytes(library) == 0
        assert dict(engine.writing().writer)["synchronous"] == "NORMAL"


def test_upkeep_is_told_and_ends(tmp_path: Path) -> None:
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(AddRoots((b.write(tmp_path / "a.jsonl", b.prompt("u")),), watch=False))
        engine.submit(Maintain(Task.OPTIMISE))
        end = heard.wait_for(UpkeepFinished)

    assert isinstance(end, UpkeepFinished)
    assert (end.task, end.sound, end.cancelled) == ("optimise", True, False)


def test_a_file_that_grows_is_read_between_two_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(_db: WritingConnection) -> Iterator[Step]:
        for number in range(1_000_000):
            if go_on.is_set():
                return
            yield Step("for long", number, 0)

    monkeypatch.setattr(optimising, "rebuilt", slow)
    path = b.write(tmp_path / "a.jsonl", b.prompt("u"))
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(Maintain(Task.REINDEX))
        engine.submit(FileTouched(path.resolve()))
        heard.wait_for(ConversationChanged)
        assert not any(isinstance(one, UpkeepFinished) for one in heard.events)
        go_on.set()
        heard.wait_for(UpkeepFinished)


def test_upkeep_is_cancelled_when_the_engine_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_db: WritingConnection) -> Iterator[Step]:
        number = 0
        while True:
            yield Step("for ever", (number := number + 1), 0)

    monkeypatch.setattr(optimising, "rebuilt", endless)
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(Maintain(Task.REINDEX))
        until(lambda: len(heard.events) > 10)
        engine.cancel_upkeep()
        end = heard.wait_for(UpkeepFinished)
        assert isinstance(end, UpkeepFinished)
        assert end.cancelled
        engine.submit(Maintain(Task.REINDEX))
    assert wal.log_bytes(tmp_path / "l.clew") == 0


def test_a_reader_in_the_way_of_the_log_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "IDLE_S", 0.01)
    library = tmp_path / "l.clew"
    heard = Heard()
    engine = Engine(Config(library), heard)
    engine.readers = lambda: ("charts",)
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        heard.wait_for(LibraryReady)
        with closing(open_reader(library)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM message").fetchone()
            engine.submit(AddRoots((b.write(tmp_path / "a.jsonl", b.prompt("u")),), watch=False))
            heard.wait_for(ImportFinished)
            until(lambda: engine.writing().checkpoints.busy > 0)
            last = engine.writing().checkpoints.last
            assert last is not None
            assert last.pinned_by == ("charts",)
    finally:
        engine.stop()
        thread.join(PATIENCE)
