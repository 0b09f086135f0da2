"""Keeps which analyses failed, so that one bad conversation is told of and stops no other."""

import time
from sqlite3 import Connection

_NOTE = """
INSERT OR REPLACE INTO analysis_problem (conversation_id, analysis, at, said)
SELECT :id, :analysis, :at, :said WHERE EXISTS (SELECT 1 FROM conversation WHERE id = :id)
"""
_FORGET = "DELETE FROM analysis_problem WHERE conversation_id = :id AND analysis = :analysis"
_OF = "SELECT analysis, at, said FROM analysis_problem WHERE conversation_id = :id"
_COUNT = "SELECT count(*) FROM analysis_problem WHERE analysis = :analysis"


def note(db: Connection, conversation: int, analysis: str, error: BaseException) -> None:
    """Note that *analysis* of *conversation* ended in *error*. Runs in a transaction."""
    said = f"{type(error).__name__}: {error}"[:500]
    told = {"id": conversation, "analysis": analysis, "at": int(time.time() * 1000), "said": said}
    db.execute(_NOTE, told)


def forget(db: Connection, conversation: int, analysis: str) -> None:
    """Note that *analysis* of *conversation* went well. Runs in a transaction."""
    db.execute(_FORGET, {"id": conversation, "analysis": analysis})


def of(db: Connection, conversation: int) -> list[tuple[str, int, str]]:
    """Return what failed of *conversation*: the analysis, when in ms, and the error."""
    return db.execute(_OF, {"id": conversation}).fetchall()


def count(db: Connection, analysis: str) -> int:
    """Return of how many conversations *analysis* failed."""
    found: int = db.execute(_COUNT, {"analysis": analysis}).fetchone()[0]
    return found
