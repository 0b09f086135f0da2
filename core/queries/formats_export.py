"""Formats, files and kinds of records as plain dictionaries, for the command line's JSON."""

from collections import Counter
from sqlite3 import Connection

from core.queries import formats, problems
from core.queries.census import census
from core.queries.export import Json
from core.queries.formats import FileRow, FormatRow, score


def by_name(db: Connection) -> Json:
    """Return the known formats of the library's files by name, with what was read in each."""
    return {row.name: _format(row) for row in formats.formats(db)}


def _format(row: FormatRow) -> Json:
    return {
        "title": row.title,
        "files": row.files,
        "records": row.understood + row.strange,
        "understood": row.understood,
        "strange": row.strange,
        "broken": row.broken,
        "score": _rounded(score(row)),
        "versions": list(row.versions),
    }


def processing(db: Connection) -> Json:
    """Return what the lines of all files came to: the parts add up to ``lines``."""
    whole = formats.total(db)
    return {
        "lines": formats.lines(whole),
        "understood": whole.understood,
        "strange": whole.strange,
        "broken": whole.broken,
        "score": _rounded(score(whole)),
    }


def health(db: Connection) -> Json:
    """Return what was recognised and understood, from formats down to kinds of records."""
    rows = formats.every_file(db)
    return {
        "processing": processing(db),
        "formats": by_name(db),
        "kinds": kinds(db),
        "census": by_kind(db),
        "files": [_file(row) for row in rows],
        "problems": [
            {
                "severity": group.severity,
                "reason": group.reason,
                "count": group.count,
                "first": {"file": group.label, "line": group.line, "offset": group.offset},
            }
            for group in problems.groups(db)
        ],
    }


def kinds(db: Connection) -> list[Json]:
    """Return every kind of record in whatever format, the most frequent first."""
    found: dict[str, Json] = {}
    counts: Counter[str] = Counter()
    for row in census(db):  # those that are not known come first
        counts[row.kind] += row.count
        first = f"{row.label}:{row.line}"
        found.setdefault(row.kind, {"kind": row.kind, "known": row.known, "first": first})
    return [found[kind] | {"count": count} for kind, count in counts.most_common()]


def by_kind(db: Connection) -> list[Json]:
    """Return every kind of record in each format, those that nobody understands first."""
    return [
        {
            "kind": row.kind,
            "format": row.format,
            "known": row.known,
            "count": row.count,
            "versions": dict(row.versions),
            "first": {"file": row.label, "line": row.line, "offset": row.offset},
        }
        for row in census(db)
    ]


def _file(row: FileRow) -> Json:
    return {
        "file": row.label,
        "format": row.format or None,
        "version": row.version or None,
        "recognised": row.recognised,
        "why": row.reason,
        "understood": row.understood,
        "strange": row.strange,
        "broken": row.broken,
        "score": _rounded(score(row)),
        "damaged": formats.looks_damaged(row),
        "problems": row.problems,
        "size": row.size,
        "read": row.read,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
