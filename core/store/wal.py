"""The write-ahead log as a file: how large it is and how much is in it, without touching it.

Asking SQLite would be a checkpoint, even in its mildest mode. The layout of the file is that of
https://www.sqlite.org/walformat.html.
"""

import os
import struct
from pathlib import Path
from typing import Final

_HEAD: Final = struct.Struct(">4xI I I 8s 8x")  # version, page size, number, salts
_FRAME: Final = struct.Struct(">8x 8s 8x")  # salts; its page comes behind it
PAGE: Final = 4096  # bytes; of libraries that Clew made


def log_of(library: Path) -> Path:
    """Return where the write-ahead log of *library* is."""
    return library.with_name(library.name + "-wal")


def log_bytes(library: Path) -> int:
    """Return the size of the log's file; 0 if there is none. One look at the folder."""
    try:
        return log_of(library).stat().st_size
    except OSError:
        return 0


def room(frames: int) -> int:
    """Return how large a log of *frames* frames is in bytes."""
    return _HEAD.size + frames * (_FRAME.size + PAGE)


def frames(library: Path) -> int:
    """Return how many pages the log holds since it was last begun anew, written back or not.

    The file keeps its size when the log begins anew; what is behind its end is of another time
    and has other salts. Some twenty small reads. A transaction that is under way or was undone
    may be counted.
    """
    try:
        handle = os.open(log_of(library), os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return 0
    with os.fdopen(handle, "rb", buffering=0) as log:
        return _last(log.fileno())


def _last(log: int) -> int:
    head = _read(log, 0, _HEAD.size)
    if head is None:
        return 0
    _version, page, _number, salts = _HEAD.unpack(head)
    step = _FRAME.size + page
    least, most = 0, (os.fstat(log).st_size - _HEAD.size) // step
    while least < most:  # the first `least` frames are of now, those from `most` on are not
        middle = (least + most + 1) // 2
        frame = _read(log, _HEAD.size + (middle - 1) * step, _FRAME.size)
        if frame is not None and _FRAME.unpack(frame)[0] == salts:
            least = middle
        else:
            most = middle - 1
    return least


def _read(file: int, at: int, size: int) -> bytes | None:
    os.lseek(file, at, os.SEEK_SET)
    found = os.read(file, size)
    return found if len(found) == size else None
