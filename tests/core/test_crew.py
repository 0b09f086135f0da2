"""Whoever reads the files of an import ahead of the writer, the library is the same."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core import crew, doors, parsing
from core.crew import Crew, Vanguard
from core.errors import CrewError
from core.events import EngineEvent, ImportFinished
from core.files.discover import SourceFile, find
from core.importing import import_files
from core.ingest import Ahead
from core.parsing import Parsed, Task
from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imports, reads, sound, writing

GENERATOR = Path(__file__).parents[3] / "shared" / "tools" / "make_corpus.py"
HOSTILE = GENERATOR.with_name("mkhostile.py")


def long_session(number: int, turns: int = 60) -> list[dict[str, Any]]:
    """Return the records of a session of some 60 KB with calls, results and an odd record."""
    session = f"{number:08d}-aaaa-4bbb-8ccc-000000000000"
    records: list[dict[str, Any]] = []
    last: str | None = None
    for turn in range(turns):
        at = number * 1000 + turn * 4
        key = f"{number}-{turn}"
        records += [
            b.prompt(f"p{key}", f"question {key} " + "word\0 " * 60, last, at=at),
            b.calls(f"c{key}", f"t{key}", parent=f"p{key}", api=f"m{key}", at=at + 1),
            b.answers(f"r{key}", f"t{key}", "line of output\n" * 40, f"c{key}", at=at + 2),
            b.says(f"a{key}", f"answer {key}", f"r{key}", at=at + 3),
        ]
        last = f"a{key}"
    return b.of(session, *records)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    root = tmp_path / "logs"
    for number in range(8):
        path = b.write(root / "-p" / f"{number:08d}-aaaa-4bbb-8ccc-000000000000.jsonl")
        b.write(path, *long_session(number))
        os.utime(path, (number, number))
    (root / "-p" / "torn.jsonl").write_bytes(b'{"type": "user", "mess\n{]\n' * 2000)
    (root / "-p" / "none.jsonl").write_bytes(b"no log at all\n" * 4000)
    (root / "-p" / "wide.jsonl").write_bytes(
        "\n".join(json.dumps(one) for one in long_session(77)).encode("utf-16")
    )
    (root / "-p" / "one.json").write_text(json.dumps({"a": ["b"] * 9000}), "utf-8")
    (root / "-p" / "gz.jsonl").write_bytes(b"\x1f\x8b" + bytes(20_000))
    return root


def helped(library: Path, root: Path, helper: Crew) -> ImportFinished:
    with writing(library) as (_, ingest):
        return import_files(ingest, [root], threading.Event(), _hear, crew=helper)


def same(tmp_path: Path, root: Path, helper: Crew, *, reread: bool = False) -> None:
    """Assert that *root* becomes the same library with and without *helper*.

    With *reread* files are looked at twice, which costs bytes.
    """
    alone = imports(tmp_path / "alone.clew", root)
    end = helped(tmp_path / "helped.clew", root, helper)
    assert sound(tmp_path / "helped.clew")
    assert dumped(tmp_path / "helped.clew") == dumped(tmp_path / "alone.clew")
    names = ("files", "others", "files_changed", "problems", "formats")
    for name in names if reread else (*names, "bytes_read"):
        assert getattr(end, name) == getattr(alone, name), name
    with writing(tmp_path / "helped.clew") as (_, ingest):
        again = import_files(ingest, [root], threading.Event(), _hear, crew=helper)
    assert again.files_changed == 0


def dumped(library: Path) -> Any:
    with closing(open_reader(library)) as db:
        texts = db.execute("SELECT id, quote(text) FROM body_kept ORDER BY id").fetchall()
        return json.loads(json.dumps([dump(db), texts]))


@contextmanager
def _threads() -> Generator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@contextmanager
def _begun(executor: Executor) -> Generator[Executor]:
    executor.submit(parsing.ready).result()
    yield executor


def _hear(_event: EngineEvent) -> None:
    """Take an event and do nothing."""


def test_threads_that_read_ahead_make_the_same_library(tmp_path: Path, logs: Path) -> None:
    same(tmp_path, logs, Crew(_threads, always=True))


def test_processes_that_read_ahead_make_the_same_library(tmp_path: Path, logs: Path) -> None:
    with crew.processes(2) as executor:
        same(tmp_path, logs, Crew(partial(_begun, executor), always=True))


@pytest.mark.skipif(not HOSTILE.exists(), reason="the generator is not beside the project")
def test_generated_and_hostile_files_come_to_the_same(tmp_path: Path) -> None:
    root = tmp_path / "logs"
    made = ["--messages", "600", "--seed", "5", "--out", str(root / "made")]
    for script in ([str(HOSTILE), str(root / "hostile")], [str(GENERATOR), *made]):
        subprocess.run([sys.executable, *script], check=True, capture_output=True)
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_size > 1 << 20:
            path.unlink()  # comparing them takes longer than all the rest
    with crew.processes(2) as executor:
        same(tmp_path, root, Crew(partial(_begun, executor), always=True))


def test_the_workers_of_a_scheduler_make_the_same_library(tmp_path: Path, logs: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        same(tmp_path, logs, Crew(partial(crew.fleet, cluster.scheduler_address), always=True))


def test_a_scheduler_that_nobody_answers_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(crew, "_PATIENCE", "0.2s")
    with pytest.raises(CrewError, match="No scheduler answers"), crew.fleet("tcp://127.0.0.1:9"):
        pass


class _Fails(Executor):
    """Reads what it is asked for, but the *nth* task dies with its worker."""

    def __init__(self, nth: int) -> None:
        self.left = nth
        self.asked = 0

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.asked += 1
        self.left -= 1
        if self.left < 0:
            future.set_exception(RuntimeError("gone"))
        else:
            future.set_result(fn(*given, **named))
        return future


@pytest.mark.parametrize("nth", [0, 1, 3])
def test_workers_that_die_cost_nothing_but_time(tmp_path: Path, logs: Path, nth: int) -> None:
    same(tmp_path, logs, Crew(partial(_given, _Fails(nth)), always=True))


@contextmanager
def _given(executor: Executor) -> Generator[Executor]:
    yield executor


def test_no_more_is_read_ahead_than_the_window_holds(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_MANY", 3)
    executor = _Fails(1000)
    files = sorted((one for one in find((logs,)) if isinstance(one, SourceFile)), key=str)
    with writing(tmp_path / "x.clew") as (_, ingest):
        vanguard = Vanguard(executor, ingest, files)
        vanguard.waits(0, 0)
        assert executor.asked == 1 + 3  # the first asks whether anybody is there
        assert vanguard.take(0) is None  # it is the writer's own


def test_short_files_read_ahead_do_not_fill_the_memory_and_are_asked_for_again_in_turn(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_SHORT", 1)  # a byte: one file fills it
    executor = _Fails(1000)
    files = sorted((one for one in find((logs,)) if isinstance(one, SourceFile)), key=str)
    with writing(tmp_path / "x.clew") as (_, ingest):
        vanguard = Vanguard(executor, ingest, files)
        vanguard.waits(0, 0)
        assert executor.asked == 1 + 1
        vanguard.waits(1, 0)
        vanguard.take(1)
        vanguard.waits(2, 0)
        assert executor.asked == 1 + 2


def test_a_large_file_is_gone_on_with_by_the_writer(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "MOST_AT_ONCE", 20_000)
    monkeypatch.setattr("core.slicing.SLICE_RECORDS", 50)
    same(tmp_path, logs, Crew(partial(_given, _Fails(1000)), always=True), reread=True)


def test_a_file_that_was_read_meanwhile_is_not_written_twice(tmp_path: Path, logs: Path) -> None:
    path = logs / "-p" / "00000003-aaaa-4bbb-8ccc-000000000000.jsonl"
    with writing(tmp_path / "x.clew") as (_, ingest):
        (file,) = (one for one in find((path,)) if isinstance(one, SourceFile))
        task = ingest.task(file)
        assert task is not None
        found = parsing.unpacked(parsing.parse(task))
        assert found is not None
        reads(ingest, path)
        before = ingest.writer.rows
        list(ingest.file(file, Ahead(task, found)))
        assert ingest.writer.rows == before


def test_a_cancel_ends_an_import_that_waits_for_its_helpers(tmp_path: Path, logs: Path) -> None:
    halted = threading.Event()

    class Never(_Fails):
        def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
            return Future() if fn is parsing.parse else super().submit(fn, *given, **named)

    timer = threading.Timer(0.1, halted.set)
    timer.start()
    with writing(tmp_path / "x.clew") as (_, ingest):
        end = import_files(
            ingest, [logs], halted, _hear, crew=Crew(partial(_given, Never(99)), always=True)
        )
    assert end.cancelled


def test_helpers_are_called_only_where_much_is_new(tmp_path: Path, logs: Path) -> None:
    called: list[bool] = []

    @contextmanager
    def call() -> Generator[Executor]:
        called.append(True)
        yield _Fails(1000)

    helped(tmp_path / "x.clew", logs, Crew(call))
    assert called == []
    assert not Crew(call).pays(0, 1 << 40)  # so far nothing was new
    assert Crew(call).pays(8 << 20, 1 << 30)


def test_a_task_is_small_and_what_comes_back_is_its_slices(tmp_path: Path) -> None:
    path = b.write(tmp_path / "s.jsonl", *long_session(1))
    task = Task(parsing.source_info(path), path)
    found = parsing.unpacked(parsing.parse(task))
    assert isinstance(found, Parsed)
    assert found.format == "claude-code"
    assert found.done
    (part,) = found.slices
    assert part.draft is not None
    assert part.draft.records > len(part.facts)
    assert any(isinstance(text, bytes) for text in part.draft.rows.bodies.column(1))
    assert parsing.unpacked(b"") is None


def _alive(process: Path) -> bool:
    try:
        return "Z" not in (process / "stat").read_text().split(")")[1][:3]
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes")
def test_helpers_end_with_a_parent_that_was_killed() -> None:
    script = """
import os
from core import crew
if __name__ == "__main__":
    with crew.processes(1) as executor:
        print(executor.submit(os.getpid).result(), flush=True)
        input()
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        helper = Path("/proc") / process.stdout.readline().decode().strip()
        assert helper.exists()
        process.kill()
    deadline = time.monotonic() + 30
    while _alive(helper):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_door_takes_workers_and_keeps_the_import_as_a_job(
    tmp_path: Path, logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = ["--library", str(tmp_path / "x.clew")]
    assert doors.main(["import", *library, "--workers", "1", "--json", str(logs)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["messages"] > 0
    assert doors.main(["jobs", *library, "--json"]) == 0
    (job,) = json.loads(capsys.readouterr().out)
    assert job["state"] == "completed"
