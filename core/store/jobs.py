"""Imports as jobs: begun, brought up to date while they run, ended; the last fifty are kept."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from core.events import JobState
from core.store.connection import transaction

KEPT = 50  # jobs
MOST_ERRORS = 1_000  # files of one job that are listed; the rest are counted only

_RUNNING = (
    "UPDATE job SET state = 'interrupted', ended_at = began_at + took_ms WHERE state = 'running'"
)
_LAST = """
SELECT id FROM job WHERE id = (SELECT max(id) FROM job WHERE roots = ?) AND state <> 'completed'
"""
_BEGIN = (
    "INSERT INTO job (roots, continues, state, began_at) VALUES (?, ?, 'running', ?) RETURNING id"
)
_PROGRESS = """
UPDATE job SET files = :files, files_done = :files_done, changed = :changed, bytes = :bytes,
    bytes_done = :bytes_done, took_ms = :took_ms WHERE id = :id
"""
_END = """
UPDATE job SET state = :state, ended_at = :at, reason = :reason, problems = :problems WHERE id = :id
"""
_ERROR = "INSERT OR REPLACE INTO job_error VALUES (:id, :label, :reason, :attempts, :at)"
_PRUNE = "DELETE FROM job WHERE id <= (SELECT max(id) FROM job) - ?"


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
    """Note that jobs which were running when the program ended run no more; return how many."""
    with transaction(db):
        return db.execute(_RUNNING).rowcount


def begin(db: Connection, roots: Sequence[str]) -> int:
    """Begin a job for *roots* and return its id; it continues the last one of the same roots."""
    named = json.dumps(list(roots), ensure_ascii=False)
    with transaction(db):
        last = db.execute(_LAST, (named,)).fetchone()
        row = db.execute(_BEGIN, (named, last[0] if last else None, _now())).fetchone()
        db.execute(_PRUNE, (KEPT,))
    return int(row[0])


def advance(db: Connection, job: int, progress: Progress) -> None:
    """Note how far *job* has come; inside of a transaction if one is open."""
    values = {name: getattr(progress, name) for name in Progress.__slots__}
    db.execute(_PROGRESS, {"id": job, **values})


def end(
    db: Connection, job: int, state: JobState, errors: Sequence[FileError], reason: str = ""
) -> None:
    """Note how *job* ended, and which files could not be read."""
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
        asked = {"id": job, "state": state, "at": at, "reason": reason, "problems": len(errors)}
        db.execute(_END, asked)


def _now() -> int:
    return time.time_ns() // 1_000_000
