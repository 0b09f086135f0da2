"""Analyses are kept up to date in the background, whatever is written meanwhile."""

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core import insights, pieces
from core.analysis import context_piece, tools_part
from core.analysis.context_piece import ContextPiece
from core.analysis.material import Turn
from core.analysis.terms import Terms
from core.analysis.tools_part import ToolPiece
from core.analysis.tools_work import Work
from core.analyst import catch_up
from core.config import Config
from core.engine import AddRoots, Engine
from core.events import AnalysisChanged, EngineEvent, EngineFailed
from core.pieces import Made
from core.queries import material
from core.queries import pieces as queries
from core.store import analysis_problems
from core.store.connection import open_reader, open_writer
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
    return not queries.due(db, 9)


def test_the_newest_conversation_is_analysed_first_and_each_is_told(library: Path) -> None:
    heard: list[EngineEvent] = []
    woken = threading.Semaphore(0)
    with closing(open_writer(library)) as db:
        with closing(Analysing(db, library, heard.append, woken.release)) as one:
            finish(one, woken)
        assert complete(db)

    told = [event.conversation for event in heard if isinstance(event, AnalysisChanged)]
    assert told == ["three", "two", "one"]


def test_a_long_conversation_is_analysed_beside_the_writer(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    threads: set[str] = set()
    real = pieces.make

    def made(db: Connection, session: int, terms: Terms) -> Made | None:
        threads.add(threading.current_thread().name)
        return real(db, session, terms)

    monkeypatch.setattr(pieces, "make", made)
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

    def slowly(db: Connection, session: int, terms: Terms) -> Made | None:
        made = real(db, session, terms)
        seen.append(session)
        begun.set()
        assert go_on.wait(60)
        return made

    real = pieces.make
    monkeypatch.setattr(pieces, "make", slowly)
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
        (upto,) = db.execute("SELECT max(last_id) FROM piece").fetchone()
        assert db.execute("SELECT uuid FROM message WHERE id = ?", (upto,)).fetchone() == ("more",)


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

            assert timers() == 1

            now[0] += 10 * analysing.REST
            finish(one, woken)
        assert complete(db)


def test_nobody_is_woken_for_a_session_that_rests_and_has_not_changed(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    now = [0.0]

    def clock() -> float:
        now[0] += 1
        return now[0]

    woken = threading.Semaphore(0)
    with (
        closing(open_writer(library)) as db,
        closing(Analysing(db, library, lambda _: None, woken.release, clock)) as one,
    ):
        finish(one, woken)
        assert complete(db)
        assert timers() == 0

        now[0] += 10 * analysing.REST
        assert not one.step()
        assert timers() == 0


def timers() -> int:
    return sum(isinstance(one, threading.Timer) for one in threading.enumerate())


def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every analysis of the second conversation fail."""

    def context(turns: Sequence[Turn], terms: Terms, before: str = "") -> ContextPiece:
        if turns[0].session == "two":
            raise RecursionError("too deep")
        return said(turns, terms, before)

    def tools(work: Work) -> ToolPiece:
        if work.stints[0].turn.session == "two":
            raise ValueError("no such thing")
        return done(work)

    said, done = context_piece.context_piece, tools_part.tool_piece
    monkeypatch.setattr(context_piece, "context_piece", context)
    monkeypatch.setattr(tools_part, "tool_piece", tools)


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
        if len([one for one in heard if isinstance(one, AnalysisChanged)]) == len(NAMES):
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
        assert catch_up(db) == 3
        assert complete(db)


def test_a_session_that_cannot_be_read_is_noted_and_stops_no_other(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise ValueError("no such row")

    with closing(open_writer(library)) as db:
        with monkeypatch.context() as bad:
            bad.setattr(material, "stretch", read)
            assert catch_up(db) == 3
        assert complete(db)
        assert insights.insights_of(db, kept=True).failed == 3
        assert insights.insights_of(db, kept=True).missing == 3


def test_what_was_begun_when_the_program_ended_is_still_due(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing, "LONG", 0)
    with closing(open_writer(library)) as db:
        with closing(Analysing(db, library, lambda _: None, lambda: None)) as one:
            assert one.step()
            assert one.waiting
        assert len(queries.due(db, 9)) == 3
        assert catch_up(db) == 3
