"""Many readers during an import: clients of one pool, and processes of their own.

``python -m tests.stress.readers --clients 128 --think 1.0`` measures an import alone and the same
import while so many clients read, in turns, and prints how long reads took from asking to the
answer, how many failed, and how much longer the import took: medians, the times themselves, and
the processor time of the import's thread. ``--processes 100`` lets each reader be a process with a
connection of its own; they begin to read when all of them have started.
"""

from core.uncounted import uncounted

uncounted()  # as the program itself does, before anybody imports sqlite3

# ruff: noqa: E402  what follows imports it
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
from pathlib import Path
from sqlite3 import Connection

from core.importing import import_files
from core.ingest import Ingest
from core.queries import conversations, search, transcript
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate
from core.store.readers import Readers
from core.store.writer import Writer
from tests.bench import corpus
from tests.stress.outcome import Imported, Outcome, Readings, told

_WORDS = ("main", "error", "file path", "zzzz", "ab*")
_ROWS = 40  # of a transcript, as a window shows


def main() -> int:
    """Run what the command line asks for; return 1 if a read failed."""
    asked = _arguments()
    if asked.read:
        _child(Path(asked.read), asked.think, asked.ready)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run(
            Path(folder), asked.messages, clients=asked.clients, processes=asked.processes,
            think=asked.think, rounds=asked.rounds,
        )  # fmt: skip
    for one in found:
        sys.stdout.write(f"{told(one)}\n")
    return int(any(one.reads.errors for one in found))


def run(
    folder: Path, messages: int, *, clients: int, processes: int, think: float, rounds: int
) -> list[Outcome]:
    """Measure with a library of *messages* messages, into which as many are imported again."""
    corpus.write(folder / "old", messages)
    corpus.write(folder / "new", messages, seed=11)
    library = folder / "library.clew"
    _import(library, folder / "old")
    base = folder / "base.clew"
    shutil.copy(library, base)
    _alone(base, folder)  # what is only done once is not what is measured
    found: list[Outcome] = []
    if clients:
        name = f"{clients} clients of a pool, a read every {think:g} s"
        found.append(_measured(name, base, folder, _Clients(clients, think), rounds))
    if processes:
        name = f"{processes} processes, a read every {think:g} s"
        found.append(_measured(name, base, folder, _Processes(processes, think), rounds))
    return found


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
        ready = Path(tempfile.mkdtemp(dir=library.parent))
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
        for reader in readers:
            if reader.stdin is not None:
                reader.stdin.write("now\n")
                reader.stdin.flush()

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

    seed = random.SystemRandom().getrandbits(32)
    draw = random.Random(seed)
    with closing(open_reader(library)) as db:
        (Path(ready) / str(seed)).touch()
        sys.stdin.readline()  # all have started
        threading.Thread(target=wait, daemon=True).start()
        while not over.wait(draw.uniform(0, 2 * think)):
            began = time.perf_counter()
            try:
                read(db, draw)
            except Exception as error:  # noqa: BLE001  whatever it is, it is to be counted
                found.errors.append(repr(error))
            found.times.append((time.perf_counter() - began) * 1000)
    sys.stdout.write(json.dumps({"times": found.times, "errors": found.errors}))


def _measured(
    name: str, base: Path, folder: Path, readers: _Clients | _Processes, rounds: int
) -> Outcome:
    alone: list[Imported] = []
    beside: list[Imported] = []
    reads = Readings()
    for _ in range(rounds):
        alone.append(_alone(base, folder))
        library = _fresh(base, folder)
        end = readers.start(library)
        beside.append(_import(library, folder / "new"))
        found = end()
        reads.times += found.times
        reads.errors += found.errors
    return Outcome(name, reads, tuple(alone), tuple(beside))


def _alone(base: Path, folder: Path) -> Imported:
    return _import(_fresh(base, folder), folder / "new")


def _fresh(base: Path, folder: Path) -> Path:
    library = folder / "used.clew"
    for old in folder.glob("used.clew*"):
        old.unlink()
    shutil.copy(base, library)
    return library


def _import(library: Path, logs: Path) -> Imported:
    largest = 0.0
    log = library.with_name(library.name + "-wal")

    def look(_event: object) -> None:
        nonlocal largest
        largest = max(largest, log.stat().st_size / 1e6)

    began, worked = time.perf_counter(), time.thread_time()
    with closing(open_writer(library)) as db:
        migrate(db, library)
        import_files(Ingest(Writer(db)), [logs], threading.Event(), look)
        return Imported(time.perf_counter() - began, time.thread_time() - worked, largest)


def _purpose(number: int) -> str:
    return ("list", "transcript", "search", "charts")[number % 4]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two reads")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5, help="imports alone, and as many beside")
    parser.add_argument("--read", help=argparse.SUPPRESS)
    parser.add_argument("--ready", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
