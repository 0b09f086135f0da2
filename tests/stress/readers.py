"""Many readers during an import: clients of one pool, and processes of their own.

``python -m tests.stress.readers --clients 128 --think 1.0`` measures an import alone, then the
same import while so many clients read, and prints how long reads took from asking to the answer,
how many failed, and how much longer the import took. ``--processes 100`` lets each reader be a
process with a connection of its own.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection

from core.importing import import_files
from core.ingest import Ingest
from core.queries import conversations, search, transcript
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate
from core.store.readers import Readers
from core.store.timing import at_share
from core.store.writer import Writer
from tests.bench import corpus

_WORDS = ("main", "error", "file path", "zzzz", "ab*")
_ROWS = 40  # of a transcript, as a window shows


@dataclass(slots=True)
class Readings:
    """How long reads took, in ms, and what went wrong."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run has shown."""

    name: str
    reads: Readings
    alone_s: float  # the import without readers
    seconds: float  # with them
    wal_mb: float  # the largest that the write-ahead log became


def main() -> int:
    """Run what the command line asks for; return 1 if a read failed."""
    asked = _arguments()
    if asked.read:
        _child(Path(asked.read), asked.think, asked.ready)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run(
            Path(folder), asked.messages, clients=asked.clients, processes=asked.processes,
            think=asked.think,
        )  # fmt: skip
    for one in found:
        sys.stdout.write(f"{told(one)}\n")
    return int(any(one.reads.errors for one in found))


def run(
    folder: Path, messages: int, *, clients: int, processes: int, think: float
) -> list[Outcome]:
    """Measure with a library of *messages* messages, into which as many are imported again."""
    corpus.write(folder / "old", messages)
    corpus.write(folder / "new", messages, seed=11)
    library = folder / "library.clew"
    _import(library, folder / "old")
    base = folder / "base.clew"
    shutil.copy(library, base)
    alone = min(_alone(base, folder) for _ in range(2))
    found: list[Outcome] = []
    if clients:
        name = f"{clients} clients of a pool, a read every {think:g} s"
        found.append(_measured(name, base, folder, alone, _Clients(clients, think)))
    if processes:
        name = f"{processes} processes, a read every {think:g} s"
        found.append(_measured(name, base, folder, alone, _Processes(processes, think)))
    return found


def told(one: Outcome) -> str:
    """Return *one* in three lines."""
    ordered = sorted(one.reads.times)
    shares = ", ".join(
        f"{name} {at_share(ordered, share):.1f}"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    slower = 100 * (one.seconds / one.alone_s - 1)
    errors = f"{len(one.reads.errors)} errors {sorted(set(one.reads.errors))[:3]}"
    return (
        f"{one.name}:\n  {len(ordered)} reads, {errors}; ms {shares}\n"
        f"  import {one.seconds:.2f} s, alone {one.alone_s:.2f} s: {slower:+.0f} %; "
        f"write-ahead log at most {one.wal_mb:.0f} MB"
    )


class _Clients:
    """Threads of this process that share a pool."""

    def __init__(self, number: int, think: float) -> None:
        self._number, self._think = number, think

    def start(self, library: Path) -> Callable[[], Readings]:
        pool = Readers(library)
        over = threading.Event()
        found = Readings()

        def client(number: int) -> None:
            draw = random.Random(number)
            while not over.wait(draw.uniform(0, 2 * self._think)):
                began = time.perf_counter()
                try:
                    with pool.lend(_purpose(number)) as db:
                        read(db, draw)
                except Exception as error:  # noqa: BLE001  whatever it is, it is to be counted
                    found.errors.append(repr(error))
                found.times.append((time.perf_counter() - began) * 1000)

        threads = [threading.Thread(target=client, args=(n,)) for n in range(self._number)]
        for thread in threads:
            thread.start()

        def end() -> Readings:
            over.set()
            for thread in threads:
                thread.join()
            pool.close()
            return found

        return end


class _Processes:
    """Processes, each with a connection of its own."""

    def __init__(self, number: int, think: float) -> None:
        self._number, self._think = number, think

    def start(self, library: Path) -> Callable[[], Readings]:
        ready = library.parent / "ready"
        ready.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.stress.readers", "--read", str(library)]
        command += ["--think", str(self._think), "--ready", str(ready)]
        readers = [
            subprocess.Popen([*command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(self._number)
        ]
        while len(list(ready.iterdir())) < self._number:  # starting is not what is measured
            time.sleep(0.1)
            if any(reader.poll() is not None for reader in readers):
                raise RuntimeError("A reader ended before it began.")

        def end() -> Readings:
            found = Readings()
            for reader in readers:
                if reader.stdin is not None:
                    reader.stdin.close()
            for reader in readers:
                out = reader.stdout.read() if reader.stdout is not None else ""
                reader.wait()
                told_ = json.loads(out)
                found.times += told_["times"]
                found.errors += told_["errors"]
            return found

        return end


def read(db: Connection, draw: random.Random) -> None:
    """Read what a window reads: a page of the list, some rows of a transcript, or a search."""
    match draw.randrange(3):
        case 0:
            conversations.page(db, limit=50)
        case 1:
            row = draw.choice(conversations.page(db, limit=20))
            spine = transcript.spine(db, row.id)
            transcript.rows(db, spine.ids[:_ROWS])
        case _:
            search.find(db, draw.choice(_WORDS), limit=20)


def _child(library: Path, think: float, ready: str) -> None:
    """Read until standard input ends, then print what was measured."""
    found = Readings()
    over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait, daemon=True).start()
    seed = random.SystemRandom().getrandbits(32)
    draw = random.Random(seed)
    with closing(open_reader(library)) as db:
        (Path(ready) / str(seed)).touch()
        while not over.wait(draw.uniform(0, 2 * think)):
            began = time.perf_counter()
            try:
                read(db, draw)
            except Exception as error:  # noqa: BLE001  whatever it is, it is to be counted
                found.errors.append(repr(error))
            found.times.append((time.perf_counter() - began) * 1000)
    sys.stdout.write(json.dumps({"times": found.times, "errors": found.errors}))


def _measured(
    name: str, base: Path, folder: Path, alone: float, readers: _Clients | _Processes
) -> Outcome:
    library = _fresh(base, folder)
    end = readers.start(library)
    seconds, wal_mb = _import(library, folder / "new")
    return Outcome(name, end(), alone, seconds, wal_mb)


def _alone(base: Path, folder: Path) -> float:
    return _import(_fresh(base, folder), folder / "new")[0]


def _fresh(base: Path, folder: Path) -> Path:
    library = folder / "used.clew"
    for old in folder.glob("used.clew*"):
        old.unlink()
    shutil.copy(base, library)
    return library


def _import(library: Path, logs: Path) -> tuple[float, float]:
    """Import *logs*; return the seconds it took and the largest size of the log in MB."""
    largest = 0.0
    log = library.with_name(library.name + "-wal")

    def look(_event: object) -> None:
        nonlocal largest
        largest = max(largest, log.stat().st_size / 1e6)

    began = time.perf_counter()
    with closing(open_writer(library)) as db:
        migrate(db, library)
        import_files(Ingest(Writer(db)), [logs], threading.Event(), look)
        took = time.perf_counter() - began
    return took, largest


def _purpose(number: int) -> str:
    return ("list", "transcript", "search", "charts")[number % 4]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two reads")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    parser.add_argument("--ready", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
