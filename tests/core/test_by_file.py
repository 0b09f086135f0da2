"""An import tells what it made of each file: all of them once, however many there are."""

import errno
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import by_file, doors, jobs, opening
from core.by_file import ByFile
from core.crew import Crew
from core.events import EngineEvent, ImportProgressed, JobState, Outcome
from core.files.cursor import Stat
from core.files.discover import SourceFile
from core.ingest import Ingest
from core.queries import jobs as queries
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.store.writer import Writer
from tests import builders as b
from tests.library import writing


def _session(n: int) -> str:
    return f"{n:08d}-aaaa-4bbb-8ccc-000000000000"


def _log(folder: Path, n: int, prompts: int = 1) -> Path:
    lines = [b.prompt(f"p{n}-{k}", f"Task {k}") for k in range(prompts)]
    return b.write(folder / f"{_session(n)}.jsonl", *b.of(_session(n), *lines))


def _run(
    library: Path, *roots: Path, halted: threading.Event | None = None, crew: Crew | None = None
) -> tuple[queries.JobRow, tuple[queries.JobFile, ...]]:
    with writing(library) as (db, ingest):
        jobs.run(db, ingest, roots, halted or threading.Event(), _ignore, crew=crew)
        job = queries.jobs(db)[0]
        return job, queries.files(db, job.id)


def _ignore(_event: EngineEvent) -> None:
    """Take an event and do nothing."""


def _by_name(files: tuple[queries.JobFile, ...]) -> dict[str, queries.JobFile]:
    return {Path(one.label).name: one for one in files}


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what lets opening some files fail: those with that name, so often, with that error."""

    def fail(part: str, times: int, number: int) -> None:
        tries: list[Path] = []

        def open_(path: Path, patience: object = None) -> object:
            if path.name.startswith(part):
                tries.append(path)
                if len(tries) <= times:
                    raise OSError(number, "made up")
            return opening.opened(path)

        monkeypatch.setattr("core.ingest.opened", open_)
        monkeypatch.setattr(jobs, "_PAUSE", 0.0)

    return fail


def test_a_new_file_is_listed_with_its_messages_and_bytes(tmp_path: Path) -> None:
    log = _log(tmp_path / "logs", 1, prompts=3)
    job, (one,) = _run(tmp_path / "x.clew", tmp_path / "logs")
    assert (one.label, one.outcome, one.files) == (str(log), Outcome.NEW, 1)
    assert (one.messages, one.bytes, one.problems) == (3, log.stat().st_size, 0)
    assert one.took_us > 0
    assert not job.is_flawed


def test_of_a_file_that_grew_only_what_is_new_is_told(tmp_path: Path) -> None:
    log = _log(tmp_path / "logs", 1)
    _log(tmp_path / "logs", 2)
    _run(tmp_path / "x.clew", tmp_path / "logs")
    before = log.stat().st_size
    with log.open("ab") as file:
        file.write(json.dumps(*b.of(_session(1), b.prompt("later"))).encode() + b"\n")

    job, (grown, unchanged) = _run(tmp_path / "x.clew", tmp_path / "logs")

    assert (grown.label, grown.outcome, grown.messages) == (str(log), Outcome.GROWN, 1)
    assert grown.bytes == log.stat().st_size - before
    assert (unchanged.label, unchanged.outcome, unchanged.files) == ("", Outcome.UNCHANGED, 1)
    assert job.files == 2


def test_a_file_that_was_written_anew_is_read_again(tmp_path: Path) -> None:
    log = _log(tmp_path / "logs", 1, prompts=3)
    _run(tmp_path / "x.clew", log)
    b.write(log, *b.of(_session(1), b.prompt("other", "Something else")))
    _, (one,) = _run(tmp_path / "x.clew", log)
    assert (one.outcome, one.messages) == (Outcome.AGAIN, 1)


def test_what_is_no_log_is_told_as_such_and_once(tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / "other.jsonl", {"shape": "x"})
    _, (one,) = _run(tmp_path / "x.clew", tmp_path / "logs")
    assert (one.outcome, one.messages) == (Outcome.UNKNOWN, 0)
    _, (one,) = _run(tmp_path / "x.clew", tmp_path / "logs")
    assert one.outcome is Outcome.UNCHANGED


def test_files_that_only_look_other_are_unchanged(tmp_path: Path) -> None:
    log = _log(tmp_path / "logs", 1)
    _run(tmp_path / "x.clew", log)
    os.utime(log, (1, 1))
    _, (one,) = _run(tmp_path / "x.clew", log)
    assert one.outcome is Outcome.UNCHANGED


def test_an_import_with_torn_lines_completes_with_problems(tmp_path: Path) -> None:
    torn = [b"{torn %d\n" % n for n in range(4)]
    b.write(tmp_path / "logs" / "torn.jsonl", *b.of("torn", b.prompt("p1"), b.prompt("p2")), *torn)
    _log(tmp_path / "logs", 2)
    job, files = _run(tmp_path / "x.clew", tmp_path / "logs")
    assert job.is_flawed
    assert (job.state, job.problems, job.flawed) == (JobState.COMPLETED, 0, 1)
    assert Path(files[0].label).name == "torn.jsonl"  # what has trouble comes first
    assert (files[0].outcome, files[0].problems) == (Outcome.NEW, 4)


def test_a_file_that_cannot_be_read_is_listed_with_the_reason(
    tmp_path: Path, unreadable: Callable[..., None]
) -> None:
    unreadable("00000001", 99, errno.EACCES)
    for n in range(3):
        _log(tmp_path / "logs", n)
    job, files = _run(tmp_path / "x.clew", tmp_path / "logs")
    assert job.is_flawed
    assert [one.outcome for one in files] == [Outcome.UNREADABLE, Outcome.NEW, Outcome.NEW]
    assert files[0].reason == "The file cannot be read: made up."
    assert [one.reason for one in files[1:]] == ["", ""]


@pytest.mark.parametrize("failures", [1, 2, 99])
def test_a_file_that_is_tried_again_is_listed_once(
    tmp_path: Path, unreadable: Callable[..., None], failures: int
) -> None:
    unreadable("00000001", failures, errno.EIO)
    for n in range(3):
        _log(tmp_path / "logs", n)
    _, files = _run(tmp_path / "x.clew", tmp_path / "logs")
    assert len(files) == 3
    found = _by_name(files)[f"{_session(1)}.jsonl"]
    assert found.outcome is (Outcome.UNREADABLE if failures == 99 else Outcome.NEW)


def test_files_beyond_those_that_are_listed_are_summed_up_by_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unreadable: Callable[..., None]
) -> None:
    monkeypatch.setattr(by_file, "MOST", 2)
    unreadable("0000000", 99, errno.EACCES)
    for n in range(14):
        _log(tmp_path / "logs", n, prompts=2)
    job, files = _run(tmp_path / "x.clew", tmp_path / "logs")

    assert [(one.outcome, one.files, bool(one.label)) for one in files] == [
        (Outcome.UNREADABLE, 1, True),
        (Outcome.UNREADABLE, 1, True),
        (Outcome.NEW, 4, False),
        (Outcome.UNREADABLE, 8, False),
    ]
    assert sum(one.files for one in files) == job.files == 14
    assert sum(one.messages for one in files) == 4 * 2


def test_what_helpers_read_ahead_is_told_as_what_the_writer_reads(tmp_path: Path) -> None:
    for n in range(6):
        _log(tmp_path / "logs", n, prompts=120)
    _, alone = _run(tmp_path / "a.clew", tmp_path / "logs")
    _, helped = _run(
        tmp_path / "b.clew",
        tmp_path / "logs",
        crew=Crew(partial(ThreadPoolExecutor, 1), always=True),
    )
    assert _facts(alone) == _facts(helped)


def _facts(files: tuple[queries.JobFile, ...]) -> dict[str, tuple[str, int, int, int]]:
    return {one.label: (one.outcome, one.messages, one.bytes, one.problems) for one in files}


def test_a_cancelled_import_tells_what_it_came_to(tmp_path: Path) -> None:
    for n in range(9):
        _log(tmp_path / "logs", n)
    halted = threading.Event()

    with writing(tmp_path / "x.clew") as (db, ingest):

        def hear(event: EngineEvent) -> None:
            if isinstance(event, ImportProgressed):
                halted.set()

        monkey = pytest.MonkeyPatch()
        with monkey.context() as patch:
            patch.setattr("core.importing._OPEN", -1.0)  # a commit behind each file
            jobs.run(db, ingest, (tmp_path / "logs",), halted, hear)
        job = queries.jobs(db)[0]
        files = queries.files(db, job.id)
        (kept,) = db.execute("SELECT count(*) FROM message").fetchone()

    assert job.state is JobState.CANCELLED
    assert 0 < sum(one.files for one in files) < 9
    assert sum(one.messages for one in files) == kept


def test_a_failed_import_tells_only_what_was_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(6):
        _log(tmp_path / "logs", n, prompts=2)
    monkeypatch.setattr("core.importing._OPEN", -1.0)  # a commit behind each file
    real = Writer.commit

    def commit(self: Writer, part: object) -> object:
        found = real(self, part)  # type: ignore[arg-type]  # it is given on as it came
        if self.rows >= 8:
            raise sqlite3.OperationalError("database or disk is full")
        return found

    monkeypatch.setattr(Writer, "commit", commit)
    with writing(tmp_path / "x.clew") as (db, ingest):
        with pytest.raises(sqlite3.OperationalError):
            jobs.run(db, ingest, (tmp_path / "logs",), threading.Event(), _ignore)
        job = queries.jobs(db)[0]
        files = queries.files(db, job.id)
        (kept,) = db.execute("SELECT count(*) FROM message").fetchone()

    assert (job.state, job.reason) == (JobState.FAILED, "database or disk is full")
    assert len(files) == 3
    assert sum(one.messages for one in files) == kept == 6


def test_the_report_goes_with_its_job(tmp_path: Path) -> None:
    log = _log(tmp_path / "logs", 1)
    for _ in range(55):
        _run(tmp_path / "x.clew", log)
    with writing(tmp_path / "x.clew") as (db, _):
        assert db.execute("SELECT count(*) FROM job_file").fetchone()[0] == 50


def test_nothing_is_written_for_a_file_before_the_import_ends(tmp_path: Path) -> None:
    for n in range(20):
        _log(tmp_path / "logs", n)
    with closing(open_writer(tmp_path / "x.clew")) as db:
        migrate(db, tmp_path / "x.clew")
        said: list[str] = []
        db.set_trace_callback(said.append)
        jobs.run(db, Ingest(Writer(db)), (tmp_path / "logs",), threading.Event(), _ignore)
        db.set_trace_callback(None)
    about = [number for number, sql in enumerate(said) if "INTO job_file" in sql]
    assert len(about) == 20
    assert len(said) - about[0] < 20 + 8  # they are in the transaction that ends the job


class _Files:
    """Stands for `Ingest`: each file comes to what a test says."""

    def __init__(self) -> None:
        self.ingest = Ingest(Writer.__new__(Writer))
        self.ingest.writer.rows = 0

    def read(self, came_to: tuple[Outcome, int, int]) -> None:
        outcome, messages, size = came_to
        tally, writer = self.ingest.tally, self.ingest.writer
        if outcome is not Outcome.UNCHANGED:
            tally.written += 1
        tally.known += outcome in {Outcome.GROWN, Outcome.AGAIN}
        tally.again += outcome is Outcome.AGAIN
        tally.others += outcome is Outcome.UNKNOWN
        writer.rows += messages
        tally.added += size


_STAT = Stat(0, 0, 0, 0, 0)
_READ = [one for one in Outcome if one is not Outcome.UNREADABLE]


@given(
    st.lists(st.tuples(st.sampled_from(_READ), st.integers(0, 9), st.integers(0, 99)), max_size=30),
    st.integers(1, 9),
)
def test_rows_and_sums_are_all_files_whatever_they_hold(
    came: list[tuple[Outcome, int, int]], most: int
) -> None:
    files = _Files()

    def file(found: SourceFile, _ahead: object = None) -> Iterator[tuple[tuple[()], int]]:
        what = came[int(found.path.name)]
        files.read(what)
        if what[0] is not Outcome.UNCHANGED:
            yield (), 0

    with closing(sqlite3.connect(":memory:")) as db, pytest.MonkeyPatch.context() as patch:
        report = ByFile(db, files.ingest)
        patch.setattr(by_file, "MOST", most)
        patch.setattr(Ingest, "file", lambda _self, found, ahead=None: file(found, ahead))
        for number in range(len(came)):
            for _ in report.read(SourceFile(Path(str(number)), _STAT)):
                pass
            report.settle()
        told = report.reports()

    changed = [one for one in came if one[0] is not Outcome.UNCHANGED]
    assert sum(one.files for one in told) == len(came)
    assert len([one for one in told if one.label]) == min(most, len(changed))
    assert sum(one.messages for one in told) == sum(messages for _, messages, _ in changed)
    for outcome in _READ:
        mine = [one.files for one in told if one.outcome is outcome]
        assert sum(mine) == len([one for one in came if one[0] is outcome])


def test_the_door_tells_an_import_by_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = _log(tmp_path / "logs", 1)
    _run(tmp_path / "x.clew", log)
    given_ = ["--library", str(tmp_path / "x.clew")]
    assert doors.main(["jobs", "1", *given_, "--json"]) == 0
    job = json.loads(capsys.readouterr().out)
    (one,) = job["by_file"]
    assert (one["file"], one["files"], one["outcome"], one["messages"]) == (str(log), 1, "new", 1)
    assert job["with_problems"] is False

    assert doors.main(["jobs", "1", *given_]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "1"
    assert second.split()[:3] == ["new", "1", "messages"]
    assert second.endswith(str(log))


def test_the_door_says_so_where_there_is_no_such_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path / "x.clew", _log(tmp_path / "logs", 1))
    assert doors.main(["jobs", "7", "--library", str(tmp_path / "x.clew")]) == 1
    assert "There is no import 7" in capsys.readouterr().err


def test_unknown_files_of_before_count_as_new_when_they_can_be_read(
    tmp_path: Path, unreadable: Callable[..., None]
) -> None:
    unreadable("00000001", 1, errno.EACCES)
    log = _log(tmp_path / "logs", 1)
    _, (one,) = _run(tmp_path / "x.clew", log)
    assert one.outcome is Outcome.UNREADABLE
    _, (one,) = _run(tmp_path / "x.clew", log)
    assert one.outcome is Outcome.NEW
