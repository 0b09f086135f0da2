"""One import in a process of its own, whose memory is its own: ``python -m tests.bench.once LOGS``.

Prints JSON: the import, a second start with nothing changed, a cancel in the middle of another
import, and what the library takes.
"""

import json
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from core.crew import HELPER
from core.events import ConversationChanged, EngineEvent, EventSink, ImportFinished
from core.files.discover import SourceFile, find
from core.importing import import_files
from core.ingest import Ingest
from core.pricing import priced_writer
from core.store.connection import open_writer
from core.store.migrate import migrate
from tests.bench.memory import children, memory

_LOOK_S = 0.05  # between two looks at the processes that help
_CANCELLED_AFTER = 0.3  # seconds into the import that is cancelled


def once(logs: Path, folder: Path) -> dict[str, float]:
    """Measure an import of *logs* into libraries in *folder*; sizes in bytes."""
    files = [one for one in find((logs,)) if isinstance(one, SourceFile)]
    library = folder / "library.clew"
    ear = _Ear()
    seconds, first, rows = _import(library, logs, ear)
    peak = memory("VmHWM") + ear.helpers
    again, second, written = _import(library, logs, _ignore)
    return {
        "files": len(files),
        "source": sum(file.stat.size for file in files),
        "messages": rows,
        "seconds": seconds,
        "newest_s": ear.first,
        "library": library.stat().st_size,
        "peak_mb": peak,
        "read": first.bytes_read,
        "again_s": again,
        "again_read": second.bytes_read,
        "again_rows": written,
        "cancel_ms": _cancel(folder / "cancelled.clew", logs) * 1000,
    }


def _import(library: Path, logs: Path, hear: EventSink) -> tuple[float, ImportFinished, int]:
    """Import *logs* as a start of the program does: opening, prices, search for files, all of it."""
    began = time.perf_counter()
    with closing(open_writer(library)) as db:
        migrate(db, library)
        writer, _ = priced_writer(db, library)
        end = import_files(Ingest(writer), [logs], threading.Event(), hear, crew=HELPER)
    return time.perf_counter() - began, end, writer.rows


def _cancel(library: Path, logs: Path) -> float:
    """Return how many seconds it takes from asking an import to end until it has."""
    halted, asked = threading.Event(), 0.0
    began = time.perf_counter()

    def watch() -> None:
        nonlocal asked
        if not halted.wait(_CANCELLED_AFTER):
            asked = time.perf_counter()
            halted.set()

    with closing(open_writer(library)) as db:
        migrate(db, library)
        writer, _ = priced_writer(db, library)
        began = asked = time.perf_counter()
        watcher = threading.Thread(target=watch)
        watcher.start()
        import_files(Ingest(writer), [logs], halted, _ignore, crew=HELPER)
        ended = time.perf_counter()
        halted.set()
        watcher.join()
    return max(0.0, ended - asked) if asked > began else 0.0


class _Ear:
    """Hears the events of an import, and looks at the processes that help with it meanwhile."""

    def __init__(self) -> None:
        self.helpers = 0.0  # MB at most of the processes that help
        self.began = self._looked = time.perf_counter()
        self.first = 0.0  # seconds until the newest conversation could be read

    def __call__(self, event: EngineEvent, /) -> None:
        now = time.perf_counter()
        if isinstance(event, ConversationChanged) and not self.first:
            self.first = now - self.began
        if now - self._looked > _LOOK_S:
            self._looked = now
            self.helpers = max(self.helpers, sum(memory("VmHWM", one) for one in children("self")))


def _ignore(event: EngineEvent, /) -> None:
    """Take an event and do nothing."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as FOLDER:
        print(json.dumps(once(Path(sys.argv[1]), Path(FOLDER))))
