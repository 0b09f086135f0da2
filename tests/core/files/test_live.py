"""Files that are written now are looked at again and again, and none when nothing grows."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from core.files.live import LIVE_S, MOST, LivePoll

SECONDS = 20  # until news that never comes is given up


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> SimpleQueue[Path]:
    return SimpleQueue()


@pytest.fixture
def poll(
    clock: Clock, told: SimpleQueue[Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[LivePoll]:
    # Looked at by hand here; the thread has a test of its own.
    monkeypatch.setattr(threading.Thread, "start", lambda _self: None)
    monkeypatch.setattr(threading.Thread, "join", lambda _self, _timeout=None: None)
    with closing(LivePoll(told.put, clock)) as one:
        yield one


def heard(told: SimpleQueue[Path]) -> list[Path]:
    return [told.get_nowait() for _ in range(told.qsize())]


def test_growth_is_told_once(poll: LivePoll, told: SimpleQueue[Path], tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n")
    poll.note(path)
    poll.look()
    assert heard(told) == []

    with path.open("a") as stream:
        stream.write("{}\n")
    poll.look()
    poll.look()

    assert heard(told) == [path]


def test_another_file_by_the_same_name_is_told(
    poll: LivePoll, told: SimpleQueue[Path], tmp_path: Path
) -> None:
    path, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    path.write_text("{}\n")
    poll.note(path)
    other.write_text("[]\n")
    other.replace(path)
    poll.look()

    assert heard(told) == [path]


def test_a_file_that_goes_is_told_and_not_looked_at_again(
    poll: LivePoll, told: SimpleQueue[Path], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n")
    poll.note(path)
    path.unlink()
    poll.look()

    assert heard(told) == [path]
    assert poll.pause() is None


def test_looks_become_rare_and_end_when_nothing_grows(
    poll: LivePoll, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.touch()
    poll.note(path)

    pauses = [poll.pause()]
    for later in (15, 60):
        clock.now = 1000.0 + later
        pauses.append(poll.pause())
    clock.now = 1000.0 + LIVE_S
    poll.look()

    assert pauses == [0.025, 0.1, 0.5]
    assert (poll.pause(), poll.busy) == (None, False)


def test_only_the_latest_few_are_looked_at(
    poll: LivePoll, told: SimpleQueue[Path], tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.jsonl" for number in range(MOST + 3)]
    for path in paths:
        path.touch()
        poll.note(path)
    for path in paths:
        path.write_text("{}\n")
    poll.look()

    assert heard(told) == paths[3:]


def test_its_thread_tells_of_growth_and_ends(tmp_path: Path) -> None:
    path, told = tmp_path / "a.jsonl", SimpleQueue[Path]()
    path.touch()
    before = threading.active_count()
    with closing(LivePoll(told.put)) as poll:
        poll.note(path)
        path.write_text("{}\n")

        assert told.get(timeout=SECONDS) == path
    assert threading.active_count() == before
