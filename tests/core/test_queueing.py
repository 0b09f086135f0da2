"""Imports that are asked for while another one runs are listed as waiting for it."""

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from core.config import Config
from core.engine import AddRoots, Engine
from core.events import (
    EngineEvent,
    EngineFailed,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    JobState,
)
from core.queries import jobs as queries
from core.queueing import Queue
from core.store import jobs as store
from core.store.connection import open_reader
from tests import builders as b
from tests.library import writing


def _log(folder: Path, n: int) -> Path:
    session = f"{n:08d}-aaaa-4bbb-8ccc-000000000000"
    return b.write(folder / f"{session}.jsonl", *b.of(session, b.prompt(f"p{n}", f"Task {n}")))


def _states(library: Path) -> list[tuple[str, JobState]]:
    with closing(open_reader(library)) as db:
        return [(Path(row.roots[0]).name, row.state) for row in reversed(queries.jobs(db))]


def test_what_is_asked_for_during_an_import_is_listed_and_has_its_turn(tmp_path: Path) -> None:
    library = tmp_path / "x.clew"
    for n, name in enumerate("abc"):
        _log(tmp_path / name, n)
    seen: list[list[tuple[str, JobState]]] = []
    ended = 0

    def hear(event: EngineEvent) -> None:
        nonlocal ended
        if isinstance(event, FilesFound) and not ended:
            for name in "bc":
                engine.submit(AddRoots((tmp_path / name,), watch=False))
        if isinstance(event, ImportProgressed):
            seen.append(_states(library))
        if isinstance(event, ImportFinished):
            ended += 1
            if ended == 3:
                engine.stop()

    engine = Engine(Config(library), hear)
    engine.submit(AddRoots((tmp_path / "a",), watch=False))
    engine.run()

    running, queued, done = JobState.RUNNING, JobState.QUEUED, JobState.COMPLETED
    assert [("a", running), ("b", queued), ("c", queued)] in seen
    assert [("a", done), ("b", running), ("c", queued)] in seen
    assert _states(library) == [("a", done), ("b", done), ("c", done)]


def test_an_import_that_waited_when_the_program_ended_is_interrupted(tmp_path: Path) -> None:
    with writing(tmp_path / "x.clew") as (db, _):
        queue = Queue()
        queue.add([tmp_path])
        queue.note(db)
        assert [row.state for row in queries.jobs(db)] == [JobState.QUEUED]
        assert store.interrupt(db) == 1
        assert [row.state for row in queries.jobs(db)] == [JobState.INTERRUPTED]


def test_each_is_listed_once(tmp_path: Path) -> None:
    with writing(tmp_path / "x.clew") as (db, _):
        queue = Queue()
        queue.add([tmp_path])
        queue.add([tmp_path])
        for _again in range(3):
            queue.note(db)
        assert len(queries.jobs(db)) == 2
        assert [queue.take(), queue.take(), queue.take()] == [1, 2, None]


def test_one_that_begins_before_it_was_listed_is_listed_then(tmp_path: Path) -> None:
    with writing(tmp_path / "x.clew") as (db, _):
        queue = Queue()
        queue.add([tmp_path])
        assert store.begin(db, [str(tmp_path)], queue.take()) == 1
        assert [row.state for row in queries.jobs(db)] == [JobState.RUNNING]


def test_one_that_waited_continues_what_was_left_unfinished(tmp_path: Path) -> None:
    with writing(tmp_path / "x.clew") as (db, _):
        first = store.begin(db, ["/logs"])
        waiting = store.queue(db, ["/logs"])
        store.end(db, first, JobState.CANCELLED, ())
        store.begin(db, ["/logs"], waiting)
        assert queries.jobs(db)[0].continues == first


def test_as_many_as_anybody_asks_for_have_their_turn(tmp_path: Path) -> None:
    many = store.KEPT + 3
    folders = [_log(tmp_path / f"{n}", n).parent for n in range(many)]
    heard: list[EngineEvent] = []

    def hear(event: EngineEvent) -> None:
        heard.append(event)
        if sum(isinstance(one, ImportFinished) for one in heard) == many:
            engine.stop()

    engine = Engine(Config(tmp_path / "x.clew"), hear)
    for folder in folders:
        engine.submit(AddRoots((folder,), watch=False))
    engine.run()

    assert [one for one in heard if isinstance(one, EngineFailed)] == []
    states = _states(tmp_path / "x.clew")
    assert [name for name, _ in states] == [f"{n}" for n in range(many - store.KEPT, many)]
    assert {state for _, state in states} == {JobState.COMPLETED}


def test_two_threads_that_ask_at_once_have_each_its_own_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = _log(tmp_path / "one", 1).parent, _log(tmp_path / "two", 2).parent
    _log(two, 3)
    between, other = threading.Event(), threading.Event()
    real = Queue.add

    def slowly(queue: Queue, roots: Sequence[Path]) -> None:
        real(queue, roots)
        if roots == (one,):
            between.set()
            other.wait(0.1)  # the other asks now, if it can

    def hear(event: EngineEvent) -> None:
        heard.append(event)
        if sum(isinstance(told, ImportFinished) for told in heard) == 2:
            engine.stop()

    monkeypatch.setattr(Queue, "add", slowly)
    heard: list[EngineEvent] = []
    engine = Engine(Config(tmp_path / "x.clew"), hear)
    first = threading.Thread(target=engine.submit, args=(AddRoots((one,), watch=False),))
    first.start()
    between.wait()
    engine.submit(AddRoots((two,), watch=False))
    other.set()
    first.join()
    engine.run()

    with closing(open_reader(tmp_path / "x.clew")) as db:
        found = {Path(row.roots[0]).name: row.files for row in queries.jobs(db)}
    assert found == {"one": 1, "two": 2}
