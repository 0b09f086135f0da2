"""What the engine costs: import, a second import, one appended line, opening, searching."""

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from core.crew import HELPER
from core.files.discover import find
from core.importing import import_files
from core.ingest import Ingest
from core.queries import conversations, search, structure, transcript
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate
from core.store.timing import at_share
from core.store.writer import Writer
from tests.bench import corpus
from tests.bench.floor import floor

RUNS = 3
SEARCHES = ("the", "ba", "error", "file path", '"main"', "in:output data", "zzzz", "a")


def main(messages: int) -> dict[str, float]:
    """Measure with *messages* messages; return figures by name, times in ms."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = corpus.write(root / "logs", messages)
        library = root / "library.clew"
        seconds = [_import(root / "logs", library, fresh=True) for _ in range(RUNS)]
        floors = [floor(root / "logs", root / f"floor{run}.clew")[0] for run in range(RUNS)]
        again = [_import(root / "logs", library, fresh=False) for _ in range(RUNS)]
        found = {
            "messages": messages,
            "source_mb": size / 1e6,
            "library_mb": library.stat().st_size / 1e6,
            "import_s": statistics.median(seconds),
            "import_mb_s": size / 1e6 / statistics.median(seconds),
            "import_msg_s": messages / statistics.median(seconds),
            "import_mb_s_floor": size / 1e6 / statistics.median(floors),
            "import_msg_s_floor": messages / statistics.median(floors),
            "second_import_ms": statistics.median(again) * 1000,
        }
        found |= _append(root / "logs", library)
        found |= _reads(library)
        return found


def _import(logs: Path, library: Path, *, fresh: bool) -> float:
    if fresh:
        for path in library.parent.glob(library.name + "*"):
            path.unlink()
    began = time.perf_counter()
    with closing(open_writer(library)) as db:
        migrate(db, library)
        import_files(Ingest(Writer(db)), [logs], threading.Event(), _ignore, crew=HELPER)
    return time.perf_counter() - began


def _ignore(_event: object) -> None:
    """Take an event and do nothing."""


def _append(logs: Path, library: Path) -> dict[str, float]:
    """Time from the start of reading one appended line to its commit."""
    log = next(logs.rglob("*.jsonl"))
    line = log.read_bytes().splitlines()[0]
    times: list[float] = []
    with closing(open_writer(library)) as db:
        ingest = Ingest(Writer(db))
        for number in range(300):
            record = json.loads(line) | {"uuid": f"appended-{number}", "parentUuid": None}
            with log.open("ab") as stream:
                stream.write(json.dumps(record).encode() + b"\n")
            began = time.perf_counter()
            for file in find((log,)):
                for _ in ingest.file(file):  # type: ignore[arg-type]  # a regular file, as we know
                    pass
            times.append((time.perf_counter() - began) * 1000)
    return {
        "append_p50_ms": statistics.median(times),
        "append_p99_ms": at_share(sorted(times), 0.99),
    }


def _reads(library: Path) -> dict[str, float]:
    with closing(open_reader(library)) as db:
        longest = conversations.page(db, sort=conversations.Sort.LONGEST, limit=1)[0]
        times = [
            _timed(partial(search.find, db, words)) for _ in range(RUNS * 3) for words in SEARCHES
        ]
        spine = transcript.spine(db, longest.id)
        return {
            "list_page_ms": _median(lambda: conversations.page(db)),
            "spine_ms": _median(lambda: transcript.spine(db, longest.id)),
            "rows_40_ms": _median(lambda: transcript.rows(db, spine.ids[:40])),
            "tree_ms": _median(lambda: structure.tree(db, longest.id)),
            "search_p50_ms": statistics.median(times),
            "search_p95_ms": at_share(sorted(times), 0.95),
        }


def _median(run: Callable[[], object]) -> float:
    return statistics.median(_timed(run) for _ in range(RUNS * 3))


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
