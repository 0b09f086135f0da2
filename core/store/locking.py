"""Who may write to a library: one connection over all processes, told by a lock on a file.

The file lies beside the library (``library.clew.lock``) and stays there; the lock on it is the
system's, so it goes with the process that has it, however that ends. What stands in the file, a
process and what it does, is for a sentence only: nothing is decided by it.

On POSIX it is `flock`, which belongs to the one opening of the file, not `lockf`, which belongs to
the process and is lost when any other descriptor of the file is closed in it: so two writers of
one process keep each other out as those of two do, and whoever reads the file takes nothing away.
"""

import contextlib
import errno
import logging
import os
import re
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typing_extensions import override

from core.errors import HeldError, StoreError

if sys.platform == "win32":
    import msvcrt

    _PLACE: Final = 1 << 30  # of the byte that is locked: what is locked cannot be read

    def _lock(file: int) -> None:
        os.lseek(file, _PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(error.errno, error.strerror) from error

    def _unlock(file: int) -> None:
        os.lseek(file, _PLACE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


log = logging.getLogger(__name__)

WINDOW: Final = "window"  # what the window is called in the file; commands have their own names
_AGAIN_S: Final = 0.05  # between two tries; the system has no lock that is waited for so long only
_MOST: Final = 64  # bytes of the file that are read
_SAID: Final = re.compile(rb"([1-9][0-9]{0,9})\n([a-z-]{0,20})\n")
_FLAGS: Final = (
    os.O_RDWR
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)  # it is written to: never to where somebody's link leads
    | getattr(os, "O_NONBLOCK", 0)
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a library, as the lock's file says."""

    pid: int | None = None
    what: str = ""  # `WINDOW`, the name of a command, or "" where nobody said so

    @override
    def __str__(self) -> str:
        name = {WINDOW: "Clew’s window", "": "another Clew"}.get(self.what, f"`clew {self.what}`")
        return name if self.pid is None else f"{name} (process {self.pid})"


class Hold:
    """The right to write to one library, until `release`."""

    def __init__(self, file: int | None, trouble: str = "") -> None:
        """Keep *file*, the locked file; None: there are no locks, for the reason *trouble*."""
        self._file = file
        self.trouble = trouble

    def release(self) -> None:
        """Let others write. Does nothing the second time."""
        file, self._file = self._file, None
        if file is None:
            return
        with contextlib.suppress(OSError):
            os.ftruncate(file, 0)  # what it said is over
        with contextlib.suppress(OSError):
            _unlock(file)  # also for a child that has the descriptor until it is another program
        os.close(file)


def lock_of(library: Path) -> Path:
    """Return where the lock of *library* is: beside the file itself, whatever links lead there."""
    real = Path(os.path.realpath(library))
    return real.with_name(real.name + ".lock")


def take(
    library: Path,
    what: str = "",
    *,
    patience: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Hold:
    """Take the right to write to *library*, whose folder exists, for *what*.

    Waits up to *patience* seconds. Where no lock can be had, because the folder cannot be written
    to or its file system has none, the hold says so and keeps nobody out.

    Raises:
        HeldError: somebody else has it.
        StoreError: the lock's file is somebody else's, in a folder that can be written to.
    """
    path = lock_of(library)
    try:
        file = os.open(path, _FLAGS | os.O_CREAT, 0o600)
    except OSError as error:
        if isinstance(error, PermissionError) and os.access(path.parent, os.W_OK):
            raise StoreError(_refused(path, error)) from error
        return _without(path, error)
    try:
        _expect_file(file)
        _wait(file, library, patience, sleep)
    except OSError as error:
        os.close(file)
        return _without(path, error)
    except BaseException:
        os.close(file)
        raise
    _say(file, what)
    return Hold(file)


def holder(library: Path) -> Holder:
    """Return who has *library*, as far as its lock's file says; who had it may still stand there.

    Whether anybody has it, only `take` tells.
    """
    try:
        file = os.open(lock_of(library), _FLAGS & ~os.O_RDWR)
    except OSError:
        return Holder()
    try:
        return said_in(os.read(file, _MOST))
    except OSError:
        return Holder()
    finally:
        os.close(file)


def said_in(content: bytes) -> Holder:
    """Return whom the *content* of a lock's file names; nobody if it is anything else."""
    found = _SAID.fullmatch(content)
    return Holder() if found is None else Holder(int(found[1]), found[2].decode("ascii"))


def sentence(library: Path, who: Holder) -> str:
    """Return what a person is told where *who* has *library*."""
    said = str(who)
    return f"{said[0].upper()}{said[1:]} is writing to the library {library}."


def _hint(who: Holder) -> str:
    return "Do it there, or close it first." if who.what == WINDOW else "Try again when it is done."


def _refused(path: Path, error: OSError) -> str:
    return (
        f"Whether somebody else is writing to the library cannot be told: its lock {path} cannot "
        f"be opened ({error.strerror}). If it was made by another user, such as by `sudo`, "
        "close Clew there and remove that file."
    )


def _expect_file(file: int) -> None:
    if not stat.S_ISREG(os.fstat(file).st_mode):
        raise OSError(errno.EINVAL, "it is no file")


def _wait(file: int, library: Path, patience: float, sleep: Callable[[float], None]) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            _lock(file)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                who = holder(library)
                raise HeldError(f"{sentence(library, who)} {_hint(who)}") from error
        else:
            return
        sleep(_AGAIN_S)


def _say(file: int, what: str) -> None:
    """Write down who has it. Whether that can be done changes nothing."""
    with contextlib.suppress(OSError):
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f"{os.getpid()}\n{what}\n".encode("ascii", "replace"))


def _without(path: Path, error: OSError) -> Hold:
    trouble = f"No lock can be had at {path} ({error.strerror or error})."
    log.warning("%s Other programs are not kept from writing.", trouble)
    return Hold(None, trouble)
