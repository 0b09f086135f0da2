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
    file: int  # its row id
    path: bytes  # as the operating system has it
    format: str


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """How often one thing is wrong, and where the first one is."""

    severity: Severity
    reason: str
    count: int
    label: str
    line: int
    offset: int


PAGE = """
SELECT problem.id, label, problem.line, problem.offset, severity, reason, excerpt,
    source.id, path, format
FROM problem CROSS JOIN source ON source.id = problem.source_id
WHERE problem.id > :after ORDER BY problem.id LIMIT :limit
"""
_OF_SESSIONS = """
SELECT problem.id, label, problem.line, problem.offset, severity, reason, excerpt,
    source.id, path, format
FROM session JOIN source ON source.id = session.source_id
JOIN problem ON problem.source_id = source.id
WHERE session.conversation_id = :conversation ORDER BY problem.id
"""
# Beside one min(), SQLite takes bare columns from the row that has the smallest value.
_GROUPS = """
SELECT severity, reason, count(*), label, problem.line, problem.offset, min(problem.id)
FROM problem JOIN source ON source.id = source_id
GROUP BY severity, reason ORDER BY count(*) DESC, reason
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


def groups(db: Connection) -> list[ProblemGroup]:
    """Return everything that is wrong once for each reason, the most frequent first."""
    return [
        ProblemGroup(Severity(severity), *rest) for severity, *rest, _first in db.execute(_GROUPS)
    ]


def _row(row: tuple[int, str, int, int, str, str, str, int, bytes, str]) -> ProblemRow:
    id_, label, line, offset, severity, reason, excerpt, file, path, form = row
    found = Severity(severity)
    return ProblemRow(id_, label, line, offset, found, reason, excerpt, file, path, form)
