"""What the engine does about threads while nobody asks for anything."""

import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.config import Config
from core.engine import AddRoots, Command, Engine
from core.events import EngineEvent, ThreadsChanged
from core.store import merging, threads
from core.store.connection import open_reader, open_writer
from core.threads import adapting
from core.threads.adapting import Adapted
from core.threads.evidence import Turn
from core.threads.weights import Weights, dump, shipped
from core.threads.words import Lexicon
from core.weaving import training
from core.weaving.background import Background
from core.weaving.commands import Resume, SetSelfTraining, SplitThread, WeaveThreads
from core.weaving.learnt import fitting, revision
from core.weaving.training import Training
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import imports, writing


def until_woven(library: Path, logs: Path, *then: Command) -> list[ThreadsChanged]:
    """Run an engine until each of *then* has changed threads after an import."""
    heard: list[ThreadsChanged] = []
    todo = list(then)

    def publish(event: EngineEvent, /) -> None:
        if isinstance(event, ThreadsChanged):
            heard.append(event)
            if todo:
                engine.submit(todo.pop(0))
            else:
                engine.stop()

    engine = Engine(Config(library), publish)
    engine.submit(AddRoots((logs,), watch=False))
    engine.run()
    return heard


def test_threads_are_made_after_an_import_and_told(tmp_path: Path) -> None:
    path = yarn.write(tmp_path, yarn.two_things())

    (event,) = until_woven(tmp_path / "l.clew", path.parent)

    assert event.conversation == b.SESSION
    assert [one.key for one in yarn.threads(tmp_path / "l.clew")] == ["g0", "k0"]


def test_what_an_import_has_put_off_is_merged_before_threads_are_made(tmp_path: Path) -> None:
    path = yarn.write(tmp_path, yarn.two_things())
    imports(tmp_path / "l.clew", path)
    with writing(tmp_path / "l.clew") as (db, ingest):
        ingest.writer.put_off_merging()
        ingest.writer.flush()

        with closing(Background(db, tmp_path / "l.clew", lambda _: None, lambda: None)) as aside:
            while merging.is_put_off(db):
                assert aside.step()
                assert not yarn.threads(tmp_path / "l.clew")


def test_what_is_looked_at_goes_on_coming_first_when_something_else_resumes(
    tmp_path: Path,
) -> None:
    heard: list[EngineEvent] = []
    for number, key in enumerate(("old", "new")):
        said = [b.prompt(f"{key}p", at=number * 100), b.says(f"{key}a", parent=f"{key}p")]
        b.write(tmp_path / "logs" / f"{key}.jsonl", *b.of(key, *said))
    imports(tmp_path / "l.clew", tmp_path / "logs")
    with writing(tmp_path / "l.clew") as (db, _):
        background = Background(db, tmp_path / "l.clew", heard.append, lambda: None)
        background.perform(WeaveThreads("old"))
        every = [id_ for (id_,) in db.execute("SELECT id FROM conversation")]
        threads.mark(db, every, anew=True)
        db.commit()
        heard.clear()

        background.perform(Resume())
        while not any(isinstance(one, ThreadsChanged) for one in heard):
            assert background.step()
        background.close()

    (first,) = (one for one in heard if isinstance(one, ThreadsChanged))
    assert first.conversation == "old"


def test_a_decision_is_done_at_once(tmp_path: Path) -> None:
    path = yarn.write(tmp_path, yarn.two_things())

    heard = until_woven(tmp_path / "l.clew", path.parent, SplitThread(b.SESSION, "g2"))

    assert len(heard) == 2
    assert [one.key for one in yarn.threads(tmp_path / "l.clew")] == ["g0", "g2", "k0"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things()))
    yarn.perform(tmp_path / "l.clew")
    return tmp_path / "l.clew"


def learnt(library: Path) -> list[tuple[object, ...]]:
    with closing(open_reader(library)) as db:
        return db.execute("SELECT kept, prompts, base FROM thread_weights").fetchall()


def taught(library: Path) -> bool:
    """Learn from *library* once; return whether its threads change."""
    woken = threading.Event()
    with closing(open_writer(library)) as db:
        one = Training(db, library, woken.set)
        with closing(one):
            assert not one.step()
            assert woken.wait(60)
            return one.step()


def test_nothing_is_learnt_unasked(library: Path) -> None:
    with closing(open_writer(library)) as db:
        one = Training(db, library, lambda: None)

        assert not one.step()
        assert one.running is False


def test_a_process_of_its_own_learns_and_what_is_no_better_is_not_used(library: Path) -> None:
    yarn.perform(library, SetSelfTraining(on=True))

    assert not taught(library)

    assert learnt(library) == [(0, 8, revision(shipped()))]
    with closing(open_reader(library)) as db:
        assert fitting(db) == (revision(shipped()), shipped())


def test_a_library_that_has_not_grown_is_not_learnt_from_again(library: Path) -> None:
    yarn.perform(library, SetSelfTraining(on=True))
    taught(library)

    with closing(open_writer(library)) as db:
        one = Training(db, library, lambda: None)
        assert not one.step()
        assert not one.running


def test_what_is_better_is_used_until_it_is_switched_off(library: Path) -> None:
    better = replace(shipped(), shift=-30.0)
    with writing(library) as (db, _):
        row = (1, 0, revision(shipped()), 8, 1, 0.9, 0.95, dump(better))
        db.execute("INSERT INTO thread_weights VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    yarn.perform(library, SetSelfTraining(on=True))
    assert [one.key for one in yarn.threads(library)] == ["g0"]

    yarn.perform(library, SetSelfTraining(on=False))
    assert [one.key for one in yarn.threads(library)] == ["g0", "k0"]


def test_what_is_learnt_comes_from_the_main_lines_of_all_conversations(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    words: list[int] = []

    def adapt(sessions: list[list[Turn]], weights: Weights, lexicon: Lexicon) -> Adapted:
        words.append(len(lexicon))
        asked.extend([turn.uuid for turn in turns] for turns in sessions)
        return Adapted(weights, kept=False, before=0.0, after=0.0)

    monkeypatch.setattr(adapting, "adapt", adapt)
    with closing(open_reader(library)) as db:
        training.learn(db, shipped())

    assert asked == [["g0", "g1", "g2", "g3", "k0", "k1", "k2", "k3"]]
    assert words[0] > 0


def test_ending_the_program_ends_what_learns(library: Path) -> None:
    yarn.perform(library, SetSelfTraining(on=True))
    with closing(open_writer(library)) as db:
        one = Training(db, library, lambda: None)
        one.step()
        begun = one.running

        one.close()

        assert (begun, one.running) == (True, False)
    assert learnt(library) == []
