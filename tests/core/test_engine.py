"""The engine: commands in, commits and events out, on a thread of its own."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.config import Config
from core.engine import AddRoots, Engine, FileTouched
from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    LibraryReady,
    WatchDegraded,
)
from core.queries import problems, totals
from core.slicing import SLICE_RECORDS
from core.store.connection import open_reader
from core.store.writer import FULL_RECORDS
from tests import builders as b
from tests.library import dump, imported, imports, listed, sound

PATIENCE = 20  # seconds; only a failing test waits as long


class Heard:
    """Takes events, and lets a test wait for one."""

    def __init__(self) -> None:
        self.events: list[EngineEvent] = []
        self._news = threading.Condition()

    def __call__(self, event: EngineEvent, /) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, found: Callable[[list[EngineEvent]], bool]) -> None:
        """Return as soon as *found* holds for the events so far."""
        with self._news:
            assert self._news.wait_for(lambda: found(self.events), PATIENCE), self.events

    def of(self, kind: type[EngineEvent]) -> list[EngineEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    def finished(self, times: int = 1) -> None:
        self.wait(lambda events: sum(isinstance(e, ImportFinished) for e in events) >= times)


@contextmanager
def running(library: Path) -> Iterator[tuple[Engine, Heard]]:
    heard = Heard()
    engine = Engine(Config(library), heard)
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        yield engine, heard
    finally:
        engine.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def run(library: Path, *roots: Path) -> list[EngineEvent]:
    """Run an engine in this thread until one import is done."""
    events: list[EngineEvent] = []

    def publish(event: EngineEvent, /) -> None:
        events.append(event)
        if isinstance(event, ImportFinished):
            engine.stop()

    engine = Engine(Config(library), publish)
    engine.submit(AddRoots(roots, watch=False))
    engine.run()
    return events


def changes(events: list[EngineEvent]) -> list[ConversationChanged]:
    return [event for event in events if isinstance(event, ConversationChanged)]


def test_an_import_is_told_from_beginning_to_end(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))

    ready, found, changed, progress, finished = run(tmp_path / "l.clew", path.parent)

    size = path.stat().st_size
    assert ready == LibraryReady(str(tmp_path / "l.clew"))
    assert found == FilesFound(1, size)
    assert changed == ConversationChanged(1, "a", "a", ("p1",), 1, regrouped=False)
    assert isinstance(progress, ImportProgressed)
    assert (progress.files_total, progress.bytes_done, progress.bytes_total) == (1, size, size)
    assert isinstance(finished, ImportFinished)
    assert (finished.files, finished.files_changed, finished.bytes_read) == (1, 1, size)
    assert not finished.cancelled


def test_every_commit_is_one_event_and_ids_grow(tmp_path: Path) -> None:
    for name in ("a", "b"):
        lines = (b.prompt(f"{name}{n}") for n in range(SLICE_RECORDS + 1))
        b.write(tmp_path / "logs" / f"{name}.jsonl", *b.of(name, *lines))

    found = changes(run(tmp_path / "l.clew", tmp_path / "logs"))
    found += changes(run(tmp_path / "l.clew", b.write(tmp_path / "c.jsonl", b.prompt("c1"))))

    assert [change.event_id for change in found] == [1, 2, 3, 4, 5]
    assert [len(change.messages) for change in found] == [SLICE_RECORDS, 1, SLICE_RECORDS, 1, 1]


def test_an_event_is_told_after_its_commit(tmp_path: Path) -> None:
    told = 0
    missing: list[int] = []
    library = tmp_path / "l.clew"
    b.write(tmp_path / "logs" / "a.jsonl", *(b.prompt(f"p{n}") for n in range(FULL_RECORDS + 1)))

    def publish(event: EngineEvent, /) -> None:
        nonlocal told
        if isinstance(event, ConversationChanged):
            told += len(event.messages)
            with closing(open_reader(library)) as db:
                missing.append(max(0, told - totals.totals(db).messages))
        if isinstance(event, ImportFinished):
            engine.stop()

    engine = Engine(Config(library), publish)
    engine.submit(AddRoots((tmp_path / "logs",), watch=False))
    engine.run()

    assert told == FULL_RECORDS + 1
    assert set(missing) == {0}


def test_the_newest_file_is_read_first(tmp_path: Path) -> None:
    for number, name in enumerate(["middle", "newest", "oldest"]):
        path = b.write(tmp_path / "logs" / f"{name}.jsonl", *b.of(name, b.prompt(name)))
        b.older(path, (5, 9, 1)[number])

    found = changes(run(tmp_path / "l.clew", tmp_path / "logs"))

    assert [change.session for change in found] == ["newest", "middle", "oldest"]


def test_cancelling_keeps_what_was_committed_and_the_next_import_goes_on(tmp_path: Path) -> None:
    library, logs = tmp_path / "l.clew", tmp_path / "logs"
    b.write(logs / "a.jsonl", *(b.prompt(f"p{n}") for n in range(FULL_RECORDS * 2)))
    ends: list[ImportFinished] = []

    def publish(event: EngineEvent, /) -> None:
        if isinstance(event, ConversationChanged) and event.event_id == 1:
            engine.cancel()
        if isinstance(event, ImportFinished):
            ends.append(event)
            with closing(open_reader(library)) as db:
                counted.append(totals.totals(db).messages)
            if event.cancelled:
                engine.submit(AddRoots((logs,), watch=False))
            else:
                engine.stop()

    counted: list[int] = []
    engine = Engine(Config(library), publish)
    engine.submit(AddRoots((logs,), watch=False))
    engine.run()

    assert [end.cancelled for end in ends] == [True, False]
    assert SLICE_RECORDS <= counted[0] <= FULL_RECORDS
    assert counted[1] == FULL_RECORDS * 2


def test_stopping_ends_an_import_after_the_commit_in_hand(tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / "a.jsonl", *(b.prompt(f"p{n}") for n in range(FULL_RECORDS * 2)))
    events: list[EngineEvent] = []

    def publish(event: EngineEvent, /) -> None:
        events.append(event)
        if isinstance(event, ConversationChanged):
            engine.stop()

    engine = Engine(Config(tmp_path / "l.clew"), publish)
    engine.submit(AddRoots((tmp_path / "logs",), watch=False))
    engine.run()

    assert sum(len(change.messages) for change in changes(events)) <= FULL_RECORDS
    assert sound(tmp_path / "l.clew")


def test_stopping_ends_the_reading_of_a_touched_file_too(tmp_path: Path) -> None:
    path = b.write(tmp_path / "a.jsonl", *(b.prompt(f"p{n}") for n in range(SLICE_RECORDS * 3)))
    events: list[EngineEvent] = []

    def publish(event: EngineEvent, /) -> None:
        events.append(event)
        if isinstance(event, ConversationChanged):
            engine.stop()

    engine = Engine(Config(tmp_path / "l.clew"), publish)
    engine.submit(FileTouched(path))
    engine.run()

    assert len(changes(events)) == 1


def test_stopping_before_it_runs_ends_it_at_once(tmp_path: Path) -> None:
    engine = Engine(Config(tmp_path / "l.clew"), lambda _event: None)
    engine.stop()

    engine.run()

    assert (tmp_path / "l.clew").exists()


def test_a_bad_file_does_not_keep_others_out(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    b.write(logs / "good.jsonl", b.prompt("p1"))
    b.write(logs / "bad.jsonl", b"\xff\xfe\x00", b"garbage\n" * 50)
    (logs / "outside.jsonl").symlink_to("/etc/hostname")
    (logs / "dir.jsonl").mkdir()

    run(tmp_path / "l.clew", logs, tmp_path / "gone")

    with closing(open_reader(tmp_path / "l.clew")) as db:
        assert [one["id"] for one in listed(db)] == ["good"]
        named = {Path(one.source).name for one in problems.page(db)}
    assert named >= {"outside.jsonl", "dir.jsonl", "gone"}


def test_a_touched_link_out_of_its_root_is_not_followed(tmp_path: Path) -> None:
    secret = b.write(tmp_path / "secret.jsonl", b.prompt("p1", "secret"))
    (tmp_path / "logs").mkdir()
    link = tmp_path / "logs" / "link.jsonl"
    link.symlink_to(secret)

    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(FileTouched(link))
        engine.submit(AddRoots((tmp_path / "logs",), watch=False))
        heard.finished()

    assert heard.of(ConversationChanged) == []
    with closing(open_reader(tmp_path / "l.clew")) as db:
        assert totals.totals(db).messages == 0


def test_what_is_appended_is_followed(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    path = b.write(logs / "p" / "a.jsonl", b.prompt("p1", at=1))
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(AddRoots((logs,)))
        heard.finished()

        for number in range(2, 6):
            b.append(path, b.prompt(f"p{number}", at=number))
            wanted = f"p{number}"
            heard.wait(lambda e, w=wanted: any(w in change.messages for change in changes(e)))  # type: ignore[misc]  # a default in a lambda
        # A new session in a new folder, as when an agent is started for the first time there.
        b.write(logs / "q" / "new.jsonl", *b.of("new", b.prompt("n1", at=9)))
        heard.wait(lambda events: any(change.session == "new" for change in changes(events)))

    assert [m for c in changes(heard.events) for m in c.messages] == [
        "p1", "p2", "p3", "p4", "p5", "n1",
    ]  # fmt: skip
    assert sound(tmp_path / "l.clew")


def test_a_library_that_followed_is_the_one_that_an_import_makes(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = b.data(
        [b.prompt(f"p{n}", "word " * 40, f"p{n - 1}" if n else None, at=n) for n in range(60)]
    )
    with running(tmp_path / "followed.clew") as (engine, heard):
        engine.submit(AddRoots((logs,)))
        heard.finished()
        for begin in range(0, len(lines), 777):
            with (logs / "a.jsonl").open("ab") as stream:
                stream.write(lines[begin : begin + 777])
        heard.wait(lambda events: any("p59" in change.messages for change in changes(events)))

    with (
        closing(open_reader(tmp_path / "followed.clew")) as followed,
        closing(imported(tmp_path / "whole.clew", logs)) as whole,
    ):
        assert dump(followed) == dump(whole)


def test_news_of_files_that_are_gone_or_none_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "dir.jsonl").mkdir()
    with running(tmp_path / "l.clew") as (engine, heard):
        for name in ("gone.jsonl", "dir.jsonl"):
            engine.submit(FileTouched(tmp_path / name))
        engine.submit(AddRoots((tmp_path / "dir.jsonl",), watch=False))
        heard.finished()

    assert heard.of(EngineFailed) == []


def test_a_root_that_cannot_be_watched_is_told_and_imported_all_the_same(tmp_path: Path) -> None:
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(AddRoots((tmp_path / "gone" / "deeper",)))
        heard.finished()

    (degraded,) = heard.of(WatchDegraded)
    assert isinstance(degraded, WatchDegraded)
    assert "is not there" in degraded.reason


def foreign(path: Path) -> None:
    path.write_bytes(b"this is somebody's text file\n" * 100)


def newer(path: Path) -> None:
    imports(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9999")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (foreign, "is not a Clew library; it was left as it is."),
        (newer, "was made by a newer Clew; it was left as it is."),
        (folder, "cannot be opened: Is a directory."),
    ],
)
def test_a_library_that_cannot_be_used_is_told_in_a_sentence(
    make: Callable[[Path], None], sentence: str, tmp_path: Path
) -> None:
    make(tmp_path / "l.clew")
    events: list[EngineEvent] = []

    Engine(Config(tmp_path / "l.clew"), events.append).run()

    (failed,) = events
    assert isinstance(failed, EngineFailed)
    assert failed.reason.endswith(sentence)


def test_a_library_that_breaks_while_it_is_used_ends_the_engine_with_a_sentence(
    tmp_path: Path,
) -> None:
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1"))
    with closing(imported(tmp_path / "l.clew", path)):
        pass
    content = bytearray((tmp_path / "l.clew").read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    (tmp_path / "l.clew").write_bytes(content)
    b.append(path, b.prompt("p2"))

    events = run(tmp_path / "l.clew", path)

    (failed,) = (event for event in events if isinstance(event, EngineFailed))
    assert "damaged" in failed.reason


def test_what_is_asked_for_after_a_cancel_does_not_revive_the_import_in_hand(
    tmp_path: Path,
) -> None:
    first = b.write(tmp_path / "a.jsonl", *(b.prompt(f"p{n}") for n in range(SLICE_RECORDS * 3)))
    second = b.write(tmp_path / "b.jsonl", b.prompt("q1"))
    ends: list[ImportFinished] = []

    def publish(event: EngineEvent, /) -> None:
        if isinstance(event, ConversationChanged) and event.event_id == 1:
            engine.cancel()
            engine.submit(AddRoots((second,), watch=False))
        if isinstance(event, ImportFinished):
            ends.append(event)
            if len(ends) == 2:
                engine.stop()

    engine = Engine(Config(tmp_path / "l.clew"), publish)
    engine.submit(AddRoots((first,), watch=False))
    engine.run()

    assert [end.cancelled for end in ends] == [True, False]


def test_a_bug_ends_the_engine_with_a_sentence(tmp_path: Path) -> None:
    told: list[str] = []

    def publish(event: EngineEvent, /) -> None:
        if isinstance(event, EngineFailed):
            told.append(event.reason)
        else:
            raise TypeError("a bug of the listener")

    Engine(Config(tmp_path / "l.clew"), publish).run()

    assert told == ["The engine stopped because of a bug: TypeError('a bug of the listener')."]
