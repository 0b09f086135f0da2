"""What may not answer is asked on a thread of its own, and nobody waits for it for long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PureWindowsPath
from queue import SimpleQueue

import pytest

from core.files import mounts
from core.files.patience import NoAnswerError, Patience

SECONDS = 20  # until an answer that never comes is given up
SOON = 0.4  # seconds of patience, in tests of what does not answer


class Gate:
    """What a call waits for that is stuck."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        self.open.wait(SECONDS)
        return "at last"


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


@pytest.fixture
def news() -> SimpleQueue[None]:
    return SimpleQueue()


@pytest.fixture
def patience(tmp_path: Path, news: SimpleQueue[None]) -> Iterator[Patience]:
    found = (tmp_path / "far", tmp_path / "far" / "inner", tmp_path / "else", Path("/"))
    with closing(Patience(lambda: news.put(None), mounts=lambda: found, seconds=SOON)) as one:
        yield one


def test_a_disk_of_this_computer_is_asked_at_once_on_the_same_thread(
    patience: Patience, tmp_path: Path
) -> None:
    assert patience.ask(tmp_path / "near", threading.current_thread) is threading.current_thread()


def test_a_distant_one_is_asked_on_a_thread_of_its_own(patience: Patience, tmp_path: Path) -> None:
    far = [patience.ask(tmp_path / "far" / name, threading.current_thread) for name in "ab"]
    other = patience.ask(tmp_path / "else", threading.current_thread)

    assert far[0] is far[1] is not other
    assert threading.current_thread() not in {*far, other}


def test_an_error_is_raised_where_it_was_asked_for(patience: Patience, tmp_path: Path) -> None:
    path = tmp_path / "far" / "gone"

    with pytest.raises(FileNotFoundError):
        patience.ask(path, path.stat)


def test_nobody_waits_twice_for_what_does_not_answer(
    patience: Patience, tmp_path: Path, gate: Gate, news: SimpleQueue[None]
) -> None:
    far = tmp_path / "far"
    with pytest.raises(NoAnswerError, match="does not answer"):
        patience.ask(far, gate)
    news.get(timeout=SECONDS)

    with pytest.raises(NoAnswerError):
        patience.ask(far / "a", gate)

    assert gate.calls == 1
    assert patience.ask(tmp_path / "else", lambda: 7) == 7


def test_the_call_that_got_stuck_tells_when_it_answers_again(
    patience: Patience, tmp_path: Path, gate: Gate, news: SimpleQueue[None]
) -> None:
    far = tmp_path / "far"
    with pytest.raises(NoAnswerError):
        patience.ask(far, gate)
    news.get(timeout=SECONDS)
    gate.open.set()
    news.get(timeout=SECONDS)

    assert patience.ask(far, lambda: 7) == 7


def test_what_comes_too_late_is_undone(
    patience: Patience, tmp_path: Path, gate: Gate, news: SimpleQueue[None]
) -> None:
    undone: SimpleQueue[str] = SimpleQueue()
    with pytest.raises(NoAnswerError):
        patience.ask(tmp_path / "far", gate, undone.put)
    gate.open.set()

    assert undone.get(timeout=SECONDS) == "at last"


def test_what_nobody_waits_for_any_more_is_not_done(
    patience: Patience, tmp_path: Path, gate: Gate, news: SimpleQueue[None]
) -> None:
    """Two threads ask the same mount: the second one's question is never put to it."""
    done: list[int] = []
    raised: list[NoAnswerError] = []

    def ask(work: Callable[[], object]) -> None:
        try:
            patience.ask(tmp_path / "far", work)
        except NoAnswerError as error:
            raised.append(error)

    threads = [
        threading.Thread(target=ask, args=(work,)) for work in (gate, lambda: done.append(1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert len(raised) == 2
    gate.open.set()
    while len(raised) < 100:
        ask(lambda: done.append(7))
        if done:
            break
        news.get(timeout=SECONDS)

    assert done == [7]


def test_the_innermost_mount_is_asked_and_the_one_at_the_top_is_none(
    patience: Patience, tmp_path: Path
) -> None:
    assert patience.mount(tmp_path / "far" / "inner" / "a") == tmp_path / "far" / "inner"
    assert patience.mount(tmp_path / "far" / "a") == tmp_path / "far"
    assert patience.mount(tmp_path / "near") is None
    assert patience.mount_in(tmp_path) == tmp_path / "far" / "inner"
    assert patience.mount_in(tmp_path / "near") is None


def test_a_link_may_lead_to_what_does_not_answer(patience: Patience, tmp_path: Path) -> None:
    far = tmp_path / "far"
    (far / "inner").mkdir(parents=True)
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "up").symlink_to("../far/x/../inner")
    (tmp_path / "near" / "out").symlink_to(tmp_path / "near" / "up" / "a")
    (tmp_path / "loop").symlink_to("loop")

    for name in ("near/up/a", "near/out/b", "near/gone/../c", "near"):
        assert patience.resolved(tmp_path / name) == (tmp_path / name).resolve()
    assert patience.resolved(tmp_path / "loop").name == "loop"
    gate = Gate()
    with pytest.raises(NoAnswerError):
        patience.ask(far, gate)
    with pytest.raises(NoAnswerError):
        patience.resolved(tmp_path / "near" / "out")
    assert patience.resolved(tmp_path / "near") == tmp_path / "near"
    gate.open.set()


def test_closing_ends_the_threads(patience: Patience, tmp_path: Path) -> None:
    thread = patience.ask(tmp_path / "far", threading.current_thread)
    patience.close()
    thread.join(SECONDS)

    assert not thread.is_alive()


TABLE = rb"""
22 28 0:21 / /proc rw,nosuid - proc proc rw
28 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 28 0:40 / /mnt/my\040nas rw,relatime shared:1 - nfs4 nas:/export rw,vers=4.2
41 28 0:41 / /mnt/shed rw - fuse.sshfs ada@shed: rw,user_id=1000
42 28 0:42 / /home/ada/plain rw - fuse.gocryptfs /home/ada/locked rw
43 28 8:2 / /mnt/stick rw - fuseblk /dev/sdb1 rw
44 28 0:44 / /mnt/program rw - fuse program rw
45 28 0:45 / /srv/shed rw - cifs //hut/share rw
46 28 0:46 / /sys/fs/fuse/connections rw - fusectl fusectl rw
""".strip()


def test_the_system_s_table_tells_what_may_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    table = tmp_path / "mountinfo"
    table.write_bytes(TABLE)

    assert [str(path) for path in mounts.distant(table)] == [
        "/mnt/my nas", "/mnt/shed", "/mnt/program", "/srv/shed",
    ]  # fmt: skip
    assert mounts.distant(tmp_path / "gone") == ()


def test_windows_drives_of_other_computers_are_told_from_its_own() -> None:
    kinds = {"C:\\": 3, "D:\\": 5, "Z:\\": 4}
    letters = sum(1 << ord(root[0]) - ord("A") for root in kinds)

    assert mounts.remote(letters, kinds.__getitem__) == ("Z:\\",)


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\nas\logs\a\b.jsonl", "\\\\nas\\logs\\"),
        (r"\\?\UNC\nas\logs\b.jsonl", "\\\\?\\UNC\\nas\\logs\\"),
        (r"\\wsl.localhost\Debian\home", "\\\\wsl.localhost\\Debian\\"),
        (r"\\?\C:\logs\b.jsonl", ""),
        (r"\\.\C:\logs", ""),
        (r"C:\logs\b.jsonl", ""),
        (r"logs\b.jsonl", ""),
    ],
)
def test_a_windows_folder_of_another_computer_is_told_by_its_name(path: str, share: str) -> None:
    assert mounts.share(PureWindowsPath(path)) == share


def test_no_path_of_another_system_is_a_windows_folder(tmp_path: Path) -> None:
    assert not mounts.share(tmp_path)
    assert not mounts.share(Path("//nas/logs"))
