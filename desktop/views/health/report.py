"""All that the data health shows, read at once so that its parts agree."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries import formats
from core.queries.census import KindRow, census
from core.queries.formats import FileRow, FormatRow, Sum


@dataclass(frozen=True, slots=True)
class Report:
    """What was recognised and understood."""

    total: Sum
    formats: tuple[FormatRow, ...]
    files: tuple[FileRow, ...]
    kinds: tuple[KindRow, ...]


def report(db: Connection) -> Report:
    """Read everything. Costs about 30 ms for a thousand files; not for the UI's thread."""
    return Report(
        formats.total(db),
        tuple(formats.formats(db)),
        tuple(formats.every_file(db)),
        tuple(census(db)),
    )
