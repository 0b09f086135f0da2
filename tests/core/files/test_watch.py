"""Which news of files are passed on."""

import errno
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    FileClosedNoWriteEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)
from watchdog.observers import inotify_c

from core.files.roots import State
from core.files.watch import Watcher

SECONDS = 20  # until news that never comes is given up


@pytest.fixture
def told() -> list[Path]:
    return []


@pytest.fixture
def watcher(told: list[Path]) -> Iterator[Watcher]:
    with closing(Watcher(told.append)) as one:
        yield one


def passes(watcher: Watcher, *events: FileSystemEvent) -> None:
    for event in events:
        watcher._handler.on_any_event(event)


def test_a_line_written_to_a_file_below_a_folder_is_told(tmp_path: Path) -> None:
    news: SimpleQueue[Path] = SimpleQueue()
    path = tmp_path / "p" / "a.jsonl"
    path.parent.mkdir()
    with closing(Watcher(news.put)) as watcher:
        assert watcher.add((tmp_path,)) == ""
        path.write_text("{}\n")

        assert news.get(timeout=SECONDS) == path.resolve()


def test_of_a_file_that_was_chosen_nothing_beside_it_is_told(tmp_path: Path) -> None:
    news: SimpleQueue[Path] = SimpleQueue()
    chosen, other = tmp_path / "history.jsonl", tmp_path / "settings.json"
    chosen.touch()
    with closing(Watcher(news.put)) as watcher:
        watcher.add((chosen,))
        other.write_text("{}\n")
        chosen.write_text("{}\n")

        assert news.get(timeout=SECONDS) == chosen.resolve()
    while True:
        try:
            assert news.get_nowait() == chosen.resolve()
        except Empty:
            break


def test_a_file_that_was_chosen_is_followed_whatever_its_name(
    watcher: Watcher, told: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "log.txt").touch()
    watcher.add((tmp_path / "log.txt",))

    passes(watcher, FileModifiedEvent(str(tmp_path.resolve() / "log.txt")))

    assert told == [tmp_path.resolve() / "log.txt"]


def test_what_a_search_passes_over_is_not_told(
    watcher: Watcher, told: list[Path], tmp_path: Path
) -> None:
    watcher.add((tmp_path,))
    root = tmp_path.resolve()

    for name in ("a.txt", "node_modules/a.json", "p/.git/a.jsonl", "p/site-packages/x/a.md"):
        passes(watcher, FileModifiedEvent(str(root / name)))
    assert told == []
    passes(watcher, FileModifiedEvent(str(root / "p" / "a.md")))
    assert told == [root / "p" / "a.md"]


def test_a_file_of_a_bundle_is_told_as_its_main_file_or_not_at_all(
    watcher: Watcher, told: list[Path], tmp_path: Path
) -> None:
    root = tmp_path.resolve()
    (root / "task").mkdir()
    (root / "task" / "api_conversation_history.json").touch()
    (root / "storage" / "session").mkdir(parents=True)
    watcher.add((tmp_path,))

    passes(watcher, FileModifiedEvent(str(root / "task" / "ui_messages.json")))
    passes(watcher, FileModifiedEvent(str(root / "storage" / "part" / "msg_1" / "prt_1.json")))

    assert told == [root / "task" / "api_conversation_history.json"]


def test_reading_a_file_is_no_news_and_neither_is_a_folder(
    watcher: Watcher, told: list[Path], tmp_path: Path
) -> None:
    watcher.add((tmp_path,))
    name = str(tmp_path.resolve() / "a.jsonl")

    passes(watcher, FileOpenedEvent(name), FileClosedNoWriteEvent(name), DirModifiedEvent(name))

    assert told == []


def test_both_names_of_a_renamed_file_are_told(
    watcher: Watcher, told: list[Path], tmp_path: Path
) -> None:
    watcher.add((tmp_path,))
    root = tmp_path.resolve()

    passes(watcher, FileMovedEvent(str(root / "a.jsonl"), str(root / "b.jsonl")))

    assert told == [root / "a.jsonl", root / "b.jsonl"]


def test_a_folder_that_is_not_there_is_told(watcher: Watcher, tmp_path: Path) -> None:
    assert "is not there" in watcher.add((tmp_path / "gone" / "a.jsonl",))


def test_closing_ends_the_threads(tmp_path: Path) -> None:
    before = threading.active_count()
    watcher = Watcher(lambda _path: None)
    watcher.add((tmp_path,))
    watcher.close()
    watcher.close()

    assert threading.active_count() == before


class Following:
    """A watcher that is mended whenever it asks for that, as the engine does it."""

    def __init__(self) -> None:
        self.told: SimpleQueue[Path] = SimpleQueue()
        self.doubts: SimpleQueue[None] = SimpleQueue()
        self.watcher = Watcher(self.told.put, lambda: self.doubts.put(None))

    def until(self, state: State, root: Path) -> tuple[Path, ...]:
        """Mend until *root* is followed like that; return what has to be read again."""
        again: tuple[Path, ...] = ()
        while self.watcher.states[root] is not state:
            self.doubts.get(timeout=SECONDS)
            again += self.watcher.mend().again
        return again

    def hears(self, path: Path) -> bool:
        """Wait until *path* is told."""
        while self.told.get(timeout=SECONDS) != path:
            pass
        return True

    def close(self) -> None:
        self.watcher.close()


@pytest.fixture
def following() -> Iterator[Following]:
    with closing(Following()) as one:
        yield one


def test_a_root_that_is_deleted_and_made_again_is_followed_again(
    following: Following, tmp_path: Path
) -> None:
    root = tmp_path.resolve() / "a" / "logs"
    root.mkdir(parents=True)
    assert following.watcher.add((root,)) == ""

    shutil.rmtree(tmp_path / "a")
    following.until(State.LOST, root)
    assert "is not there" in following.watcher.trouble
    root.mkdir(parents=True)
    again = following.until(State.WATCHED, root)
    (root / "b.jsonl").write_text("{}\n")

    assert again == (root,)
    assert following.watcher.trouble == ""
    assert following.hears(root / "b.jsonl")


def test_a_root_that_is_renamed_is_lost_and_another_in_its_place_is_followed(
    following: Following, tmp_path: Path
) -> None:
    root = tmp_path.resolve() / "logs"
    root.mkdir()
    following.watcher.add((root,))

    root.rename(root.with_name("old"))
    following.until(State.LOST, root)
    root.mkdir()
    following.until(State.WATCHED, root)
    (root / "b.jsonl").write_text("{}\n")

    assert following.hears(root / "b.jsonl")


def test_a_root_that_is_not_there_yet_is_followed_when_it_comes(
    following: Following, tmp_path: Path
) -> None:
    root = tmp_path.resolve() / "deep" / "logs"
    assert "is not there" in following.watcher.add((root,))

    root.mkdir(parents=True)
    following.until(State.WATCHED, root)
    (root / "b.jsonl").write_text("{}\n")

    assert following.hears(root / "b.jsonl")


def test_a_limit_of_the_system_makes_it_go_through_the_root_and_say_so(
    following: Following, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    root = tmp_path.resolve()
    monkeypatch.setattr("watchdog.observers.api.BaseObserver.schedule", full)
    trouble = following.watcher.add((root,))
    (root / "b.jsonl").write_text("{}\n")

    assert "is looked through every few seconds instead" in trouble
    assert following.watcher.states == {root: State.POLLED}
    assert following.hears(root / "b.jsonl")
    monkeypatch.undo()
    following.watcher.mend()
    assert following.watcher.states == {root: State.WATCHED}
    assert following.watcher.trouble == ""


def test_folders_below_a_root_that_are_left_out_because_of_a_limit_are_noticed(
    following: Following, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path.resolve()
    following.watcher.add((root,))
    monkeypatch.setattr(Watcher, "_has_room", lambda _self: False)
    (root / "new").mkdir()
    following.until(State.POLLED, root)

    assert "limit of watched folders is reached" in following.watcher.trouble


def test_lost_news_makes_everything_be_looked_at_again(
    following: Following, tmp_path: Path
) -> None:
    root = tmp_path.resolve()
    following.watcher.add((root,))
    assert following.watcher.mend().again == ()

    # What the system says when it has dropped news.
    overflow = inotify_c.InotifyEvent(-1, inotify_c.InotifyConstants.IN_Q_OVERFLOW, 0, b"")  # type: ignore[arg-type]  # no watch is meant
    inotify_c.InotifyFD.handle_event(following.watcher._observer._inotify_fd, overflow)  # type: ignore[union-attr]  # of Linux
    following.doubts.get(timeout=SECONDS)

    assert following.watcher.mend().again == (root,)
    assert following.watcher.mend().again == ()


def test_folders_that_come_and_go_elsewhere_cast_no_doubt(
    following: Following, tmp_path: Path
) -> None:
    root = tmp_path.resolve() / "logs"
    root.mkdir()
    following.watcher.add((root,))
    handler = following.watcher._handler

    handler.on_any_event(DirDeletedEvent(str(root / "p")))
    assert following.doubts.empty()
    handler.on_any_event(DirDeletedEvent(str(tmp_path.resolve())))
    handler.on_any_event(DirCreatedEvent(str(root)))

    assert following.doubts.qsize() == 2


def test_a_root_inside_another_takes_no_watch_of_its_own(
    following: Following, tmp_path: Path
) -> None:
    inner = tmp_path.resolve() / "inner"
    inner.mkdir()
    following.watcher.add((tmp_path, inner))
    (inner / "b.jsonl").write_text("{}\n")

    assert following.hears(inner / "b.jsonl")
    assert list(following.watcher._watches) == [tmp_path.resolve()]
