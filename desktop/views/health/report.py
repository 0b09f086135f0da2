"""All that the data health shows, read at once so that its parts agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from core.queries import formats, jobs
from core.queries.census import KindRow, census
from core.queries.formats import FileRow, FormatRow, Sum
from core.queries.jobs import JobError, JobRow


@dataclass(frozen=True, slots=True)
class Report:
    """What was recognised and understood."""

    total: Sum
    formats: tuple[FormatRow, ...]
    files: tuple[FileRow, ...]
    kinds: tuple[KindRow, ...]
    imports: tuple[JobRow, ...]
    unread: Mapping[int, tuple[JobError, ...]]  # by import: files it could not read


def report(db: Connection) -> Report:
    """Read everything. Costs about 30 ms for a thousand files; not for the UI's thread."""
    imports = jobs.jobs(db)
    return Report(
        formats.total(db),
        tuple(formats.formats(db)),
        tuple(formats.every_file(db)),
        tuple(census(db)),
        imports,
        {job.id: jobs.errors(db, job.id) for job in imports if job.problems},
    )
