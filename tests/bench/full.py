"""``make bench-full``: imports large corpora beside their floor and writes docs/benchmarks.md.

    python -m tests.bench.full [--runs N] [--peer NAME=COMMAND] [FOLDER …]

Each FOLDER of transcripts is one corpus; without any, made-up ones of 100,000 and 1,000,000
messages are written, and those of the generator beside the project if there is one. Floor, Clew
and peers take turns on the same corpus, each time in a new process, so that what else the machine
does falls on all of them. A peer's COMMAND is run as it stands, with {logs} and {out} filled in.
"""

import argparse
import json
import os
import platform
import shlex
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
import zstandard

_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs" / "benchmarks.md"
_OTHERS = "\n## Live, search, readers and memory, by other programs\n"
_GENERATOR = _ROOT.parent / "shared" / "tools" / "make_corpus.py"
_SIZES = (100_000, 1_000_000)  # messages
_GOALS = (  # name, goal, whether more is better
    ("messages a second", 15_000, True),
    ("MB a second", 40, True),
    ("of the floor's rate", 0.8, True),
    ("second start, s", 0.15, False),
    ("cancel, ms", 200, False),
    ("library / source", 0.6, False),
    ("peak memory of the import, MB", 140, False),
)


@dataclass(slots=True)
class Measured:
    """What the runs over one corpus found."""

    name: str
    clew: list[dict[str, float]] = field(default_factory=list[dict[str, float]])
    floor: list[float] = field(default_factory=list[float])  # seconds
    peers: dict[str, list[float]] = field(default_factory=dict[str, list[float]])


def main(arguments: Sequence[str]) -> int:
    """Measure, and write the page; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--page", type=Path, default=_PAGE)
    given = parser.parse_args(arguments)
    peers = dict(one.split("=", 1) for one in given.peer)
    with _corpora(given.folders) as corpora:
        found = [_measured(name, logs, given.runs, peers) for name, logs in corpora]
    # What other programs measured stands at the end of the page, and stays.
    before = given.page.read_text("utf-8") if given.page.exists() else ""
    _, mark, others = before.partition(_OTHERS)
    given.page.write_text(_page(found, given.runs) + mark + others, "utf-8")
    print(given.page.read_text("utf-8"))
    return 0


@contextmanager
def _corpora(folders: Sequence[Path]) -> Iterator[list[tuple[str, Path]]]:
    if folders:
        yield [(folder.name, folder) for folder in folders]
        return
    with tempfile.TemporaryDirectory() as made:
        found: list[tuple[str, Path]] = []
        for size in _SIZES:
            folder = Path(made) / f"words-{size}"
            _run("-m", "tests.bench.corpus", str(folder), str(size), "logs")
            found.append((f"{size:,} messages of random words", folder / "logs"))
            if _GENERATOR.exists():
                folder = Path(made) / f"shaped-{size}"
                _run(str(_GENERATOR), "--messages", str(size), "--seed", "3", "--out", str(folder))
                found.append((f"{size:,} messages shaped as real ones", folder / "projects"))
        yield found


def _measured(name: str, logs: Path, runs: int, peers: dict[str, str]) -> Measured:
    found = Measured(name)
    for _ in range(runs):
        found.floor.append(json.loads(_run("-m", "tests.bench.floor", str(logs)))["seconds"])
        found.clew.append(json.loads(_run("-m", "tests.bench.once", str(logs))))
        for peer, command in peers.items():
            found.peers.setdefault(peer, []).append(_peer(command, logs))
        print(
            f"{name}: {found.clew[-1]['seconds']:.1f} s, floor {found.floor[-1]:.1f} s", flush=True
        )
    return found


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=_ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()[-1] if done.stdout else ""


def _peer(command: str, logs: Path) -> float:
    with tempfile.TemporaryDirectory() as out:
        asked = [part.format(logs=logs, out=out) for part in shlex.split(command)]
        began = time.perf_counter()
        subprocess.run(asked, check=True, capture_output=True)
        return time.perf_counter() - began


def _page(found: Sequence[Measured], runs: int) -> str:
    machine = platform.processor() or platform.machine()
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench-full`. Each figure is the median of {runs} runs, with the least",
        "and the most behind it; floor, Clew and peers took turns. The floor is one script that",
        "parses, inserts rows of the same tables, fills the same search index, and understands as",
        "little as possible: `tests/bench/floor.py`.",
        "",
        f"{os.cpu_count()} cores ({machine}), {platform.system()},",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},",
        f"orjson {orjson.__version__}, zstandard {zstandard.__version__};",
        f"{datetime.now(UTC):%Y-%m-%d}; load at the end {os.getloadavg()[0]:.1f}.",
    ]
    for one in found:
        lines += ["", *_section(one)]
    return "\n".join(lines) + "\n"


def _section(one: Measured) -> Iterator[str]:
    first = one.clew[0]
    yield (
        f"## {one.name}: {first['files']:,.0f} files, {first['source'] / 1e6:,.0f} MB, "
        f"{first['messages']:,.0f} messages"
    )
    yield ""
    yield "| what | median | least–most | goal |"
    yield "|---|---|---|---|"
    figures = [
        [run["messages"] / run["seconds"] for run in one.clew],
        [run["source"] / run["seconds"] / 1e6 for run in one.clew],
        [floor / run["seconds"] for floor, run in zip(one.floor, one.clew, strict=True)],
        [run["again_s"] for run in one.clew],
        [run["cancel_ms"] for run in one.clew],
        [run["library"] / run["source"] for run in one.clew],
        [run["peak_mb"] for run in one.clew],
    ]
    for (name, goal, more), values in zip(_GOALS, figures, strict=True):
        middle = statistics.median(values)
        met = "met" if (middle >= goal) == more or middle == goal else "missed"
        yield f"| {name} | {_said(middle)} | {_said(min(values))}–{_said(max(values))} | {goal:,} {met} |"
    yield (
        f"\nA second start read {first['again_read']:,.0f} bytes and wrote "
        f"{first['again_rows']:,.0f} rows."
    )
    if one.peers:
        yield ""
        yield "| beside it | seconds | times Clew's |"
        yield "|---|---|---|"
        own = statistics.median(run["seconds"] for run in one.clew)
        for peer, seconds in one.peers.items():
            middle = statistics.median(seconds)
            yield f"| {peer} | {middle:.1f} | {middle / own:.1f} |"


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
