"""Hears when a file system is mounted or unmounted, and tells which may not answer."""

import os
import re
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path, PurePath

_TABLE = Path("/proc/self/mountinfo")  # Linux: becomes readable by priority when it changes
# File systems of other computers and of virtual machines' hosts.
_DISTANT = frozenset(
    {
        "9p", "afs", "autofs", "ceph", "cifs", "coda", "davfs", "glusterfs", "lustre", "ncpfs",
        "nfs", "nfs4", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)  # fmt: skip
# Programs in the place of a file system, but for those that only pass on what is on a disk.
_FUSE = re.compile(
    r"fuse(\.(?!bindfs|cryfs|encfs|fuse-overlayfs|gocryptfs|lxcfs|mergerfs|portal|snapfuse).+)?"
)
_OCTAL = re.compile(r"\\([0-7]{3})")  # how the table writes a blank in a name
_ELSEWHERE = "/Volumes"  # where macOS mounts what is not its own
_REMOTE = 4  # what Windows says of a drive letter that stands for a folder of another computer
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DEVICES = ("\\\\?\\", "\\\\.\\")  # before a path of this computer, but for the one that follows
_LONG_SHARE = "\\\\?\\UNC\\"


def distant(table: Path = _TABLE) -> tuple[Path, ...]:
    """Return the folders on which file systems are mounted that may not answer.

    Nothing in them is asked for. On Linux it is what *table* says, on macOS all that is not
    mounted as a part of the system, and on Windows the letters of other computers' folders; see
    `share` for folders there that have none.
    """
    if sys.platform == "darwin":
        return (Path(_ELSEWHERE),)
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  nobody else is to be asked

        system = ctypes.windll.kernel32
        return tuple(Path(one) for one in remote(system.GetLogicalDrives(), system.GetDriveTypeW))
    try:
        lines = table.read_bytes().splitlines()
    except OSError:
        return ()
    return tuple(_mounted(os.fsdecode(line)) for line in lines if _is_distant(line))


def remote(letters: int, kind: Callable[[str], int]) -> tuple[str, ...]:
    """Return the roots of Windows' drives that are folders of other computers.

    In *letters* the lowest bit stands for A; *kind* tells what a root is, as Windows numbers it.
    """
    roots = (f"{one}:\\" for place, one in enumerate(_LETTERS) if letters >> place & 1)
    return tuple(root for root in roots if kind(root) == _REMOTE)


def share(path: PurePath) -> str:
    """Return the folder of another computer that *path* is in, by the two names it begins with.

    It is empty for all paths of this computer, and for all but Windows' own.
    """
    drive = path.drive
    if not drive.startswith("\\\\"):
        return ""
    return "" if drive.startswith(_DEVICES) and not drive.startswith(_LONG_SHARE) else path.anchor


def _is_distant(line: bytes) -> bool:
    _, _, said = line.partition(b" - ")
    kind = said.split(b" ", 1)[0].decode("ascii", "replace")
    return kind in _DISTANT or _FUSE.fullmatch(kind) is not None


def _mounted(line: str) -> Path:
    name = line.split(" ")[4]
    return Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), name))


class Mounts:
    """Calls back after every change of what is mounted; asleep until then. Linux only."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Call *changed* on a thread of its own."""
        self._changed = changed
        self._thread: threading.Thread | None = None
        self._end = -1  # a pipe's end that ends the thread

    def start(self) -> None:
        """Begin to listen; where there is nothing to listen to, nothing happens."""
        if self._thread is not None or not sys.platform.startswith("linux"):
            return
        try:
            table = os.open(_TABLE, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        ended, self._end = os.pipe()
        self._thread = threading.Thread(
            target=self._run, args=(table, ended), name="mounts", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            os.close(self._end)
            self._thread.join()
            self._thread = None

    def _run(self, table: int, ended: int) -> None:
        poll = select.poll()
        poll.register(table, select.POLLPRI)
        poll.register(ended, select.POLLHUP)
        while ended not in {descriptor for descriptor, _ in poll.poll()}:
            self._changed()
        os.close(table)
        os.close(ended)
