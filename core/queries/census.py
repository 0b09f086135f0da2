"""Every kind of record that was seen, understood or not, and where to find one of each."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TypeAlias

from core.queries.formats import title, version_order

_Kind: TypeAlias = tuple[str, str, bool]  # kind of record, format, whether the reader knows it


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


# In the order of an index, so that nothing is sorted; a kind is nearly always of one format.
CENSUS = """
SELECT kind, known, version, min(format), max(format), sum(count), min(label)
FROM census INDEXED BY census_by_kind CROSS JOIN source ON source.id = source_id
GROUP BY kind, known, version
"""
_BY_FORMAT = """
SELECT format, sum(count), min(label)
FROM census INDEXED BY census_by_kind CROSS JOIN source ON source.id = source_id
WHERE kind = :kind AND known = :known AND version = :version GROUP BY format
"""
# The files with these names, each of which a kind is shown of.
_PLACES = """
SELECT label, format, kind, known, source_id, path, census.line, census.offset
FROM source CROSS JOIN census ON source_id = source.id
WHERE label IN (SELECT value FROM json_each(:labels))
ORDER BY source.id, kind, version
"""

_KEPT = "SELECT raw FROM unread WHERE source_id = :source AND offset = :offset"


def census(db: Connection) -> list[KindRow]:
    """Return every kind of record: those that are not understood first, then the most frequent."""
    counts: defaultdict[_Kind, Counter[str]] = defaultdict(Counter)
    labels: dict[_Kind, str] = {}
    for kind, known, version, form, last, *sums in db.execute(CENSUS).fetchall():
        given = {"kind": kind, "known": known, "version": version}
        for one, count, label in [(form, *sums)] if form == last else db.execute(_BY_FORMAT, given):
            key = (kind, one, bool(known))
            counts[key][version] += count
            labels[key] = min(labels.get(key, label), label)
    places: dict[tuple[str, _Kind], tuple[int, bytes, int, int]] = {}
    for label, form, kind, known, *where in db.execute(
        _PLACES, {"labels": json.dumps(sorted(set(labels.values())))}
    ):
        here = (label, (kind, form, bool(known)))
        places.setdefault(here, (where[0], where[1], where[2], where[3]))
    found: list[KindRow] = []
    for key, by_version in counts.items():
        kind, form, known = key
        place = places.get((labels[key], key))
        if place is None:
            continue  # its file has gone from the library meanwhile
        source, path, line, offset = place
        versions = ((one, count) for one, count in by_version.items() if one)
        seen = tuple(sorted(versions, key=lambda one: version_order(one[0])))
        total = by_version.total()
        found.append(
            KindRow(
                kind, form, title(form), known, total, seen, source, path, labels[key], line, offset
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.known, -row.count, row.kind, row.format))


def kept(db: Connection, source: int, offset: int) -> str | None:
    """Return the record of an unknown kind at *offset* of a file, as the library keeps it."""
    row = db.execute(_KEPT, {"source": source, "offset": offset}).fetchone()
    return str(row[0]) if row else None
