"""An import into a library that another program writes to waits, and loses nothing."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core import jobs
from core.errors import StoreError
from core.events import EngineEvent, JobState
from core.queries import jobs as queries
from core.store import patiently
from core.store.connection import translated
from tests import builders as b
from tests.library import imported, listed, writing

_HOLDING = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
db.execute("ROLLBACK")
"""


def _logs(folder: Path, many: int = 3) -> Path:
    for n in range(many):
        session = f"{n:08d}-aaaa-4bbb-8ccc-000000000000"
        b.write(folder / f"{session}.jsonl", *b.of(session, b.prompt(f"p{n}", f"Task {n}")))
    return folder


def _ignore(_event: EngineEvent) -> None:
    """Take an event and do nothing."""


@contextmanager
def _held(library: Path, seconds: float) -> Iterator[None]:
    """Let another process begin a transaction of *library* and end it after *seconds*."""
    command = [sys.executable, "-c", _HOLDING, str(library), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield
        finally:
            other.kill()


def test_a_lock_of_three_seconds_only_delays_an_import(tmp_path: Path) -> None:
    library, logs = tmp_path / "x.clew", _logs(tmp_path / "logs")
    with writing(library) as (db, ingest):
        # Shorter than the lock, so that SQLite's own waiting does not do.
        db.execute("PRAGMA busy_timeout = 700")
        with _held(library, 3):
            jobs.run(db, ingest, (logs,), threading.Event(), _ignore)
        job = queries.jobs(db)[0]
    assert (job.state, job.changed, job.problems) == (JobState.COMPLETED, 3, 0)


def test_a_lock_that_comes_between_two_commits_only_delays_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, logs = tmp_path / "x.clew", _logs(tmp_path / "logs")
    monkeypatch.setattr("core.importing._OPEN", -1.0)  # a commit behind each file
    with writing(library) as (db, ingest):
        db.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(library, isolation_level=None)) as other:
            pauses: list[float] = []

            def sleep(seconds: float) -> None:
                pauses.append(seconds)
                other.execute("ROLLBACK")

            def hear(_event: EngineEvent) -> None:
                if not pauses and not other.in_transaction and ingest.tally.changed == 1:
                    other.execute("BEGIN IMMEDIATE")

            monkeypatch.setattr(patiently, "_PAUSE", 0.0)
            monkeypatch.setattr(patiently.patiently, "__kwdefaults__", {"sleep": sleep})
            jobs.run(db, ingest, (logs,), threading.Event(), hear)
        job = queries.jobs(db)[0]
    assert pauses == [0.0]
    assert (job.state, job.changed) == (JobState.COMPLETED, 3)


def test_a_lock_that_stays_fails_with_a_sentence_and_the_next_import_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, logs = tmp_path / "x.clew", _logs(tmp_path / "logs")
    monkeypatch.setattr(patiently, "_PAUSE", 0.0)
    with writing(library) as (db, ingest):
        db.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(library, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with (
                pytest.raises(StoreError, match="Another program is writing to the library"),
                translated(library),
            ):
                jobs.run(db, ingest, (logs,), threading.Event(), _ignore)
    with closing(imported(library, logs)) as read:
        assert len(listed(read)) == 3


def test_a_cancel_does_not_wait_for_the_other_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, logs = tmp_path / "x.clew", _logs(tmp_path / "logs")
    pauses: list[float] = []
    monkeypatch.setattr(patiently.patiently, "__kwdefaults__", {"sleep": pauses.append})
    halted = threading.Event()
    halted.set()
    with writing(library) as (db, ingest):
        db.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(library, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                jobs.run(db, ingest, (logs,), halted, _ignore)
    assert pauses == []
