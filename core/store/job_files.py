"""What an import found in each of its files; kept with its job, and gone with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from core.events import Outcome

_KEEP = """
INSERT INTO job_file (job_id, place, label, outcome, files, messages, bytes, took_us, problems)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What an import made of a file, or of several of one outcome that have no row each."""

    label: str  # "": several files
    outcome: Outcome
    files: int = 1
    messages: int = 0  # that were written
    bytes: int = 0  # that were new
    took_us: int = 0  # of the writer, in microseconds; see core.by_file
    problems: int = 0  # lines that were not understood


def keep(db: Connection, job: int, reports: Iterable[FileReport]) -> None:
    """Keep *reports* of *job* in their order. Inside of its caller's transaction."""
    rows = (
        (
            job, place, one.label, one.outcome, one.files, one.messages, one.bytes, one.took_us,
            one.problems,
        )
        for place, one in enumerate(reports, 1)
    )  # fmt: skip
    db.executemany(_KEEP, rows)
