"""Rows about files: how far each was read, what was wrong in it, which records it holds."""

from collections.abc import Iterable
from sqlite3 import Connection

from core.files.cursor import Cursor, Stat
from core.model import Problem
from core.store.counting import Census
from core.store.placing import EARLIER
from core.store.slices import SourceInfo, StoredSource

_STATE = (
    "id, device, inode, size, mtime_ns, ctime_ns, offset, line, head, tail, revision, path, "
    "format, recognised, memory, scope"
)
_BY_PATH = f"SELECT {_STATE} FROM source WHERE path = :path"  # noqa: S608  constants only
_BY_INODE = f"""
SELECT {_STATE} FROM source WHERE device = :device AND inode = :inode ORDER BY id DESC LIMIT 1
"""  # noqa: S608  constants only
_KEEP = """
INSERT INTO source (path, label, format, revision, recognised, device, inode, size, mtime_ns,
    ctime_ns, offset, line, head, tail, memory, scope, broken)
VALUES (:path, :label, :format, :revision, :recognised, :device, :inode, :size, :mtime, :ctime,
    :offset, :line, :head, :tail, :memory, :scope, :broken)
ON CONFLICT (path) DO UPDATE SET format = excluded.format, revision = excluded.revision,
    recognised = excluded.recognised, memory = excluded.memory, scope = excluded.scope,
    broken = broken + excluded.broken,
    device = excluded.device, inode = excluded.inode, size = excluded.size,
    mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, offset = excluded.offset,
    line = excluded.line, head = excluded.head, tail = excluded.tail
RETURNING id
"""
_READABLE = "DELETE FROM problem WHERE source_id = :source AND line = 0"
_TOUCH = """
UPDATE source SET device = :device, inode = :inode, size = :size, mtime_ns = :mtime,
    ctime_ns = :ctime WHERE id = :id
"""
_PROBLEM = """
INSERT INTO problem (source_id, line, offset, severity, reason, excerpt)
VALUES (?, ?, ?, ?, ?, ?)
"""
_IS_KNOWN = """
SELECT 1 FROM source JOIN problem ON problem.source_id = source.id
WHERE path = :path AND problem.line = 0 AND reason = :reason
"""
_CENSUS = """
INSERT INTO census (source_id, kind, version, known, count, line, offset, length)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source_id, kind, version) DO UPDATE SET count = count + excluded.count
"""
_UNDERSTOOD = """
UPDATE source SET understood = understood + :known, strange = strange + :unknown WHERE id = :id
"""
_UNREAD = """
INSERT OR IGNORE INTO unread (source_id, offset, line, length, kind, raw)
VALUES (?, ?, ?, ?, ?, ?)
"""
_FORGET = (  # what is made anew when a file is read again from its beginning
    "DELETE FROM problem WHERE source_id = :source",
    "DELETE FROM census WHERE source_id = :source",
    "DELETE FROM unread WHERE source_id = :source",
    "UPDATE source SET understood = 0, strange = 0, broken = 0 WHERE id = :source",
    """
    UPDATE message SET offset = :earlier
    WHERE session_id IN (SELECT id FROM session WHERE source_id = :source)
    """,
)


class Sources:
    """The files of one open library. Writes inside its caller's transactions."""

    def __init__(self, db: Connection) -> None:
        """Work on *db*."""
        self._db = db

    def stored(self, path: bytes) -> StoredSource | None:
        """Return how far the file at *path* was read."""
        return _stored(self._db.execute(_BY_PATH, {"path": path}).fetchone())

    def by_inode(self, stat: Stat) -> StoredSource | None:
        """Return the file that had *stat*'s device and inode when it was last read."""
        asked = {"device": stat.device, "inode": stat.inode}
        return _stored(self._db.execute(_BY_INODE, asked).fetchone())

    def move(self, source: int, info: SourceInfo) -> None:
        """Note that the file of *source* is now where *info* says."""
        row = (info.path, info.label, source)
        self._db.execute("UPDATE source SET path = ?, label = ? WHERE id = ?", row)

    def touch(self, source: int, stat: Stat) -> None:
        """Note that a file's facts changed but not its content."""
        self._db.execute(_TOUCH, _facts(stat) | {"id": source})
        self._db.execute(_READABLE, {"source": source})

    def keep(
        self, info: SourceInfo, stat: Stat, cursor: Cursor, *, memory: str = "", broken: int = 0
    ) -> int:
        """Note how far a file is read now, and what its reader remembers; return its id."""
        row = _facts(stat) | {
            "path": info.path,
            "label": info.label,
            "format": info.format,
            "revision": info.revision,
            "recognised": info.reason,
            "memory": memory,
            "scope": info.scope,
            "broken": broken,
            "offset": cursor.offset,
            "line": cursor.line,
            "head": cursor.head,
            "tail": cursor.tail,
        }
        source = int(self._db.execute(_KEEP, row).fetchone()[0])
        self._db.execute(_READABLE, {"source": source})
        return source

    def forget(self, source: int) -> None:
        """Prepare for reading a file again: what it no longer holds stays as earlier content."""
        for sql in _FORGET:
            self._db.execute(sql, {"source": source, "earlier": EARLIER})

    def is_known(self, info: SourceInfo, problem: Problem) -> bool:
        """Tell whether *problem*, of a whole file, is listed already."""
        asked = {"path": info.path, "reason": problem.reason}
        return self._db.execute(_IS_KNOWN, asked).fetchone() is not None

    def problems(self, source: int, problems: Iterable[Problem]) -> None:
        """List *problems* of *source*."""
        rows = ((source, p.line, p.offset, p.severity, p.reason, p.excerpt) for p in problems)
        self._db.executemany(_PROBLEM, rows)

    def count(self, source: int, census: Census) -> None:
        """Add *census* to what is counted; keep its records of unknown kinds as they are."""
        self._db.executemany(_CENSUS, ((source, *row) for row in census.kinds))
        row = {"known": census.known, "unknown": census.unknown, "id": source}
        self._db.execute(_UNDERSTOOD, row)
        self._db.executemany(_UNREAD, ((source, *row) for row in census.unread))


def _stored(
    row: tuple[int, int, int, int, int, int, int, int, bytes, bytes, int, bytes, str, str, str, str]
    | None,
) -> StoredSource | None:
    if row is None:
        return None
    return StoredSource(row[0], Stat(*row[1:6]), Cursor(*row[6:10]), *row[10:])


def _facts(stat: Stat) -> dict[str, object]:
    return {
        "device": stat.device,
        "inode": stat.inode,
        "size": stat.size,
        "mtime": stat.mtime_ns,
        "ctime": stat.ctime_ns,
    }
