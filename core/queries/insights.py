"""What people said of findings, and what they are compared with."""

from dataclasses import dataclass
from sqlite3 import Connection

ENDED = """
SELECT key, coalesce(ended_at, 0) FROM conversation
WHERE tool_calls > 0 AND (:project = '' OR project = :project)
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of a finding, in ms; None: nothing."""

    dismissed_at: int | None
    acted_at: int | None
    dismissed_of: int = 0  # cases that it rested on then; 0: not told


def owner(db: Connection, conversation: int) -> tuple[str, str]:
    """Return the key and the project of *conversation*; "" twice if there is none of this id."""
    sql = "SELECT key, project FROM conversation WHERE id = :id"
    found: tuple[str, str] | None = db.execute(sql, {"id": conversation}).fetchone()
    return found or ("", "")


def marks(db: Connection) -> dict[str, Mark]:
    """Return what people said of findings, by the findings' keys."""
    sql = "SELECT key, dismissed_at, acted_at, dismissed_of FROM finding_mark"
    return {key: Mark(*said) for key, *said in db.execute(sql)}


def ended(db: Connection, project: str) -> dict[str, int]:
    """Return when each conversation with tool calls ended, of *project*, or of all for ""."""
    return dict(db.execute(ENDED, {"project": project}).fetchall())
