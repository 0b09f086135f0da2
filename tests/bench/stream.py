"""A thousand tools on the stream: ``python -m tests.bench.stream [--tools N] [--events N]``.

One process writes lines as an agent does and is all the tools; another one is Clew: engine and
stream. A line says when it was written, so that every tool knows how long it took: from the write,
through watching, reading and the commit, to the tool. Prints a table in Markdown: the engine alone
(no tool is connected), the engine while all are told, and what the tools saw.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from typing_extensions import override

from core.config import Config
from core.engine import AddRoots, Engine
from core.events import ConversationChanged, EngineEvent, ImportFinished, LibraryReady
from core.stream.feed import Feed
from core.stream.settings import Choices, Limits
from tests import builders as b
from tests.core.stream import raw

_ROOT = Path(__file__).parents[2]
_TICK = re.compile(rb"tick (\d+) (\d+)\"")
_PAUSE_S = 0.15  # between two lines


class _Listening(asyncio.Protocol):
    """One tool: notes when what came, and reads it afterwards."""

    def __init__(self, hello: "asyncio.Future[None]") -> None:
        self.came: list[tuple[int, bytes]] = []
        self._hello = hello
        self._transport: asyncio.Transport | None = None
        self._said = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self.came.append((time.monotonic_ns(), data))
        if not self._hello.done():
            self._said += data
            if b'"subscribed"' in self._said:
                self._hello.set_result(None)
                self.came.clear()

    def send(self, data: bytes) -> None:
        """Send *data*."""
        assert self._transport is not None
        self._transport.write(data)


@dataclass
class _Run:
    """What one run has measured, all in milliseconds."""

    commits: list[float] = field(default_factory=list)  # from a write to the engine's news of it
    heard: list[float] = field(default_factory=list)  # to each tool
    complete: int = 0  # tools that heard everything in order


def serve(folder: Path, tools: int) -> None:
    """Be Clew: follow *folder*, and say when what was committed."""
    library = folder / "library.clew"
    feed = Feed(library, Choices(), Limits(tools=tools, waiting=tools))
    ready = threading.Event()

    def publish(event: EngineEvent, /) -> None:
        now = time.monotonic_ns()  # before anybody is told
        feed.publish(event)
        if isinstance(event, LibraryReady | ImportFinished):
            ready.set()
        if isinstance(event, ConversationChanged):
            told = {"at": now, "messages": event.messages}
            print(json.dumps(told), flush=True)

    engine = Engine(Config(library), publish)
    worker = threading.Thread(target=engine.run)
    worker.start()
    ready.wait()
    ready.clear()
    engine.submit(AddRoots((folder / "logs",)))
    ready.wait()
    feed.start()
    print(json.dumps({"file": str(feed.wait().file)}), flush=True)
    sys.stdin.read()
    feed.stop()
    engine.stop()
    worker.join()


async def run(folder: Path, said: dict[str, Any], tools: int, events: int, session: str) -> _Run:
    """Connect *tools*, write *events* lines to *session*, and return what they saw."""
    loop = asyncio.get_running_loop()
    ask = json.dumps({"type": "subscribe", "topic": "*", "updates": ["new_message"]}).encode()
    opening = raw.request(said["port"], Authorization=f"Bearer {said['token']}")
    listening: list[_Listening] = []
    for _ in range(tools):
        hello: asyncio.Future[None] = loop.create_future()
        _, made = await loop.create_connection(
            partial(_Listening, hello), "127.0.0.1", said["port"]
        )
        made.send(opening)
        made.send(raw.frame(1, ask))
        await hello
        listening.append(made)
    path = folder / "logs" / f"{session}.jsonl"
    for n in range(events):
        at = time.monotonic_ns()
        b.append(path, *b.of(session, b.prompt(f"{session}-{n}", f"tick {n} {at}")))
        await asyncio.sleep(_PAUSE_S)
    await asyncio.sleep(2)
    found = _Run()
    for one in listening:
        order: list[int] = []
        rest = b""
        for came, data in one.came:
            rest += data
            ticks = list(_TICK.finditer(rest))
            rest = rest[ticks[-1].end() :] if ticks else rest
            for number, wrote in (tick.groups() for tick in ticks):
                order.append(int(number))
                found.heard.append((came - int(wrote)) / 1e6)
        found.complete += order == list(range(events))
        one.send(raw.frame(8, b"\x03\xe8"))
    return found


def measure(tools: int, events: int) -> None:
    """Run everything, and print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        b.write(folder / "logs" / "first.jsonl", b.prompt("p1"))
        command = [sys.executable, "-m", "tests.bench.stream", "--serve", made]
        process = subprocess.Popen(
            [*command, "--tools", str(tools)], cwd=_ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdin is not None
        commits: dict[str, int] = {}
        address: list[Path] = []
        on = threading.Event()

        def listen() -> None:
            for line in process.stdout or ():
                told = json.loads(line)
                if "file" in told:
                    address.append(Path(told["file"]))
                    on.set()
                else:
                    commits.update(dict.fromkeys(told["messages"], told["at"]))

        listener = threading.Thread(target=listen)
        listener.start()
        on.wait()
        said = json.loads(address[0].read_text("utf-8"))
        alone = asyncio.run(run(folder, said, 0, events, "alone"))
        many = asyncio.run(run(folder, said, tools, events, "many"))
        process.stdin.close()
        process.wait()
        listener.join()
        for name, one in (("alone", alone), ("many", many)):
            _note(folder, name, one, commits)
    print("| | p50 | p95 | p99 |\n|---|---|---|---|")
    print(_line("write to commit, no tool", alone.commits))
    print(_line(f"write to commit, {tools} tools", many.commits))
    print(_line(f"write to each of {tools} tools", many.heard))
    print(f"\n{many.complete} of {tools} tools heard all {events} events in order.")


def _note(folder: Path, session: str, one: _Run, commits: dict[str, int]) -> None:
    for line in (folder / "logs" / f"{session}.jsonl").read_bytes().splitlines():
        record = json.loads(line)
        at = int(record["message"]["content"].split()[2])
        one.commits.append((commits[record["uuid"]] - at) / 1e6)


def _line(name: str, found: list[float]) -> str:
    cuts = statistics.quantiles(found, n=100, method="inclusive")
    return f"| {name} | {cuts[49]:.1f} ms | {cuts[94]:.1f} ms | {cuts[98]:.1f} ms |"


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stream")
    parser.add_argument("--tools", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--serve", type=Path)
    asked = parser.parse_args()
    if asked.serve is not None:
        serve(asked.serve, asked.tools)
    else:
        measure(asked.tools, asked.events)


if __name__ == "__main__":
    main()
