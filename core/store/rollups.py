"""Keeps the sums that charts are drawn from equal to the rows that they are sums of.

Triggers note which quarters of an hour of which sessions a transaction has touched; `settle`
sums those anew from the base, in the same transaction. So a sum cannot be half a commit old,
and whatever changes a row (a copy that is found, a price, a result that comes later) changes
its sum. The sums themselves are defined by views in step 0005.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from core.store.connection import transaction

UNDATED = -1  # the slot of what has no time that a calendar has

_TABLES = ("rollup_message", "rollup_call", "rollup_reply")
_NOTED = """
INSERT OR IGNORE INTO rollup_touched SELECT DISTINCT session_id, slot FROM rollup_note
"""
# A gap ends in the slot of its later message: that may be the next one.
_NEXT = """
INSERT OR IGNORE INTO rollup_touched
SELECT session_id, slot + 1 FROM rollup_touched AS touched WHERE slot >= 0 AND EXISTS (
    SELECT 1 FROM message INDEXED BY message_by_moment
    WHERE message.session_id = touched.session_id
        AND at >= (slot + 1) * 900000 AND at < (slot + 2) * 900000)
"""
_EVERY = """
INSERT OR IGNORE INTO rollup_touched
SELECT session_id, CASE WHEN at >= 0 AND at < 253402300800000 THEN at / 900000 ELSE -1 END
FROM message WHERE session_id = :session
UNION
SELECT session_id, CASE WHEN at >= 0 AND at < 253402300800000 THEN at / 900000 ELSE -1 END
FROM reply WHERE session_id = :session
"""
_SESSIONS = """
SELECT id FROM session
UNION SELECT session_id FROM rollup_message UNION SELECT session_id FROM rollup_call
UNION SELECT session_id FROM rollup_reply
"""
_STORED = {
    name: f"SELECT * FROM {name} WHERE session_id = :session"  # noqa: S608  constants only
    for name in _TABLES
}
_DUE = {name: f"SELECT * FROM {name}_due" for name in _TABLES}  # noqa: S608  constants only
_CLEAR = tuple(
    f"DELETE FROM {name} WHERE (slot, session_id) IN (SELECT slot, session_id FROM rollup_touched)"  # noqa: S608  constants only
    for name in _TABLES
)
_SUM = tuple(f"INSERT INTO {name} SELECT * FROM {name}_due" for name in _TABLES)  # noqa: S608  constants only
_DROP = {name: f"DELETE FROM {name} WHERE session_id = :session" for name in _TABLES}  # noqa: S608  constants only
_TOOLS = """
SELECT count(DISTINCT tool) FROM (
    SELECT * FROM (SELECT * FROM rollup_tool EXCEPT SELECT * FROM rollup_tool_due)
    UNION ALL
    SELECT * FROM (SELECT * FROM rollup_tool_due EXCEPT SELECT * FROM rollup_tool))
"""
_TOOLS_ANEW = ("DELETE FROM rollup_tool", "INSERT INTO rollup_tool SELECT * FROM rollup_tool_due")
_DURATIONS = 12  # column of rollup_call whose words have no order


@dataclass(frozen=True, slots=True)
class Recount:
    """What counting the sums anew has found."""

    sessions: int  # that were looked at
    wrong: int  # of them, how many had a sum that was not its rows'
    tools: int = 0  # whose sums of all time were not those of the sessions

    @property
    def sound(self) -> bool:
        """Whether every sum was right."""
        return self.wrong == self.tools == 0


def settle(db: Connection) -> int:
    """Sum the touched slots anew; return how many there were. Runs in its caller's transaction.

    Costs as much as the touched quarters of an hour hold, whatever their sessions hold.
    """
    if db.execute("SELECT 1 FROM rollup_note LIMIT 1").fetchone() is None:
        return 0
    db.execute(_NOTED)
    db.execute("DELETE FROM rollup_note")
    db.execute(_NEXT)
    for statement in (*_CLEAR, *_SUM):
        db.execute(statement)
    return db.execute("DELETE FROM rollup_touched").rowcount


def recount(db: Connection, *, repair: bool = True) -> Recount:
    """Compare every sum with its rows, one session at a time, and *repair* what is wrong.

    *db* is the writer. Costs a pass over the library; memory for one session's sums.
    """
    with transaction(db):
        settle(db)
    looked = wrong = 0
    for session in _sessions(db):
        looked += 1
        if not _agrees(db, session):
            wrong += 1
            if repair:
                with transaction(db):
                    _anew(db, session)
    tools = int(db.execute(_TOOLS).fetchone()[0])
    if tools and repair:
        with transaction(db):
            for statement in _TOOLS_ANEW:
                db.execute(statement)
    return Recount(looked, wrong, tools)


def _agrees(db: Connection, session: int) -> bool:
    """Tell whether the sums of *session* are its rows', and leave everything as it was."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(_EVERY, {"session": session})
        return all(_stored(db, name, session) == _due(db, name) for name in _TABLES)
    finally:
        # What was noted as touched is not: what others keep by it need not be made anew.
        db.execute("ROLLBACK")


def _sessions(db: Connection) -> Iterator[int]:
    yield from [id_ for (id_,) in db.execute(_SESSIONS).fetchall()]


def _anew(db: Connection, session: int) -> None:
    for statement in _DROP.values():
        db.execute(statement, {"session": session})
    db.execute(_EVERY, {"session": session})
    for statement in _SUM:
        db.execute(statement)
    db.execute("DELETE FROM rollup_touched")


def _stored(db: Connection, name: str, session: int) -> list[tuple[object, ...]]:
    return _normal(name, db.execute(_STORED[name], {"session": session}).fetchall())


def _due(db: Connection, name: str) -> list[tuple[object, ...]]:
    return _normal(name, db.execute(_DUE[name]).fetchall())


def _normal(name: str, rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    if name == "rollup_call":
        rows = [(*row[:_DURATIONS], " ".join(sorted(str(row[_DURATIONS]).split()))) for row in rows]
    return sorted(rows, key=lambda row: str(row[:5]))
