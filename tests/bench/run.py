"""``make bench``: measures Clew on made-up transcripts and prints it beside floors and peers.

The figures of floors and peers were measured elsewhere, on a two-core machine like the one
this was written on, and are printed as they were; ratios to them are only as good as that.
"""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import PySide6

_ROOT = Path(__file__).parents[2]
_RUNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    key: str
    name: str
    unit: str
    floor: float | None = None  # what the parts cost without Clew
    floor_is: str = ""
    target: float | None = None
    more_is_better: bool = False


_FIGURES = (
    Figure("import_mb_s", "import with full-text index", "MB/s", None,
           "tests/bench/floor.py, in this run", 25.0, more_is_better=True),
    Figure("import_msg_s", "import with full-text index", "messages/s", None,
           "the same", 5000, more_is_better=True),
    Figure("second_import_ms", "second import, nothing changed", "ms"),
    Figure("append_p50_ms", "one appended line to its commit, p50", "ms", 0.4, "insert + FTS + commit"),
    Figure("append_p99_ms", "one appended line to its commit, p99", "ms", 8.0, "the same, checkpoints included"),
    Figure("list_page_ms", "a page of the list", "ms", 0.24, "the same query, SQLite alone"),
    Figure("spine_ms", "spine of the longest of these conversations", "ms"),
    Figure("rows_40_ms", "forty rows of a transcript", "ms", 0.22, "a page of messages, SQLite alone"),
    Figure("tree_ms", "thread tree of a conversation", "ms"),
    Figure("search_p50_ms", "search, p50 over words from rare to very common", "ms", 0.8, "rare word, SQLite alone"),
    Figure("search_p95_ms", "search, p95", "ms", 37.0, "very common word by rank, 100k messages", 100.0),
    Figure("window_ms", "window shown and library open", "ms", 399.0, "a window with pyqtgraph"),
    Figure("open_ms", "open the longest conversation, painted", "ms", 40.0, "virtual list of 20,000 rows", 150.0),
    Figure("empty_mb", "memory, empty window", "MB", 70.6, "prototype window"),
    Figure("imported_mb", "memory after the import", "MB", 85.7, "prototype"),
    Figure("opened_mb", "memory, its longest conversation open", "MB", 88.3, "prototype"),
    Figure("charts_mb", "memory, charts shown", "MB", 127.9, "prototype with pyqtgraph", 150.0),
    Figure("peak_mb", "memory, peak", "MB", 127.9, "prototype with pyqtgraph", 150.0),
    Figure("import_tree_peak_mb", "process tree, peak of import (PSS)", "MB", None, "", 140.0),
    Figure("pages_tree_peak_mb", "process tree, peak of all pages (PSS)", "MB", None, "", 140.0),
    Figure("chart_ms", "first chart painted, cold", "ms", None, "", 300.0),
    Figure("gap_p50_ms", "event loop late during import, p50", "ms", 0.15, "5 ms timer, import in a thread"),
    Figure("gap_p99_ms", "event loop late during import, p99", "ms", 8.5, "the same", 50.0),
    Figure("gap_max_ms", "event loop late during import, longest", "ms", 25.0, "the same"),
)  # fmt: skip
_PEERS = (  # measured on a corpus of 614 MB, 381,662 lines, on a machine of this kind
    (
        "agentsview 0.46.1",
        "import",
        "4 MB/s (13 MB/s in bulk mode); 769 MB library; 205-339 MB memory",
    ),
    ("agentsview 0.46.1", "append to visible", "530 ms the first, then 4,000-5,000 ms"),
    ("agentsview 0.46.1", "search", "5-93 ms"),
    ("claude-code-log 1.7.0", "import", "1.7 MB/s"),
    ("ccusage 20.0.26", "totals only, no library", "1.7-2.2 s at every run"),
)


def main() -> int:
    """Run everything; return 0."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    _head(messages)
    found = _child("engine", messages)
    runs = [_child("window", messages) for _ in range(_RUNS)]
    found |= {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    print(f"{'':56}{'measured':>10}  {'floor':>8}  ratio  target")
    for figure in _FIGURES:
        measured = found.get(f"{figure.key}_floor", figure.floor)  # in this very run, if it can be
        print(_line(replace(figure, floor=measured), found[figure.key]))
    print(f"\nSource {found['source_mb']:.0f} MB, library {found['library_mb']:.0f} MB; ", end="")
    print(f"longest conversation {found['open_rows']:.0f} messages.")
    print("Engine: median of 3 imports in one process. Window: median of 3 processes.\n\nPeers:")
    for name, what, figure_ in _PEERS:
        print(f"  {name:24}{what:26}{figure_}")
    return 0


def _head(messages: int) -> None:
    cpu = platform.processor() or platform.machine()
    print(
        f"Clew, {messages:,} made-up messages; {os.cpu_count()} cores, {cpu}, {platform.system()}"
    )
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PySide {PySide6.__version__}\n"
    )


def _child(name: str, messages: int) -> dict[str, float]:
    """Run one part in a process of its own, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{name}", str(messages)],
        cwd=_ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _line(figure: Figure, value: float) -> str:
    ratio = floor = target = ""
    if figure.floor:
        share = figure.floor / value if figure.more_is_better else value / figure.floor
        ratio, floor = f"{share:5.1f}x", f"{figure.floor:8.1f}"
    if figure.target is not None:
        good = value >= figure.target if figure.more_is_better else value <= figure.target
        target = f"{figure.target:g} {'met' if good else 'MISSED'}"
    name = f"{figure.name}, {figure.unit}"
    return f"{name:56}{value:10.1f}  {floor:>8}  {ratio:6} {target:12} {figure.floor_is}"


if __name__ == "__main__":
    sys.exit(main())
