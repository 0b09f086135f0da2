"""A look at what Clew uses: memory, files, room on the disk, what waits.

One look costs some milliseconds, most of it for finding child processes. It writes nothing, and
takes no checkpoint.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from core.monitoring.pulse import Beat
from core.store import wal
from core.store.readers import Reads


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen. Sizes in bytes; None where the system does not tell."""

    memory: int | None  # resident, of this process and those it started
    processes: int  # of which that is
    library: int  # size of the library's file
    wal: int  # size of its write-ahead log's file
    free: int | None  # room on the disk that the library is on
    queued: int = 0  # commands that wait for the engine
    beat: Beat = field(default_factory=Beat)
    reads: Reads = field(default_factory=Reads)


def sample(
    library: Path, *, queued: int = 0, beat: Beat | None = None, reads: Reads | None = None
) -> Sample:
    """Look at this process and the files of *library*; the rest is passed through."""
    memory, processes = _memory()
    return Sample(
        memory=memory,
        processes=processes,
        library=_size(library),
        wal=wal.log_bytes(library),
        free=_free(library.parent),
        queued=queued,
        beat=beat or Beat(),
        reads=reads or Reads(),
    )


def _memory() -> tuple[int | None, int]:
    """Return the resident memory of the process tree, and how many processes that are.

    Pages that processes share are counted for each of them.
    """
    try:
        own = psutil.Process()
        total = own.memory_info().rss
        children = own.children(recursive=True)
    except (psutil.Error, OSError):
        return None, 1
    count = 1
    for child in children:
        try:
            total += child.memory_info().rss
        except (psutil.Error, OSError):
            continue  # it has ended meanwhile
        count += 1
    return total, count


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
