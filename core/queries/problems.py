"""What could not be read as it stands, file by file."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.model import Severity


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem, with the file it is in."""

    id: int
    source: str  # path for display
    line: int  # physical; 0: the whole file
    offset: int
    severity: Severity
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class CensusRow:
    """How many records of one kind there are, and where the first one is."""

    kind: str
    known: bool
    count: int
    source: str
    line: int


PAGE = """
SELECT problem.id, label, problem.line, problem.offset, severity, reason, excerpt
FROM problem JOIN source ON source.id = problem.source_id
WHERE problem.id > :after ORDER BY problem.id LIMIT :limit
"""
_OF_SESSIONS = """
SELECT problem.id, label, problem.line, problem.offset, severity, reason, excerpt
FROM session JOIN source ON source.id = session.source_id
JOIN problem ON problem.source_id = source.id
WHERE session.conversation_id = :conversation ORDER BY problem.id
"""
_CENSUS = """
SELECT kind, min(known), sum(count), label, census.line
FROM census JOIN source ON source.id = source_id GROUP BY kind ORDER BY sum(count) DESC, kind
"""


def page(db: Connection, after_id: int = 0, limit: int = 200) -> list[ProblemRow]:
    """Return up to *limit* problems after the one with id *after_id*."""
    return [_row(row) for row in db.execute(PAGE, {"after": after_id, "limit": limit})]


def of_conversation(db: Connection, conversation: int) -> list[ProblemRow]:
    """Return the problems in the files of *conversation*."""
    return [_row(row) for row in db.execute(_OF_SESSIONS, {"conversation": conversation})]


def count(db: Connection) -> int:
    """Return how many problems there are."""
    return int(db.execute("SELECT count(*) FROM problem").fetchone()[0])


def census(db: Connection) -> list[CensusRow]:
    """Return every kind of record that was seen, the most frequent first."""
    return [
        CensusRow(kind, bool(known), total, label, line)
        for kind, known, total, label, line in db.execute(_CENSUS)
    ]


def _row(row: tuple[int, str, int, int, str, str, str]) -> ProblemRow:
    id_, label, line, offset, severity, reason, excerpt = row
    return ProblemRow(id_, label, line, offset, Severity(severity), reason, excerpt)
