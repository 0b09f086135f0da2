"""Which news of files are passed on."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from watchdog.events import (
    DirModifiedEvent,
    FileClosedNoWriteEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

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


def test_a_folder_that_is_gone_cannot_be_watched_and_that_is_told(
    watcher: Watcher, tmp_path: Path
) -> None:
    assert "cannot be watched" in watcher.add((tmp_path / "gone" / "a.jsonl",))


def test_closing_ends_the_threads(tmp_path: Path) -> None:
    before = threading.active_count()
    watcher = Watcher(lambda _path: None)
    watcher.add((tmp_path,))
    watcher.close()
    watcher.close()

    assert threading.active_count() == before
