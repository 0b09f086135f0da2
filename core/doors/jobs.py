"""`clew jobs`: the imports so far, how each ended, and what could not be read."""

import argparse
from contextlib import closing
from sqlite3 import Connection

from core.doors.printing import tell
from core.queries import jobs
from core.queries.export import moment
from core.queries.jobs import JobRow
from core.store.connection import open_reader


def run(options: argparse.Namespace) -> int:
    """Print the last fifty imports, the newest first."""
    with closing(open_reader(options.library)) as db:
        rows = jobs.jobs(db)
        out = [_told(db, row) for row in rows]
    lines = [
        f"{moment(row.began_at)}  {row.state:11} {row.files_done}/{row.files} files  "
        f"{', '.join(row.roots)}"
        for row in rows
    ]
    tell(options, out, lines)
    return 0


def _told(db: Connection, row: JobRow) -> dict[str, object]:
    return {
        "id": row.id,
        "roots": list(row.roots),
        "continues": row.continues,
        "state": str(row.state),
        "began_at": moment(row.began_at),
        "ended_at": moment(row.ended_at),
        "files": row.files,
        "files_done": row.files_done,
        "files_changed": row.changed,
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
