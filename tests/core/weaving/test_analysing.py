"""Analyses are kept up to date in the background, whatever is written meanwhile."""

import threading
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core import contexts, insights
from core.analysis.material import Material
from core.analysis.tools_part import REVISION
from core.config import Config
from core.engine import AddRoots, Engine
from core.events import AnalysisChanged, EngineEvent, EngineFailed
from core.queries import contexts as queries
from core.queries import insights as parts
from core.queries import material, workload
from core.store import analysis_problems
from core.store.connection import open_reader, open_writer, transaction
from core.weaving import analysing
from core.weaving.analysing import Analysing
from tests import builders as b
from tests.library import imports, reads, writing

NAMES = ("one", "two", "three")


def session(name: str, at: int) -> list[b.Line]:
    return [
        b.prompt(f"{name}p", f"list the {name} files", at=at, sessionId=name),
        b.calls(f"{name}c", f"{name}k", "Bash", {"command": "ls"}, f"{name}p", at=at + 1,
                sessionId=name),
        b.answers(f"{name}a", f"{name}k", parent=f"{name}c", at=at + 2, sessionId=name),
        b.says(f"{name}s", "There are two.", f"{name}a", at=at + 3, sessionId=name),
    ]  # fmt: skip


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        b.write(tmp_path / "logs" / f"{name}.jsonl", *session(name, number * 10_000))
    return tmp_path / "logs"


@pytest.fixture
def library(tmp_path: Path, logs: Path) -> Path:
    imports(tmp_path / "l.clew", logs)
    return tmp_path / "l.clew"


def finish(one: Analysing, woken: threading.Semaphore) -> None:
    """Have *one* do all there is to do."""
    while True:
        if one.step():
            continue
        if not one.waiting:
            return
        assert woken.acquire(timeout=60)


def complete(db: Connection) -> bool:
    return not queries.due(db, 9) and not parts.missing(db, REVISION, 9)


def test_the_newest_conversation_is_analysed_first_and_each_is_told(library: Path) -> None:
    heard: list[EngineEvent] = []
    woken = threading.Semaphore(0)
    with closing(open_writer(library)) as db:
        with closing(Analysing(db, library, heard.append, woken.release)) as one:
            finish(one, woken)
        assert complete(db)

    told = [event.conversation for event in heard if isinstance(event, AnalysisChanged)]
    assert told == ["three", "two", "one"] * 2  # what tools did, then what was said


def test_a_long_conversation_is_analysed_beside_the_writer(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    threads: set[str] = set()
    real = insights.made

    def made(db: Connection, conversation: int) -> str:
        threads.add(threading.current_thread().name)
        return real(db, conversation)

    monkeypatch.setattr(insights, "made", made)
    woken = threading.Semaphore(0)
    with closing(open_writer(library)) as db:
        with closing(Analysing(db, library, lambda _: None, woken.release)) as one:
            finish(one, woken)
        assert complete(db)

    assert threads == {"analysis"}


def test_what_changed_while_it_was_analysed_is_analysed_again(
    library: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    monkeypatch.setattr(analysing, "REST", 0)
    begun, go_on = threading.Event(), threading.Event()
    seen: list[int] = []

    def slowly(db: Connection, conversation: int) -> Material | None:
        made = real(db, conversation)
        seen.append(conversation)
        begun.set()
        assert go_on.wait(60)
        return made

    real = material.material
    monkeypatch.setattr(contexts, "material", slowly)
    woken = threading.Semaphore(0)
    with writing(library) as (db, ingest):
        with closing(Analysing(db, library, lambda _: None, woken.release)) as one:
            while not begun.is_set():
                if not one.step():
                    begun.wait(0.01)
            b.append(logs / "three.jsonl", b.prompt("more", "and again", at=20_100,
                                                    sessionId="three"))  # fmt: skip
            reads(ingest, logs / "three.jsonl")
            go_on.set()
            finish(one, woken)
        newest = seen[0]

        assert seen.count(newest) == 2
        assert complete(db)
        assert {one.upto for one in queries.parts(db, newest)} == {queries.upto(db, newest)}


def test_a_long_conversation_rests_before_it_is_analysed_again(
    library: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    now = [0.0]

    def clock() -> float:
        now[0] += 1
        return now[0]

    def nothing(_: EngineEvent) -> None: ...

    woken = threading.Semaphore(0)
    with writing(library) as (db, ingest):
        with closing(Analysing(db, library, nothing, woken.release, clock)) as one:
            while not complete(db):
                if not one.step() and one.waiting:
                    assert woken.acquire(timeout=60)
            b.append(logs / "one.jsonl", b.prompt("more", "and again", at=100, sessionId="one"))
            reads(ingest, logs / "one.jsonl")
            now[0] -= analysing.REST
            assert not one.step()
            assert not one.waiting
            assert not complete(db)

            now[0] += 10 * analysing.REST
            finish(one, woken)
        assert complete(db)


def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every analysis of the second conversation fail."""

    def read_all(db: Connection, conversation: int) -> Material | None:
        if parts.key(db, conversation) == "two":
            raise RecursionError("too deep")
        return real(db, conversation)

    def read(db: Connection, conversation: int) -> object:
        if parts.key(db, conversation) == "two":
            raise ValueError("no such thing")
        return work(db, conversation)

    real, work = material.material, workload.read
    monkeypatch.setattr(contexts, "material", read_all)
    monkeypatch.setattr(workload, "read", read)


@pytest.mark.parametrize("long", [400, 0])
def test_one_bad_conversation_is_noted_and_stops_no_other(
    library: Path, logs: Path, monkeypatch: pytest.MonkeyPatch, long: int
) -> None:
    monkeypatch.setattr(analysing, "LONG", long)
    monkeypatch.setattr(analysing, "REST", 0)
    woken = threading.Semaphore(0)
    with writing(library) as (db, ingest), monkeypatch.context() as bad:
        poison(bad)
        with closing(Analysing(db, library, lambda _: None, woken.release)) as one:
            finish(one, woken)
            (id_,) = db.execute("SELECT id FROM conversation WHERE key = 'two'").fetchone()
            assert complete(db)
            assert [(name, said) for name, _, said in analysis_problems.of(db, id_)] == [
                ("context", "RecursionError: too deep"),
                ("tools", "ValueError: no such thing"),
            ]
            assert insights.insights_of(db).failed == 1

            bad.undo()
            more = b.prompt("more", "and again", at=10_100, sessionId="two")
            b.append(logs / "two.jsonl", more)
            reads(ingest, logs / "two.jsonl")
            finish(one, woken)

        assert analysis_problems.of(db, id_) == []
        assert insights.insights_of(db).failed == 0


def test_a_bad_conversation_does_not_end_the_engine(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch)
    heard: list[EngineEvent] = []

    def publish(event: EngineEvent, /) -> None:
        heard.append(event)
        if len([one for one in heard if isinstance(one, AnalysisChanged)]) == 2 * len(NAMES):
            engine.stop()

    engine = Engine(Config(tmp_path / "l.clew"), publish)
    engine.submit(AddRoots((logs,), watch=False))
    engine.run()

    assert not [event for event in heard if isinstance(event, EngineFailed)]
    with closing(open_reader(tmp_path / "l.clew")) as db:
        assert complete(db)


def test_a_door_that_catches_up_gets_over_a_bad_conversation(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch)
    with closing(open_writer(library)) as db:
        assert (insights.catch_up(db), contexts.catch_up(db)) == (3, 3)
        assert complete(db)


def test_what_was_begun_when_the_program_ended_is_still_due(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    with closing(open_writer(library)) as db:
        with closing(Analysing(db, library, lambda _: None, lambda: None)) as one:
            assert one.step()
            assert one.waiting
        assert len(parts.missing(db, REVISION, 9)) == 3
        with transaction(db):
            db.execute("UPDATE context_due SET taken = 1")
        assert contexts.catch_up(db) == 3
