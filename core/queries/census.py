"""Every kind of record that was seen, understood or not, and where to find one of each."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries.formats import title, version_order


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of record in one format."""

    kind: str
    format: str
    title: str  # of the format
    known: bool  # to the format's reader
    count: int
    versions: tuple[tuple[str, int], ...]  # of the programs that wrote it, and how many each
    source: int  # file of the first one
    path: bytes
    label: str
    line: int
    offset: int


CENSUS = """
SELECT kind, format, known, sum(count), source_id, path, min(label), census.line, census.offset
FROM census JOIN source ON source.id = source_id
GROUP BY format, kind, known ORDER BY known, sum(count) DESC, kind, format
"""
_VERSIONS = """
SELECT kind, format, known, version, sum(count)
FROM census JOIN source ON source.id = source_id WHERE version <> ''
GROUP BY format, kind, known, version
"""

_KEPT = "SELECT raw FROM unread WHERE source_id = :source AND offset = :offset"


def census(db: Connection) -> list[KindRow]:
    """Return every kind of record: those that are not understood first, then the most frequent."""
    versions: dict[tuple[str, str, int], list[tuple[str, int]]] = {}
    for kind, form, known, version, count in db.execute(_VERSIONS):
        versions.setdefault((kind, form, known), []).append((version, count))
    found: list[KindRow] = []
    # Beside one min(), SQLite takes bare columns from the row that has the smallest value.
    for kind, form, known, count, *place in db.execute(CENSUS):
        seen = sorted(versions.get((kind, form, known), ()), key=lambda one: version_order(one[0]))
        found.append(KindRow(kind, form, title(form), bool(known), count, tuple(seen), *place))
    return found


def kept(db: Connection, source: int, offset: int) -> str | None:
    """Return the record of an unknown kind at *offset* of a file, as the library keeps it."""
    row = db.execute(_KEPT, {"source": source, "offset": offset}).fetchone()
    return str(row[0]) if row else None
