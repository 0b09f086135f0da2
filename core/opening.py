"""Opens files as gently as can be: no waiting, no trace, nothing but regular files."""

import io
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from core.files.cursor import Stat
from core.files.patience import Patience
from core.files.reaching import DistantFile

_PIECE = 1 << 18  # bytes that are asked for at once where each question takes its time
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # byte order marks of UTF-16
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")  # gzip, Zstandard, zip


@contextmanager
def opened(path: Path, patience: Patience | None = None) -> Generator[tuple[BinaryIO, Stat, bool]]:
    """Open the regular file at *path* for reading, without blocking and without a trace.

    Gives the stream, the file's facts and whether it is UTF-16. Nobody waits longer for what
    may not answer than *patience* allows.

    Raises:
        OSError: it cannot be opened, is not a regular file, is compressed or does not answer.
    """
    with _stream(path, patience) as (stream, facts):
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(0, "It is not a regular file")
        begin = stream.read(4)
        if begin.startswith(_PACKED):
            raise OSError(0, "It is compressed. Unpack it, and add what was in it")
        stream.seek(0)
        yield stream, Stat.of(facts), begin.startswith(_WIDE)


@contextmanager
def _stream(path: Path, patience: Patience | None) -> Generator[tuple[BinaryIO, os.stat_result]]:
    if patience is None or patience.mount(path) is None:
        handle = _handle(path)
        with os.fdopen(handle, "rb") as stream:
            yield stream, os.fstat(handle)
        return
    handle = patience.ask(path, partial(_handle, path), os.close)
    with io.BufferedReader(DistantFile(path, handle, patience), _PIECE) as stream:
        yield stream, patience.ask(path, partial(os.fstat, handle))


def _handle(path: Path) -> int:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    quiet = flags | getattr(os, "O_NONBLOCK", 0)  # a pipe must not make us wait
    try:
        return os.open(path, quiet | getattr(os, "O_NOATIME", 0))
    except PermissionError:  # only the owner may read without changing the access time
        return os.open(path, quiet)


def narrowed(stream: BinaryIO) -> BinaryIO:
    """Return the text of a UTF-16 file as UTF-8."""
    return io.BytesIO(stream.read().decode("utf-16", "replace").encode())
