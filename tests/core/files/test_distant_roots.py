"""Roots on other computers: looked through in rounds, and left alone while they do not answer."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from core.files import discover, reaching, rounds
from core.files.discover import Skipped, SourceFile
from core.files.patience import NoAnswerError, Patience
from core.files.roots import Mended, State
from core.files.watch import Watcher

SECONDS = 20  # until news that never comes is given up


class Far:
    """A mount that can be made to hang, and what follows a root on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.gate = threading.Event()
        self.told: SimpleQueue[Path] = SimpleQueue()
        self.doubts: SimpleQueue[None] = SimpleQueue()
        self.patience = Patience(
            lambda: self.doubts.put(None), mounts=lambda: (folder,), seconds=0.4
        )
        self.watcher = Watcher(self.told.put, lambda: self.doubts.put(None), self.patience)

    def hangs(self) -> None:
        with pytest.raises(NoAnswerError):
            self.patience.ask(self.folder, lambda: self.gate.wait(SECONDS))
        self.doubts.get(timeout=SECONDS)

    def answers(self) -> None:
        self.gate.set()
        self.doubts.get(timeout=SECONDS)

    def mended(self) -> Mended:
        """Mend until nothing is amiss: on a busy machine it may seem to hang once more."""
        found = self.watcher.mend()
        while found.trouble:
            self.doubts.get(timeout=SECONDS)
            found = self.watcher.mend()
        return found

    def close(self) -> None:
        self.gate.set()
        self.watcher.close()
        self.patience.close()


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Far]:
    folder = tmp_path.resolve() / "far"
    (folder / "logs").mkdir(parents=True)
    with closing(Far(folder)) as one:
        yield one


def test_a_root_on_another_computer_is_looked_through_and_that_is_no_trouble(far: Far) -> None:
    root = far.folder / "logs"
    assert far.watcher.add((root,)) == ""
    (root / "b.jsonl").write_text("{}\n")

    assert far.told.get(timeout=SECONDS) == root / "b.jsonl"
    assert far.watcher.states == {root: State.POLLED}
    assert far.watcher.mend().again == ()
    assert list(far.watcher._guards) == [far.folder.parent]


def test_a_root_that_does_not_answer_is_left_alone_until_it_does(far: Far) -> None:
    root = far.folder / "logs"
    far.watcher.add((root,))
    far.hangs()
    mended = far.watcher.mend()

    assert mended.again == ()
    assert mended.trouble.startswith(f"{root} does not answer. It is left alone until it does")
    assert far.watcher.states == {root: State.SILENT}
    far.answers()
    mended = far.mended()
    assert (mended.again, mended.trouble) == ((root,), "")
    assert far.watcher.states == {root: State.POLLED}


def test_a_root_that_does_not_answer_at_first_is_followed_later(far: Far) -> None:
    root, near = far.folder / "logs", far.folder.parent / "near"
    near.mkdir()
    far.hangs()

    trouble = far.watcher.add((root, near, far.folder.parent / "gone"))
    assert "does not answer" in trouble
    assert "gone is not there" in trouble
    states = far.watcher.states
    assert (states[root], states[near]) == (State.SILENT, State.WATCHED)
    far.answers()
    assert far.watcher.mend().again == (root,)
    (root / "b.jsonl").write_text("{}\n")
    assert far.told.get(timeout=SECONDS) == root / "b.jsonl"


def test_a_live_file_that_does_not_answer_is_not_looked_at(far: Far) -> None:
    path = far.folder / "logs" / "a.jsonl"
    path.touch()
    far.hangs()

    far.watcher.live.note(path)

    assert not far.watcher.live.busy


def test_a_root_that_stops_to_answer_is_found_out_by_its_rounds(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_LEAST_S", 0.01)
    answers = threading.Event()
    answers.set()

    def find(roots: Sequence[Path]) -> Iterator[SourceFile | Skipped]:
        if roots:
            answers.wait(SECONDS)
        yield from discover.find(roots)

    monkeypatch.setattr(reaching, "find", find)
    root = far.folder / "logs"
    far.watcher.add((root,))
    (root / "a.jsonl").write_text("{}\n")
    assert far.told.get(timeout=SECONDS) == root / "a.jsonl"

    answers.clear()
    far.doubts.get(timeout=SECONDS)
    assert "does not answer" in far.watcher.mend().trouble
    answers.set()
    far.doubts.get(timeout=SECONDS)

    assert far.watcher.mend().again == (root,)
