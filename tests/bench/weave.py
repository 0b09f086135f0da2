"""How fast threads are made: ``python -m tests.bench.weave FOLDER…``.

Imports the transcripts of FOLDER into a library that is thrown away, makes the threads of all
conversations, then those of a long one line by line. Prints wall and processor time.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from core.weaving.weaver import Weaver
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import PRICES, imports, reads, writing

_LINES = 40  # that are appended


def _library(root: Path, folders: list[Path]) -> None:
    imports(root / "l.clew", *folders, pricing=PRICES)
    with writing(root / "l.clew") as (db, _):
        weaver = Weaver(db)
        wall, processor = time.perf_counter(), time.process_time()
        longest = 0.0
        count = 0
        while True:
            began = time.perf_counter()
            if weaver.piece() is None:
                break
            count += 1
            longest = max(longest, time.perf_counter() - began)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(
        f"{weaver.taken} messages in {count} pieces: {wall:.2f} s, {processor:.2f} s of processor"
    )
    print(
        f"{weaver.taken / processor:.0f} messages a second; the longest piece took {longest:.2f} s"
    )


def _line_by_line(root: Path, turns: int) -> None:
    with writing(root / "l.clew") as (db, ingest):
        path = yarn.write(root, yarn.two_things(turns))
        reads(ingest, path)
        weaver = yarn.weave(db)
        above = f"k{turns - 1}s"
        took: list[float] = []
        for number in range(_LINES):
            said = b.says(f"x{number}", "one more about the scheduler", above, at=9e5 + number)
            yarn.grown(ingest, path, [said])
            began = time.process_time()
            yarn.all_of(weaver)
            took.append((time.process_time() - began) * 1000)
    middle, most = statistics.median(took), max(took)
    print(f"one line after {turns * 8} messages: median {middle:.1f} ms, at most {most:.1f} ms")


def main(folders: list[Path]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as root:
        if folders:
            _library(Path(root) / "all", folders)
        for turns in (10, 40, 125, 1000):
            _line_by_line(Path(root) / str(turns), turns)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
