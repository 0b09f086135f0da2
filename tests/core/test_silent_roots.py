"""A file system that hangs is left alone until it answers; everything else goes on."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from typing_extensions import override

from core.config import Config
from core.engine import AddRoots, Engine, FileTouched
from core.events import (
    ConversationChanged,
    EngineEvent,
    ImportFinished,
    WatchDegraded,
    WatchRestored,
)
from core.files import reaching
from core.files.discover import SourceFile, find
from core.files.patience import NoAnswerError, Patience
from core.importing import import_files
from core.queries import jobs
from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imports, writing

SECONDS = 20  # until news that never comes is given up
T = TypeVar("T")


class Place:
    """Two roots, one of them on a mount that can be made to hang, and an engine that follows."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.near, self.far = root / "near", root / "far"
        self.answers = threading.Event()
        self.answers.set()
        self.events: list[EngineEvent] = []
        self._news = threading.Condition()
        monkeypatch.setattr("core.lookout.Patience", self._patience)
        self.engine = Engine(Config(root / "l.clew"), self._publish)
        self._thread = threading.Thread(target=self.engine.run)
        for number, folder in enumerate((self.near, self.far)):
            session = f"{number}-session"
            b.write(folder / f"{session}.jsonl", *b.of(session, b.prompt(f"{number}-p", "hello")))

    def _patience(self, news: Callable[[], None]) -> Patience:
        answers, far = self.answers, self.far

        class Hanging(Patience):
            @override
            def _ask(
                self,
                mount: Path,
                path: Path,
                work: Callable[[], T],
                undo: Callable[[T], None] | None,
            ) -> T:
                def late() -> T:
                    answers.wait(SECONDS)
                    return work()

                return super()._ask(mount, path, late, undo)  # `far` is all there is

        return Hanging(news, mounts=lambda: (far,), seconds=0.5)

    def start(self) -> None:
        self._thread.start()
        self.engine.submit(AddRoots((self.far, self.near)))
        self.wait(lambda: self.of(ImportFinished) != [])

    def close(self) -> None:
        self.answers.set()
        self.engine.stop()
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()

    def _publish(self, event: EngineEvent, /) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, found: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(found, SECONDS), self.events

    def grows(self, folder: Path, uuid: str) -> None:
        (path,) = folder.glob("*.jsonl")
        b.append(path, *b.of(path.stem, b.prompt(uuid, "more")))
        self.engine.submit(FileTouched(path))

    def has(self, uuid: str) -> bool:
        return any(uuid in event.messages for event in self.of(ConversationChanged))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with closing(Place(tmp_path.resolve(), monkeypatch)) as made:
        yield made


def test_a_root_that_hangs_holds_up_no_other_and_is_read_when_it_answers(place: Place) -> None:
    place.start()
    assert place.has("0-p")
    assert place.has("1-p")
    assert place.of(WatchDegraded) == []

    place.answers.clear()
    place.grows(place.far, "late")
    place.wait(lambda: place.of(WatchDegraded) != [])
    place.grows(place.near, "soon")
    place.wait(lambda: place.has("soon"))

    assert place.of(WatchDegraded)[0].reason == (
        f"{place.far} does not answer. It is left alone until it does; all else is followed."
    )
    assert not place.has("late")
    place.answers.set()
    place.wait(lambda: place.has("late"))
    place.wait(lambda: place.of(WatchRestored) != [])


def test_an_import_reads_the_other_roots_and_says_what_it_could_not_read(
    place: Place, tmp_path: Path
) -> None:
    place.answers.clear()
    place.start()

    assert place.has("0-p")
    assert not place.has("1-p")
    with closing(open_reader(tmp_path / "l.clew")) as db:
        (job,) = jobs.jobs(db)
        errors = jobs.errors(db, job.id)
    assert [(error.label, error.reason) for error in errors] == [
        (str(place.far), "Its file system does not answer. It is read when it does.")
    ]
    place.answers.set()
    place.wait(lambda: place.has("1-p"))


def test_a_file_that_hangs_in_the_middle_is_gone_on_with(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.start()
    piece = reaching._piece

    def hangs(handle: int, at: int, size: int) -> bytes:
        place.answers.wait(SECONDS)
        return piece(handle, at, size)

    monkeypatch.setattr(reaching, "_piece", hangs)
    place.answers.clear()
    for number in range(3):
        place.grows(place.far, f"late-{number}")
    place.wait(lambda: place.of(WatchDegraded) != [])
    place.answers.set()

    place.wait(lambda: all(place.has(f"late-{number}") for number in range(3)))


def logs_of_all_kinds(root: Path) -> None:
    """Write what is read in every way there is: lines, a whole file, a bundle, and files beside."""
    kept = {"stdout": "", "persistedOutputPath": "/x/tool-results/t1.txt"}
    path = b.write(
        root / "p" / f"{b.SESSION}.jsonl",
        b.prompt("u1"),
        b.calls("a1", "t1", "Bash", {"command": "x"}, "u1"),
        b.answers("r1", "t1", "<persisted-output>the beginning", "a1", toolUseResult=kept),
    )
    b.write(path.with_suffix("") / "tool-results" / "t1.txt", b"the beginning and an okapi" * 2)
    agent = b.agent_file(root / "p", b.SESSION, "ag1", b.prompt("k1", "Dig"))
    b.agent_note(agent, agentType="Explore")
    told = [{"role": "user", "content": [{"type": "text", "text": "<task>weave</task>"}]}]
    task = root / "tasks" / "1736000000000"
    b.write(task / "api_conversation_history.json", json.dumps(told).encode())
    b.write(task / "ui_messages.json", b'[{"ts": 1736000000000, "type": "say", "say": "text"}]')
    b.write(root / "wide.jsonl", b.data([b.prompt("w1", "wide")]).decode().encode("utf-16"))


def test_a_distant_library_is_the_one_that_a_near_one_would_be(tmp_path: Path) -> None:
    root = tmp_path.resolve() / "logs"
    logs_of_all_kinds(root)
    imports(tmp_path / "near.clew", root)
    asked: list[Path] = []

    class Counting(Patience):
        @override
        def ask(
            self, path: Path, work: Callable[[], T], undo: Callable[[T], None] | None = None
        ) -> T:
            asked.append(path)
            return super().ask(path, work, undo)

    with (
        closing(Counting(mounts=lambda: (root,))) as patience,
        writing(tmp_path / "far.clew") as (_, ingest),
    ):
        ingest.patience = patience
        import_files(ingest, (root,), threading.Event(), lambda _event: None)

    dumps: list[object] = []
    for name in ("near", "far"):
        with closing(open_reader(tmp_path / f"{name}.clew")) as db:
            dumps.append(dump(db))
    assert dumps[0] == dumps[1]
    assert {path.name for path in asked} >= {
        f"{b.SESSION}.jsonl", "t1.txt", "agent-ag1.jsonl", "agent-ag1.meta.json", "wide.jsonl",
        "api_conversation_history.json", "ui_messages.json",
    }  # fmt: skip


def test_a_log_whose_long_output_does_not_answer_is_read_with_it_when_it_does(
    tmp_path: Path,
) -> None:
    root = tmp_path.resolve() / "logs"
    logs_of_all_kinds(root)
    deaf = {"t1.txt"}

    class Deaf(Patience):
        @override
        def ask(
            self, path: Path, work: Callable[[], T], undo: Callable[[T], None] | None = None
        ) -> T:
            if path.name in deaf:
                raise NoAnswerError(path)
            return super().ask(path, work, undo)

    with (
        closing(Deaf(mounts=lambda: (root,))) as patience,
        writing(tmp_path / "l.clew") as (db, ingest),
    ):
        ingest.patience = patience
        held: list[int] = []
        for _ in range(2):
            import_files(ingest, (root,), threading.Event(), lambda _event: None)
            told = "SELECT count(*) FROM body WHERE text LIKE '%okapi%'"
            held += db.execute(told).fetchone()
            deaf.clear()

    assert held == [0, 1]


def test_nobody_reads_ahead_what_may_not_answer(tmp_path: Path) -> None:
    path = b.write(tmp_path.resolve() / "a.jsonl", b.prompt("u1", "word " * 10_000))
    (file,) = find((path,))
    assert isinstance(file, SourceFile)
    with writing(tmp_path / "l.clew") as (_, ingest):
        assert ingest.task(file) is not None
        ingest.patience = Patience(mounts=lambda: (tmp_path.resolve(),))

        assert ingest.task(file) is None
