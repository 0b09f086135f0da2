"""Imports as jobs: queued, begun, brought up to date, ended; the last fifty that began are kept."""

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from core.events import JobState
from core.store import job_files
from core.store.connection import transaction
from core.store.job_files import FileReport

KEPT = 50  # jobs
MOST_ERRORS = 1_000  # files of one job that are listed; the rest are counted only

_RUNNING = """
UPDATE job SET state = 'interrupted', ended_at = began_at + took_ms
WHERE state IN ('running', 'queued')
"""
_LAST = """
SELECT id FROM job
WHERE id = (SELECT max(id) FROM job WHERE roots = ? AND state <> 'queued') AND state <> 'completed'
"""
_QUEUE = "INSERT INTO job (roots, state, began_at) VALUES (?, 'queued', ?) RETURNING id"
_BEGIN = "UPDATE job SET state = 'running', continues = ?, began_at = ? WHERE id = ?"
_PROGRESS = """
UPDATE job SET files = :files, files_done = :files_done, changed = :changed, bytes = :bytes,
    bytes_done = :bytes_done, took_ms = :took_ms WHERE id = :id
"""
_END = """
UPDATE job SET state = :state, ended_at = :at, reason = :reason, problems = :problems,
    flawed = :flawed WHERE id = :id
"""
_ERROR = "INSERT OR REPLACE INTO job_error VALUES (:id, :label, :reason, :attempts, :at)"
_PRUNE = "DELETE FROM job WHERE id <= ? - ? AND state NOT IN ('running', 'queued')"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come."""

    files: int = 0
    files_done: int = 0
    changed: int = 0
    bytes: int = 0
    bytes_done: int = 0
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class FileError:
    """A file that could not be read, and how often that was tried."""

    label: str
    reason: str
    attempts: int


def interrupt(db: Connection) -> int:
    """Note that jobs which ran or waited when the program ended do no more; return how many."""
    with transaction(db):
        return db.execute(_RUNNING).rowcount


def queue(db: Connection, roots: Sequence[str]) -> int:
    """Note a job for *roots* that waits for its turn; return its id. `begin` lets it run.

    Inside of a transaction if one is open.
    """
    return int(db.execute(_QUEUE, (_named(roots), _now())).fetchone()[0])


def begin(db: Connection, roots: Sequence[str], queued: int | None = None) -> int:
    """Begin a job for *roots* and return its id; it continues the last one of the same roots.

    *queued* is its id if it waited.
    """
    with transaction(db):
        last = db.execute(_LAST, (_named(roots),)).fetchone()
        job = queue(db, roots) if queued is None else queued
        db.execute(_BEGIN, (last[0] if last else None, _now(), job))
        db.execute(_PRUNE, (job, KEPT))
    return job


def advance(db: Connection, job: int, progress: Progress) -> None:
    """Note how far *job* has come; inside of a transaction if one is open."""
    values = {name: getattr(progress, name) for name in Progress.__slots__}
    db.execute(_PROGRESS, {"id": job, **values})


def end(  # noqa: PLR0913, PLR0917  all that is known of a job at its end
    db: Connection,
    job: int,
    state: JobState,
    errors: Sequence[FileError],
    reason: str = "",
    files: Sequence[FileReport] = (),
    flawed: int = 0,
) -> None:
    """Note how *job* ended, which files could not be read, and what it found in its *files*.

    *flawed* of these were read with problems.
    """
    at = _now()
    with transaction(db):
        db.executemany(
            _ERROR,
            (
                {
                    "id": job,
                    "label": one.label,
                    "reason": one.reason,
                    "attempts": one.attempts,
                    "at": at,
                }
                for one in errors[:MOST_ERRORS]
            ),
        )
        job_files.keep(db, job, files)
        asked = {
            "id": job,
            "state": state,
            "at": at,
            "reason": reason,
            "problems": len(errors),
            "flawed": flawed,
        }
        db.execute(_END, asked)


def label(path: Path) -> str:
    """Return *path* for people."""
    return os.fsencode(path).decode("utf-8", "replace")


def _named(roots: Sequence[str]) -> str:
    return json.dumps(list(roots), ensure_ascii=False)


def _now() -> int:
    return time.time_ns() // 1_000_000
