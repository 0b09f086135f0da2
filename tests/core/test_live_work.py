"""What an appended line costs: the same in a large library as in a small one."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.ingest import Ingest
from tests import builders as b
from tests.library import dump, imported, imports, reads, writing

EXHAUSTIVE = bool(os.environ.get("CLEW_EXHAUSTIVE"))
SMALL, LARGE = 1_000, 100_000 if EXHAUSTIVE else 10_000  # messages
AGENTS = 300
TIMES = 4  # an append is measured: now and then the search index tidies up
EDGES = 4 * 4096  # bytes of a file that are looked at to see that it is still the same


@dataclass(frozen=True)
class Work:
    """What one append took."""

    statements: int
    steps: int  # of SQLite's machine, in tens
    rows: int  # changed
    read: int  # bytes of sources


class Counter:
    """Counts the work on a library that is open for writing."""

    def __init__(self, db: Connection, ingest: Ingest, logs: Path) -> None:
        self.db, self.ingest, self.logs = db, ingest, logs
        self.tip = ""
        self._statements = self._steps = 0

    def least(self, path: Path, make: Callable[[str, str, int], b.Record]) -> Work:
        """Append what *make* gives for an id, its parent and a time; return the least work."""
        found: list[Work] = []
        for number in range(TIMES):
            uuid = f"more-{path.name}-{make.__name__}-{number}"
            b.append(path, make(uuid, self.tip, 10**8 + number))
            self.tip = uuid
            found.append(self._read(path))
        return min(found, key=lambda work: work.steps)

    def _read(self, path: Path) -> Work:
        self._statements = self._steps = 0
        self.db.set_trace_callback(self._note_statement)
        self.db.set_progress_handler(self._note_steps, 10)
        rows, read = self.db.total_changes, self.ingest.tally.read
        assert len(reads(self.ingest, path)) == 1
        self.db.set_trace_callback(None)
        self.db.set_progress_handler(None, 10)
        return Work(
            self._statements, self._steps, self.db.total_changes - rows,
            self.ingest.tally.read - read,
        )  # fmt: skip

    def _note_statement(self, _sql: str) -> None:
        self._statements += 1

    def _note_steps(self) -> int:
        self._steps += 1
        return 0


def prompt(uuid: str, parent: str, at: int) -> b.Record:
    return b.prompt(uuid, f"and {uuid}", parent, at=at)


def reply(uuid: str, parent: str, at: int) -> b.Record:
    return b.says(uuid, f"sure {uuid}", parent, at=at)


def call(uuid: str, parent: str, at: int) -> b.Record:
    return b.calls(uuid, f"tool-{at}", parent=parent, at=at)


def answer(uuid: str, parent: str, at: int) -> b.Record:
    return b.answers(uuid, f"tool-{at}", f"out {uuid}", parent, at=at)


def history(logs: Path, messages: int) -> Path:
    """Write *messages* messages, half of them one conversation; return its file."""
    records: list[b.Record] = []
    above = None
    for turn in range(messages // 8):
        ask, work, out, end = (f"{kind}{turn}" for kind in "acos")
        records += [
            b.prompt(ask, f"question {turn}", above, at=turn * 100),
            b.calls(work, f"t{turn}", parent=ask, at=turn * 100 + 1),
            b.answers(out, f"t{turn}", f"output {turn}", work, at=turn * 100 + 2),
            b.says(end, f"done {turn}", out, at=turn * 100 + 3),
        ]
        above = end
    for number in range(messages // 200):
        said = (b.prompt(f"{number}-{n}", f"word {n}", at=n) for n in range(100))
        b.write(logs / f"other{number}.jsonl", *b.of(f"other{number}", *said))
    return b.write(logs / f"{b.SESSION}.jsonl", *records)


@pytest.fixture(scope="module", params=[(SMALL, LARGE)], ids=["sizes"])
def counters(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Counter, Counter]]:
    small, large = (tmp_path_factory.mktemp(f"n{messages}") for messages in request.param)
    for folder, messages in zip((small, large), request.param, strict=True):
        history(folder / "logs", messages)
        imports(folder / "l.clew", folder / "logs")
    with writing(small / "l.clew") as few, writing(large / "l.clew") as many:
        yield Counter(*few, small / "logs"), Counter(*many, large / "logs")


@pytest.mark.parametrize("make", [prompt, reply, call, answer])
def test_an_appended_line_costs_no_more_in_a_large_library(
    counters: tuple[Counter, Counter], make: Callable[[str, str, int], b.Record]
) -> None:
    few, many = (one.least(one.logs / f"{b.SESSION}.jsonl", make) for one in counters)

    assert many.statements <= few.statements
    assert many.rows <= few.rows
    assert many.steps <= few.steps * 1.2 + 50  # deeper trees
    assert many.read <= EDGES + 2000


def test_an_agents_line_costs_no_more_beside_many_agents(tmp_path: Path) -> None:
    def least(agents: int) -> Work:
        logs = tmp_path / f"a{agents}" / "logs"
        b.write(logs / f"{b.SESSION}.jsonl", b.prompt("m", "go"))
        path = logs
        for number in range(agents):
            path = logs / b.SESSION / "subagents" / f"agent-a{number}.jsonl"
            b.write(path, b.prompt(f"a{number}", f"task {number}", isSidechain=True))
        imports(logs.parent / "l.clew", logs)
        with writing(logs.parent / "l.clew") as (db, ingest):
            return Counter(db, ingest, logs).least(path, reply)

    few, many = least(3), least(AGENTS)

    assert (many.statements, many.rows) == (few.statements, few.rows)
    assert many.steps <= few.steps * 1.2 + 50


def test_what_grew_while_nobody_looked_is_read_from_where_it_ended(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    long = history(logs, SMALL)
    grown = sorted(logs.glob("other*"))[:3]
    imports(tmp_path / "l.clew", logs)
    size = sum(path.stat().st_size for path in logs.iterdir())

    tails = 0
    for path in (long, *grown):
        before = path.stat().st_size
        b.append(path, *b.of(path.stem, b.prompt(f"{path.stem}-more", "more", at=10**6)))
        tails += path.stat().st_size - before
    with writing(tmp_path / "l.clew") as (_, ingest):
        reads(ingest, *sorted(logs.iterdir()))

    assert ingest.tally.changed == 4
    assert tails <= ingest.tally.read <= tails + 4 * EDGES < size / 4
    assert ingest.writer.rows == 4


def test_totals_that_grew_line_by_line_are_those_of_a_whole_import(tmp_path: Path) -> None:
    whole = history(tmp_path / "logs", 200)
    agent = b.write(
        tmp_path / "logs" / b.SESSION / "subagents" / "agent-a1.jsonl",
        *(b.prompt(f"x{n}", f"task {n}", at=n * 7, isSidechain=True) for n in range(20)),
    )
    contents = {path: path.read_bytes().splitlines(keepends=True) for path in (whole, agent)}
    with closing(imported(tmp_path / "whole.clew", tmp_path / "logs")) as db:
        expected = dump(db)
    for path in contents:
        path.write_bytes(b"")

    with writing(tmp_path / "grown.clew") as (_, ingest):
        for number in range(max(map(len, contents.values()))):
            for path, lines in contents.items():
                if number < len(lines):
                    b.append(path, lines[number])
                    reads(ingest, path)
        reads(ingest, *sorted((tmp_path / "logs").glob("other*")))

    with closing(imported(tmp_path / "grown.clew", tmp_path / "logs")) as db:
        assert dump(db) == expected
