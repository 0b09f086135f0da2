"""Files on what may not answer are found and read as any others, as long as it does."""

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.files import reaching
from core.files.discover import Skipped, SourceFile, find
from core.files.patience import NoAnswerError, Patience
from core.files.reaching import Unanswered, found
from core.opening import opened


@pytest.fixture
def far(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "far"
    (folder / "p").mkdir(parents=True)
    for number in range(3):
        (folder / "p" / f"{number}.jsonl").write_text("{}\n" * (number + 1))
    return folder


@pytest.fixture
def patience(far: Path) -> Iterator[Patience]:
    with closing(Patience(mounts=lambda: (far,), seconds=0.4)) as one:
        yield one


def stuck(gate: threading.Event) -> None:
    gate.wait(20)


def hung(patience: Patience, far: Path) -> threading.Event:
    """Let *far* get stuck; return what lets it go on."""
    gate = threading.Event()
    with pytest.raises(NoAnswerError):
        patience.ask(far, lambda: stuck(gate))
    return gate


def test_a_search_finds_the_same_near_and_far(
    patience: Patience, far: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = tmp_path / "near"
    near.mkdir()
    (near / "n.jsonl").touch()
    monkeypatch.setattr(reaching, "_MANY", 2)
    roots = (near, far, tmp_path / "gone")

    assert set(found(roots, patience)) == set(find(roots))
    assert {one.path for one in found((far,), patience)} == {
        far / "p" / f"{number}.jsonl" for number in range(3)
    }


def test_a_folder_around_a_mount_is_asked_with_patience_too(
    patience: Patience, far: Path, tmp_path: Path
) -> None:
    gate = hung(patience, far)

    assert list(found((tmp_path,), patience)) == [
        Unanswered(tmp_path.resolve(), "Its file system does not answer. It is read when it does.")
    ]
    gate.set()


def test_a_root_that_does_not_answer_holds_up_no_other(
    patience: Patience, far: Path, tmp_path: Path
) -> None:
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "n.jsonl").touch()
    gate = hung(patience, far)

    one, other = found((far, tmp_path / "near"), patience)

    assert isinstance(one, Skipped)
    assert one.path == far
    assert isinstance(other, SourceFile)
    gate.set()


def test_a_distant_file_is_read_like_any_other(patience: Patience, far: Path) -> None:
    path = far / "p" / "2.jsonl"
    content = bytes(range(1, 256)) * 3_000
    path.write_bytes(content)
    with opened(path, patience) as (stream, facts, wide):
        assert (facts.size, wide) == (len(content), False)
        assert stream.read(10) == content[:10]
        assert stream.tell() == 10
        assert stream.seek(-7, os.SEEK_END) == len(content) - 7
        assert stream.read() == content[-7:]
        stream.seek(500)
        stream.seek(100, os.SEEK_CUR)
        assert stream.readline() == content[600 : content.index(b"\n", 600) + 1]
        stream.seek(0)
        assert stream.read() == content

    assert stream.closed


def test_what_hangs_while_it_is_read_is_an_error_like_others(
    patience: Patience, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def never(_handle: int, _at: int, _size: int) -> bytes:
        stuck(gate)
        return b""

    path = far / "p" / "2.jsonl"
    with opened(path, patience) as (stream, _, _):
        monkeypatch.setattr(reaching, "_piece", never)
        stream.seek(1 << 20)
        with pytest.raises(NoAnswerError):
            stream.read(1)
    gate.set()


def test_what_cannot_be_opened_says_why(patience: Patience, far: Path) -> None:
    with pytest.raises(FileNotFoundError), opened(far / "gone", patience):
        pass
