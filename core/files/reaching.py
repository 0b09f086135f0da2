"""Finds and opens files as `discover` and `opening` do, where file systems may not answer."""

import io
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from typing_extensions import Buffer, override

from core.files.discover import Skipped, SourceFile, find
from core.files.patience import NoAnswerError, Patience

_SILENT: Final = "Its file system does not answer. It is read when it does."
_MANY: Final = 64  # files that are listed in one call
_LONG: Final = 0.05  # seconds for which files are listed in one call: others ask the mount too


@dataclass(frozen=True, slots=True)
class Unanswered(Skipped):
    """What could not be looked at because its file system does not answer."""


def found(roots: Iterable[Path], patience: Patience) -> Iterator[SourceFile | Skipped]:
    """Yield what `find` does, but nothing more of a root whose file system does not answer."""
    near: list[Path] = []
    far: list[Path] = []
    for root in roots:
        try:
            real = patience.resolved(root)
        except NoAnswerError:
            yield Unanswered(root, _SILENT)
            continue
        if patience.mount_in(real) is None:
            near.append(root)
        else:
            far.append(real)
    yield from find(near)
    for root in far:
        yield from _listed(root, patience)


def _listed(root: Path, patience: Patience) -> Iterator[SourceFile | Skipped]:
    listing = find((root,))
    try:
        while some := patience.ask_below(root, partial(_some, listing)):
            yield from some
    except NoAnswerError:
        yield Unanswered(root, _SILENT)


def _some(listing: Iterator[SourceFile | Skipped]) -> list[SourceFile | Skipped]:
    """Return the next few of *listing*; none at its end."""
    until = time.monotonic() + _LONG
    some: list[SourceFile | Skipped] = []
    for one in listing:
        some.append(one)
        if len(some) == _MANY or time.monotonic() > until:
            break
    return some


class DistantFile(io.RawIOBase):
    """A file that is open for reading, each piece of which is asked for with patience."""

    def __init__(self, path: Path, handle: int, patience: Patience) -> None:
        """Take over *handle*, which is the file at *path*."""
        super().__init__()
        self._path = path
        self._handle = handle
        self._patience = patience
        self._at = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._at

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        begin = 0
        if whence == os.SEEK_CUR:
            begin = self._at
        elif whence == os.SEEK_END:
            begin = self._patience.ask(self._path, partial(os.fstat, self._handle)).st_size
        self._at = begin + offset
        return self._at

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer).cast("B")
        work = partial(_piece, self._handle, self._at, len(room))
        data = self._patience.ask(self._path, work)
        room[: len(data)] = data
        self._at += len(data)
        return len(data)

    @override
    def close(self) -> None:
        if not self.closed:
            self._patience.release(self._path, partial(os.close, self._handle))
        super().close()


def _piece(handle: int, at: int, size: int) -> bytes:
    os.lseek(handle, at, os.SEEK_SET)
    return os.read(handle, size)
