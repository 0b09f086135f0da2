"""An import is a job with a state, a history, and the files that could not be read."""

import errno
import json
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core import doors, jobs, opening
from core.events import EngineEvent, ImportProgressed, JobState
from core.importing import import_files
from core.ingest import Ingest
from core.queries import jobs as queries
from core.store import jobs as store
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.store.writer import Writer
from tests import builders as b


def _logs(folder: Path, many: int = 3) -> Path:
    for n in range(many):
        session = f"{n:08d}-aaaa-4bbb-8ccc-000000000000"
        b.write(folder / f"{session}.jsonl", *b.of(session, b.prompt(f"p{n}", f"Task {n}")))
    return folder


def _run(
    library: Path,
    *roots: Path,
    halted: threading.Event | None = None,
    hear: Callable[[EngineEvent], None] | None = None,
) -> queries.JobRow:
    with closing(open_writer(library)) as db:
        migrate(db, library)
        given = hear or (lambda _event: None)
        jobs.run(db, Ingest(Writer(db)), roots, halted or threading.Event(), given)
        return queries.jobs(db)[0]


def test_an_import_is_kept_with_what_it_came_to(tmp_path: Path) -> None:
    job = _run(tmp_path / "x.clew", _logs(tmp_path / "logs"))
    assert job.state is JobState.COMPLETED
    assert (job.files, job.files_done, job.changed, job.problems) == (3, 3, 3, 0)
    assert job.bytes == job.bytes_done > 0
    assert job.roots == (str(tmp_path / "logs"),)
    assert job.ended_at is not None
    assert job.ended_at >= job.began_at


def test_a_second_import_finds_nothing_changed(tmp_path: Path) -> None:
    logs = _logs(tmp_path / "logs")
    _run(tmp_path / "x.clew", logs)
    job = _run(tmp_path / "x.clew", logs)
    assert (job.id, job.changed, job.continues) == (2, 0, None)


def test_a_cancelled_import_says_so_and_the_next_one_continues_it(tmp_path: Path) -> None:
    logs = _logs(tmp_path / "logs")
    halted = threading.Event()
    halted.set()
    job = _run(tmp_path / "x.clew", logs, halted=halted)
    assert job.state is JobState.CANCELLED
    after = _run(tmp_path / "x.clew", logs)
    assert (after.continues, after.state) == (job.id, JobState.COMPLETED)


def test_a_job_that_ran_when_the_program_ended_is_interrupted(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "x.clew")) as db:
        migrate(db, tmp_path / "x.clew")
        store.begin(db, ["/logs"])
        assert store.interrupt(db) == 1
        assert queries.jobs(db)[0].state is JobState.INTERRUPTED
        assert store.interrupt(db) == 0
        store.begin(db, ["/logs"])
        assert queries.jobs(db)[0].continues == 1


def test_only_the_last_fifty_jobs_are_kept(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "x.clew")) as db:
        migrate(db, tmp_path / "x.clew")
        for _ in range(store.KEPT + 5):
            job = store.begin(db, ["/logs"])
            store.end(db, job, JobState.COMPLETED, [store.FileError("/a", "no", 1)])
        found = queries.jobs(db)
        assert [row.id for row in found] == list(range(store.KEPT + 5, 5, -1))
        assert db.execute("SELECT count(*) FROM job_error").fetchone()[0] == store.KEPT


def test_of_very_many_unreadable_files_a_thousand_are_listed_and_all_counted(
    tmp_path: Path,
) -> None:
    many = [store.FileError(f"/logs/{n:05}", "no", 1) for n in range(store.MOST_ERRORS + 5)]
    with closing(open_writer(tmp_path / "x.clew")) as db:
        migrate(db, tmp_path / "x.clew")
        job = store.begin(db, ["/logs"])
        store.end(db, job, JobState.COMPLETED, many)

        listed = queries.errors(db, job)
        assert [one.label for one in listed] == [one.label for one in many[: store.MOST_ERRORS]]
        assert queries.jobs(db)[0].problems == len(many)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Path]]:
    """Return what lets opening files fail: so often, with that error; and lists the tries."""

    def fail(times: int, number: int) -> list[Path]:
        tries: list[Path] = []

        def open_(path: Path, _patience: object = None) -> object:
            tries.append(path)
            if len(tries) <= times:
                raise OSError(number, "made up")
            return opening.opened(path)

        monkeypatch.setattr("core.ingest.opened", open_)
        monkeypatch.setattr(jobs, "_PAUSE", 0.0)
        return tries

    return fail


def test_a_file_whose_trouble_passes_is_read_after_all(
    tmp_path: Path, failing: Callable[..., list[Path]]
) -> None:
    tries = failing(2, errno.EIO)
    job = _run(tmp_path / "x.clew", _logs(tmp_path / "logs", many=1))
    assert len(tries) == 3
    assert (job.state, job.problems) == (JobState.COMPLETED, 0)


def test_what_cannot_wait_is_read_between_two_tries(
    tmp_path: Path, failing: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Meanwhile:
        near = False
        served = 0

        @property
        def waits(self) -> bool:
            return bool(tries)  # from the first failure on

        def serve(self, busy: Path | None = None) -> None:
            self.served += 1

    tries = failing(1, errno.EIO)
    monkeypatch.setattr(jobs, "_PAUSE", 0.05)
    meanwhile, library = Meanwhile(), tmp_path / "x.clew"
    with closing(open_writer(library)) as db:
        migrate(db, library)
        writer = Writer(db)
        roots = (_logs(tmp_path / "logs", many=1),)
        monkeypatch.setattr(jobs, "import_files", partial(_without_meanwhile, import_files))
        jobs.run(db, Ingest(writer), roots, threading.Event(), lambda _event: None, meanwhile)
    assert meanwhile.served >= 1
    assert len(tries) == 2


def _without_meanwhile(run: Callable[..., Any], *given: Any) -> Any:
    """Run an import during which nothing else is served."""
    ingest, roots, halted, job, _meanwhile, *rest = given
    return run(ingest, roots, halted, job, None, *rest)


def test_a_file_that_stays_unreadable_is_listed_with_its_tries(
    tmp_path: Path, failing: Callable[..., list[Path]]
) -> None:
    tries = failing(99, errno.EIO)
    job = _run(tmp_path / "x.clew", _logs(tmp_path / "logs", many=1))
    assert len(tries) == jobs.TRIES
    with closing(open_writer(tmp_path / "x.clew")) as db:
        (error,) = queries.errors(db, job.id)
    assert error.attempts == jobs.TRIES
    assert "made up" in error.reason


def test_what_may_not_be_read_is_not_tried_again(
    tmp_path: Path, failing: Callable[..., list[Path]]
) -> None:
    tries = failing(99, errno.EACCES)
    job = _run(tmp_path / "x.clew", _logs(tmp_path / "logs", many=1))
    assert (len(tries), job.problems) == (1, 1)


def test_progress_is_noted_while_a_job_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_EVERY", -1.0)
    seen: list[int] = []
    logs = _logs(tmp_path / "logs")
    with closing(open_writer(tmp_path / "x.clew")) as db:
        migrate(db, tmp_path / "x.clew")

        def hear(event: EngineEvent) -> None:
            if isinstance(event, ImportProgressed):
                seen.append(queries.jobs(db)[0].bytes_done)

        jobs.run(db, Ingest(Writer(db)), (logs,), threading.Event(), hear)
    assert seen == sorted(seen)


def test_the_rest_of_a_job_is_reckoned_from_its_rate() -> None:
    row = queries.JobRow(
        1, (), None, JobState.RUNNING, 0, None, 2, 1, 0, 4_000, 1_000, 500, 0, "", 0
    )  # fmt: skip
    assert row.rate == 2_000
    assert row.remaining_ms == 1_500


def test_the_door_lists_imports_with_what_they_could_not_read(
    tmp_path: Path, failing: Callable[..., list[Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(99, errno.EACCES)
    _run(tmp_path / "x.clew", _logs(tmp_path / "logs", many=1))
    assert doors.main(["jobs", "--library", str(tmp_path / "x.clew"), "--json"]) == 0
    (job,) = json.loads(capsys.readouterr().out)
    assert (job["state"], job["files"], job["files_changed"]) == ("completed", 1, 0)
    assert [one["attempts"] for one in job["unreadable"]] == [1]
    assert doors.main(["jobs", "--library", str(tmp_path / "x.clew")]) == 0
    assert "completed" in capsys.readouterr().out
