"""`clew jobs`: the imports so far, how each ended, and what it found in its files."""

import argparse
import sys
from contextlib import closing
from sqlite3 import Connection

from core.doors.printing import tell
from core.queries import jobs
from core.queries.export import moment
from core.queries.jobs import JobFile, JobRow
from core.store.connection import open_reader


def add(one: argparse.ArgumentParser) -> None:
    """Let the door take an import."""
    one.add_argument(
        "id",
        nargs="?",
        type=int,
        metavar="ID",
        help="an import, by the number in front of it: what it found in each of its files",
    )


def run(options: argparse.Namespace) -> int:
    """Print the last fifty imports, the newest first, or one of them by its files."""
    with closing(open_reader(options.library)) as db:
        rows = jobs.jobs(db)
        if options.id is not None:
            return _by_file(options, db, next((row for row in rows if row.id == options.id), None))
        out = [_told(db, row) for row in rows]
    tell(options, out, [_line(row) for row in rows])
    return 0


def _by_file(options: argparse.Namespace, db: Connection, row: JobRow | None) -> int:
    if row is None:
        said = f"There is no import {options.id}; `clew jobs` lists those that are kept."
        print(f"clew: {said}", file=sys.stderr)
        return 1
    files = jobs.files(db, row.id)
    out = _told(db, row) | {"by_file": [_file(one) for one in files]}
    tell(options, out, [_line(row), *map(_file_line, files)])
    return 0


def _line(row: JobRow) -> str:
    state = f"{row.state} with problems" if row.is_flawed else str(row.state)
    return (
        f"{row.id:4}  {moment(row.began_at)}  {state:23} {row.files_done}/{row.files} files  "
        f"{', '.join(row.roots)}"
    )


def _file_line(one: JobFile) -> str:
    name = one.label or f"and {one.files} more"
    return (
        f"      {one.outcome:10} {one.messages:7} messages {one.bytes:11} bytes "
        f"{one.took_us / 1000:9.1f} ms {one.problems:5} problems  {name}  {one.reason}"
    ).rstrip()


def _told(db: Connection, row: JobRow) -> dict[str, object]:
    return {
        "id": row.id,
        "roots": list(row.roots),
        "continues": row.continues,
        "state": str(row.state),
        "with_problems": row.is_flawed,
        "began_at": moment(row.began_at),
        "ended_at": moment(row.ended_at),
        "files": row.files,
        "files_done": row.files_done,
        "files_changed": row.changed,
        "files_with_problems": row.flawed,
        "bytes": row.bytes,
        "bytes_done": row.bytes_done,
        "bytes_per_second": round(row.rate),
        "remaining_ms": row.remaining_ms,
        "reason": row.reason,
        "unreadable": [
            {"file": one.label, "reason": one.reason, "attempts": one.attempts}
            for one in jobs.errors(db, row.id)
        ],
    }


def _file(one: JobFile) -> dict[str, object]:
    return {
        "file": one.label or None,
        "files": one.files,
        "outcome": str(one.outcome),
        "messages": one.messages,
        "bytes": one.bytes,
        "milliseconds": round(one.took_us / 1000, 3),
        "problems": one.problems,
        "reason": one.reason,
    }
