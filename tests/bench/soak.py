"""Hours of work, or of nothing: ``python -m tests.bench.soak [live|idle] --minutes N``.

The real window runs in another process. *live*: this one writes lines as agents do, at a steady
pace; memory of all processes is looked at once a minute, and the slope is the straight line
through what was seen after the beginning. *idle*: nothing is written; what is counted is processor
time and how often a thread that slept was woken. Prints tables in Markdown. Only Linux tells.
"""

import argparse
import contextlib
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import corpus
from tests.bench.live import App, Log
from tests.bench.memory import children, tree

_LIBRARY = 20_000  # messages that are there before
_AGENTS = 3  # that write at a time
_LINES = 600  # of a session, then its agent begins another one
_WARM = 0.1  # of the time, before memory counts
_LEAST_WARM_S = 60
_SETTLE_S = 5  # between two looks at whether everything that waits for leisure is done
_SETTLED = 0.02  # of a core: it is
_MOST_SETTLING_S = 300
_HERTZ = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through points, by least squares."""

    slope: float
    error: float  # one standard error of the slope, if the points scatter by chance


@dataclass(frozen=True, slots=True)
class Effort:
    """What some processes have done so far."""

    seconds: float  # of processor time
    wakes: dict[tuple[int, int], int]  # by process and thread: how often it gave the core away

    def since(self, before: "Effort") -> tuple[float, int]:
        """Return the seconds and the wake-ups since *before*; those of ended threads are lost."""
        woken = (count - before.wakes.get(one, 0) for one, count in self.wakes.items())
        return self.seconds - before.seconds, sum(woken)


def fit(points: Sequence[tuple[float, float]]) -> Line:
    """Return the line through *points*, three or more at different places."""
    middle = statistics.fmean(x for x, _ in points)
    level = statistics.fmean(y for _, y in points)
    width = sum((x - middle) ** 2 for x, _ in points)
    slope = sum((x - middle) * (y - level) for x, y in points) / width
    left = sum((y - level - slope * (x - middle)) ** 2 for x, y in points)
    return Line(slope, math.sqrt(left / (len(points) - 2) / width))


def main() -> int:
    """Measure what is asked for; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("live", "idle"), default="live")
    parser.add_argument("--minutes", type=float, default=480)
    parser.add_argument("--messages", type=int, default=_LIBRARY, help="in the library before")
    parser.add_argument("--pace", type=float, default=2.0, help="lines a second")
    parser.add_argument("--each", type=float, default=60.0, help="seconds between two looks")
    parser.add_argument("--trace", action="store_true", help="say what Python allocates; slower")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        corpus.write(root / "history", asked.messages)
        app = App(root / "library.clew")
        app.ask(f"add {root / 'history'}")
        app.hear("imported")
        _settle(app)
        if asked.part == "live":
            _live(root, app, asked)
        else:
            _idle(root, app, asked)
        app.close()
    return 0


def _live(root: Path, app: App, asked: argparse.Namespace) -> None:
    agents = _Agents(root / "logs")
    app.ask(f"add {root / 'logs'}")
    app.hear("imported")
    app.ask("blind")
    agents.show(app)
    _settle(app)
    if asked.trace:
        app.ask("trace")
    began, before = time.monotonic(), _effort(app.pid)
    seen: list[tuple[float, float]] = []  # hours since the beginning, MB
    print("| minute | MB, all processes |\n|---|---|", flush=True)
    while (now := time.monotonic() - began) < asked.minutes * 60:
        if now >= len(seen) * asked.each:
            seen.append((now / 3600, tree(app.pid)))
            print(f"| {now / 60:.1f} | {seen[-1][1]:.1f} |", flush=True)
        agents.write(app)
        time.sleep(max(0.0, began + agents.lines / asked.pace - time.monotonic()))
    seconds, wakes = _effort(app.pid).since(before)
    _settle(app)
    if asked.trace:
        app.ask("allocated")
        print("\n".join(map(str, _list(app.hear("allocated", 60)["allocated"]))))
    app.ask("report")
    there = app.hear("seen")["messages"]
    warm = max(_LEAST_WARM_S, asked.minutes * 60 * _WARM) / 3600
    kept = [one for one in seen if one[0] >= warm] or seen
    print(f"\n| soak: {agents.lines:,} lines in {now / 60:.0f} min into {agents.sessions} sessions"
          f" beside {asked.messages:,} messages | |\n|---|---|")  # fmt: skip
    print(f"| lines lost | {asked.messages + agents.written - _whole(there)} |")
    _tell_line(kept)
    print(f"| processor time | {seconds / now:.2%} of a core |")
    print(f"| wake-ups | {wakes / now:.1f} a second |", flush=True)


def _settle(app: App) -> None:
    """Wait until *app* has done what it does behind an import: threads, analyses, the archive."""
    until = time.monotonic() + _MOST_SETTLING_S
    share = 1.0
    while share > _SETTLED and time.monotonic() < until:
        before = _effort(app.pid)
        time.sleep(_SETTLE_S)
        share = _effort(app.pid).since(before)[0] / _SETTLE_S


def _idle(root: Path, app: App, asked: argparse.Namespace) -> None:
    log = Log(root / "logs", 1)
    app.ask(f"add {root / 'logs'}")
    app.hear("imported")
    app.ask("blind")
    app.ask(f"open {log.key}")
    app.hear("opened")
    print("| idle | share of a core | wake-ups a second | MB |\n|---|---|---|---|")
    for name, wait in (("a file has just grown", 0), ("nothing has grown for two minutes", 130)):
        log.write("the last line")
        time.sleep(wait)
        _settle(app)
        began, before = time.monotonic(), _effort(app.pid)
        time.sleep(asked.minutes * 60)
        seconds, wakes = _effort(app.pid).since(before)
        took = time.monotonic() - began
        name_for = f"{name}, {asked.minutes:g} min"
        print(
            f"| {name_for} | {seconds / took:.3%} | {wakes / took:.2f} | {tree(app.pid):.1f} |",
            flush=True,
        )


def _tell_line(kept: Sequence[tuple[float, float]]) -> None:
    """Print how memory went in *kept*: hours and MB."""
    first, last = kept[0], kept[-1]
    middle = statistics.median(size for _, size in kept)
    spread = statistics.pstdev(size for _, size in kept)
    print(f"| memory at minute {first[0] * 60:.0f}, at minute {last[0] * 60:.0f} |"
          f" {first[1]:.1f}, {last[1]:.1f} MB |")  # fmt: skip
    print(f"| memory, median, standard deviation | {middle:.1f}, {spread:.2f} MB |")
    if len(kept) < 3:
        print("| slope | too few looks |")
        return
    line = fit(kept)
    print(f"| slope, two standard errors | {line.slope:+.2f} ± {2 * line.error:.2f} MB/h |")


class _Agents:
    """Some agents that write in turns, each into one session after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sessions = 0
        self.lines = 0  # since the beginning
        self.written = 0  # with the first ones of each session
        # Not all end at once: each has begun at another time.
        self._left = [_LINES * (number + 1) // _AGENTS for number in range(_AGENTS)]
        self._logs = [self._new() for _ in range(_AGENTS)]

    def _new(self) -> Log:
        self.sessions += 1
        self.written += 6
        return Log(self._folder, self.sessions, 6)

    def show(self, app: App) -> None:
        """Let *app* open what was begun last, and follow it."""
        newest = max(self._logs, key=lambda log: log.key)
        app.ask(f"open {newest.key}")
        app.hear("opened")

    def write(self, app: App) -> None:
        """Append a line; where a session has ended another one begins, which is opened."""
        turn = self.lines % _AGENTS
        if not self._left[turn]:
            self._logs[turn], self._left[turn] = self._new(), _LINES
            self.show(app)
        self._logs[turn].write(f"line {self.lines}")
        self._left[turn] -= 1
        self.lines += 1
        self.written += 1


def _effort(root: int) -> Effort:
    """Return what process *root* and those below it have done."""
    seconds, wakes = 0.0, {}
    left = [root]
    while left:
        process = left.pop()
        left += children(process)
        with contextlib.suppress(OSError):  # it has ended
            told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            seconds += (int(told[11]) + int(told[12])) / _HERTZ
            for thread in Path(f"/proc/{process}/task").iterdir():
                wakes[process, int(thread.name)] = _voluntary(thread)
    return Effort(seconds, wakes)


def _voluntary(thread: Path) -> int:
    lines = (thread / "status").read_text().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith("voluntary_ctxt"))


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


if __name__ == "__main__":
    sys.exit(main())
