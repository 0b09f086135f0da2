"""What an import costs with other settings than Clew's: ``python -m tests.bench.pragmas 20000``."""

import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from unittest import mock

from core.importing import import_files
from core.ingest import Ingest
from core.store import checkpoints, wal
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.store.writer import Writer
from tests.bench import corpus

_ROUNDS = 4  # every setting once in each; the least counts, for other programs only add
_FRAMES = (250, 1000, 4000, 8000, 16000)  # pages in the log at which a busy writer checkpoints
_PRAGMAS = (
    "synchronous = OFF", "synchronous = FULL", "cache_size = -2000", "cache_size = -64000",
    "mmap_size = 536870912", "temp_store = FILE", "cell_size_check = OFF",
)  # fmt: skip


def main(messages: int) -> None:
    """Print the seconds of an import of *messages* messages and the largest log, by setting."""
    settings = [(f"checkpoints at {frames} pages", frames, "") for frames in _FRAMES]
    settings += [(pragma, checkpoints.BUSY_FRAMES, pragma) for pragma in _PRAGMAS]
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        corpus.write(logs, messages)
        for _ in range(_ROUNDS):
            for name, frames, pragma in settings:
                with mock.patch.object(checkpoints, "BUSY_FRAMES", frames):
                    found.setdefault(name, []).append(_import(logs, pragma))
    for name, runs in found.items():
        seconds = sorted(took for took, _ in runs)
        print(
            f"{name:28}{seconds[0]:8.2f} s  (to {seconds[-1]:.2f}){max(log for _, log in runs):8.0f} MB"
        )


def _import(logs: Path, pragma: str) -> tuple[float, float]:
    """Return the seconds of an import with *pragma*, and the largest size of the log in MB."""
    largest = 0

    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.clew"

        def look(_event: object) -> None:
            nonlocal largest
            largest = max(largest, wal.log_bytes(library))

        began = time.perf_counter()
        with closing(open_writer(library)) as db:
            if pragma:
                db.execute(f"PRAGMA {pragma}")
            migrate(db, library)
            import_files(Ingest(Writer(db)), [logs], threading.Event(), look)
        return time.perf_counter() - began, largest / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
