"""``make bench-full``: imports large corpora beside their floor and writes docs/benchmarks.md.

    python -m tests.bench.full [--runs N] [FOLDER …]

Each FOLDER of transcripts is one corpus; without any, made-up ones of 100,000 and 1,000,000
messages are written, and those of the generator beside the project if there is one. Floor, Clew
and peers take turns on the same corpus, each time in a new process, so that what else the machine
does falls on all of them. The peers are those of `tests.bench.peers` that are on the PATH.
"""

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
import zstandard

from tests.bench.peers import PEERS, Ran, compare

_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs" / "benchmarks.md"
_OTHERS = "\n## Live, search, readers and memory, by other programs\n"
_GENERATOR = _ROOT.parent / "shared" / "tools" / "make_corpus.py"
_SIZES = (100_000, 1_000_000)  # messages
_GOALS = (  # name, goal, whether more is better
    ("messages a second", 15_000, True),
    ("MB a second", 40, True),
    ("of the floor's rate", 0.8, True),
    ("newest conversation can be read after, s", 3, False),
    ("second start, s", 0.15, False),
    ("cancel, ms", 200, False),
    ("library / source, before pictures go to the archive", 0.6, False),
    ("peak memory of the import and its helper, MB", 140, False),
)


@dataclass(slots=True)
class Measured:
    """What the runs over one corpus found."""

    name: str
    clew: list[dict[str, float]] = field(default_factory=list[dict[str, float]])
    floor: list[float] = field(default_factory=list[float])  # seconds
    peers: dict[str, list[tuple[Ran, Ran]]] = field(
        default_factory=dict[str, list[tuple[Ran, Ran]]]
    )
    without: dict[str, str] = field(
        default_factory=dict[str, str]
    )  # peers, and why they did not run


def main(arguments: Sequence[str]) -> int:
    """Measure, and write the page; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--page", type=Path, default=_PAGE)
    given = parser.parse_args(arguments)
    with _corpora(given.folders) as corpora:
        found = [_measured(name, logs, given.runs) for name, logs in corpora]
    # What other programs measured stands at the end of the page, and stays.
    before = given.page.read_text("utf-8") if given.page.exists() else ""
    _, mark, others = before.partition(_OTHERS)
    given.page.write_text(_page(found, given.runs) + mark + others, "utf-8")
    print(given.page.read_text("utf-8"))
    return 0


@contextmanager
def _corpora(folders: Sequence[Path]) -> Iterator[list[tuple[str, Path]]]:
    if folders:
        yield [(_name(folder), folder) for folder in folders]
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


def _name(folder: Path) -> str:
    """Agents call the folder of their logs `projects`: then the one above says whose."""
    return folder.parent.name if folder.name == "projects" else folder.name


def _measured(name: str, logs: Path, runs: int) -> Measured:
    found = Measured(name)
    for _ in range(runs):
        found.floor.append(json.loads(_run("-m", "tests.bench.floor", str(logs)))["seconds"])
        found.clew.append(json.loads(_run("-m", "tests.bench.once", str(logs))))
        for peer in PEERS:
            ran = compare(peer, logs)
            if isinstance(ran, str):
                found.without[peer.name] = ran
            else:
                found.peers.setdefault(peer.name, []).append(ran)
        print(
            f"{name}: {found.clew[-1]['seconds']:.1f} s, floor {found.floor[-1]:.1f} s", flush=True
        )
    return found


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=_ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()[-1] if done.stdout else ""


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
        [run["newest_s"] for run in one.clew],
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
    yield ""
    yield (
        "Programs as they are started by a person, first with nothing known, then with nothing changed; "
        "seconds of the first beside those of `clew import`:"
    )
    yield ""
    yield "| program | first, s | × Clew | again, s | peak, MB | wrote, MB | what it does |"
    yield "|---|---|---|---|---|---|---|"
    own = statistics.median(first.seconds for first, _ in one.peers[PEERS[0].name])
    for peer in PEERS:
        if peer.name in one.without:
            yield f"| {peer.name} | {one.without[peer.name]} | | | | | {peer.does} |"
            continue
        runs = one.peers[peer.name]
        cold = statistics.median(first.seconds for first, _ in runs)
        warm = statistics.median(again.seconds for _, again in runs)
        peak = max(first.peak_mb for first, _ in runs)
        wrote = max(first.written for first, _ in runs) / 1e6
        yield (
            f"| {peer.name} | {_said(cold)} | {_said(cold / own)} | {_said(warm)} | {_said(peak)} "
            f"| {_said(wrote)} | {peer.does} |"
        )


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
