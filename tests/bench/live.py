"""From the agent's write to the pixel: ``python -m tests.bench.live [PART…] [--ticks N]``.

This process writes lines as an agent does; the window runs in another one and says when it had
painted them. Parts: idle, import, flood, rest. Prints tables in Markdown.
"""

import argparse
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from tests.bench import corpus

_ROOT = Path(__file__).parents[2]
_PARTS = ("idle", "import", "flood", "rest")
_SESSION = "live0000-0000-4000-8000-{:012d}"
_PATIENCE_S = 60
_SOME = 100  # of the first and of the last lines: what grows with a conversation shows here
_SETTLE_S = 2.0  # after the last line, for it to be painted


class App:
    """The window in its process."""

    def __init__(self, library: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.live_app", str(library)],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._told: SimpleQueue[dict[str, object]] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.hear("ready")

    @property
    def pid(self) -> int:
        """The process of the window."""
        return self._process.pid

    def ask(self, command: str) -> None:
        """Send *command*."""
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def hear(self, word: str, timeout: float = 300) -> dict[str, object]:
        """Wait for an answer that has *word*."""
        while True:
            found = self._told.get(timeout=timeout)
            if word in found:
                return found

    def has_said(self) -> bool:
        """Return whether an answer has come, and drop it."""
        try:
            self._told.get_nowait()
        except Empty:
            return False
        return True

    def close(self) -> None:
        """End the process."""
        self.ask("quit")
        self._process.wait(30)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.put(json.loads(line))


class Log:
    """One transcript that an agent writes."""

    def __init__(self, path: Path, number: int, before: int = 6) -> None:
        """Begin a transcript in the folder *path* with *before* lines."""
        self.key = _SESSION.format(number)
        self._path = path / f"{self.key}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._parent: str | None = None
        self._count = 0
        for step in range(before):
            self.write(f"so far {step}")

    def tick(self, number: int) -> None:
        """Append a line that says when it was written."""
        self.write("tick {} {}", number)

    def write(self, said: str, number: int = 0) -> None:
        """Append a line."""
        self._count += 1
        uuid = f"{self.key}-{self._count:08d}"
        record = {
            "parentUuid": self._parent, "isSidechain": False, "userType": "external",
            "cwd": "/home/ada/live", "sessionId": self.key, "version": "2.1.50",
            "gitBranch": "main", "type": "assistant", "uuid": uuid,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "message": {
                "role": "assistant", "id": f"msg_{uuid}", "model": "claude-opus-4-6",
                "usage": {"input_tokens": 5, "output_tokens": 60},
                "content": [{"type": "text", "text": "TEXT " + "word " * 60}],
            },
        }  # fmt: skip
        self._parent = uuid
        line = json.dumps(record)
        with self._path.open("ab", buffering=0) as stream:
            text = said.format(number, time.monotonic_ns()) if "{" in said else said
            stream.write(line.replace("TEXT", text, 1).encode() + b"\n")


def main() -> int:
    """Measure what is asked for; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=_PARTS)
    parser.add_argument("--ticks", type=int, default=1000)
    parser.add_argument("--before", type=int, default=6)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    for part in asked.parts:
        with tempfile.TemporaryDirectory() as folder:
            _MEASURES[part](Path(folder), asked)
    return 0


def _idle(root: Path, asked: argparse.Namespace) -> None:
    log = Log(root / "logs", 1, asked.before)
    app = _opened(root, log)
    draw = random.Random(3)
    for number in range(asked.ticks):
        log.tick(number)
        time.sleep(draw.uniform(0.12, 0.2))
    _tell_latency("nothing else to do", app, asked.ticks)
    app.close()


def _import(root: Path, asked: argparse.Namespace) -> None:
    size = corpus.write(root / "history", asked.messages)
    log = Log(root / "logs", 1)
    app = _opened(root, log)
    draw = random.Random(3)
    app.ask(f"add {root / 'history'}")
    app.ask("beat")
    began = time.monotonic()
    number = 0
    while not app.has_said():
        log.tick(number)
        number += 1
        time.sleep(draw.uniform(0.12, 0.2))
    seconds = time.monotonic() - began
    found = _tell_latency(f"import of {asked.messages:,} messages", app, number)
    print(
        f"\nThe import of {size / 1e6:.0f} MB took {seconds:.0f} s; event loop late during it: "
        f"{_row(found['gaps'])} ms (p50, p95, p99, longest).\n"
    )
    app.close()


def _flood(root: Path, asked: argparse.Namespace) -> None:
    logs = [Log(root / "logs", number) for number in range(1, 21)]
    app = _opened(root, logs[0])
    app.ask("report")
    before = app.hear("seen")
    app.ask("beat")
    sizes: list[float] = []
    began = time.monotonic()
    total = asked.seconds * 1000
    for number in range(total):
        logs[number % 20].tick(number)
        ahead = began + number / 1000 - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        if number % 5000 == 4999:
            sizes.append(_rss(app.pid))
    seconds = time.monotonic() - began
    app.ask("report")
    found = app.hear("seen")
    new, late = 0.0, -1
    while new < total and late < _PATIENCE_S:  # for what was still on its way
        late += 1
        time.sleep(min(late, 1))
        app.ask("report")
        new = _number(app.hear("seen")["messages"]) - _number(before["messages"])
    print(f"\n| flood: {total:,} lines into 20 files in {seconds:.0f} s | |\n|---|---|")
    print(f"| lines lost; all were there after | {total - new:.0f}; {late} s |")
    print(f"| event loop late, p50 / p95 / p99 / longest | {_row(found['gaps'])} ms |")
    print(f"| repaints of the transcript a second | {_number(found['paints']) / seconds:.1f} |")
    print(f"| memory each 5 s | {', '.join(f'{one:.0f}' for one in sizes)} MB |\n")
    app.close()


def _rest(root: Path, asked: argparse.Namespace) -> None:
    log = Log(root / "logs", 1)
    app = _opened(root, log)
    log.tick(0)
    print("\n| rest | share of a core |\n|---|---|")
    time.sleep(5)
    for name, wait in (("a file grew a moment ago", 0), ("nothing has grown for two minutes", 130)):
        time.sleep(wait)
        before, began = _cpu(app.pid), time.monotonic()
        time.sleep(20)
        share = (_cpu(app.pid) - before) / (time.monotonic() - began)
        print(f"| {name} | {share:.2%} |", flush=True)
    app.close()


def _opened(root: Path, log: Log) -> App:
    app = App(root / "library.clew")
    app.ask(f"add {root / 'logs'}")
    app.hear("imported")
    app.ask(f"open {log.key}")
    app.hear("opened")
    time.sleep(_SETTLE_S)
    return app


def _tell_latency(what: str, app: App, ticks: int) -> dict[str, object]:
    time.sleep(_SETTLE_S)
    app.ask("report")
    found = app.hear("seen")
    seen = found["seen"]
    assert isinstance(seen, dict)
    print(f"\n| write to paint, ms | n | not seen | p50 | p95 | p99 | longest |\n{'|---' * 7}|")
    row = _row(list(seen.values())).replace(" / ", " | ")
    print(f"| {what} | {ticks} | {ticks - len(seen)} | {row} |", flush=True)
    if ticks > 2 * _SOME:
        for name, part in (("first", range(_SOME)), ("last", range(ticks - _SOME, ticks))):
            some = [seen[str(tick)] for tick in part if str(tick) in seen]
            row = _row(some).replace(" / ", " | ")
            print(f"| the {name} of these | {_SOME} | {_SOME - len(some)} | {row} |", flush=True)
    return found


def _row(values: object) -> str:
    assert isinstance(values, list)
    found = sorted(values)
    return " / ".join(
        f"{one:.1f}" for one in (*(_at(found, p) for p in (0.5, 0.95, 0.99)), found[-1])
    )


def _at(ordered: list[float], share: float) -> float:
    if share == 0.5:
        return statistics.median(ordered)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share) - 1)]


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def _rss(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


def _cpu(pid: int) -> float:
    """Return the seconds of processor time that *pid* has used."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / 100


_MEASURES = {"idle": _idle, "import": _import, "flood": _flood, "rest": _rest}

if __name__ == "__main__":
    sys.exit(main())
