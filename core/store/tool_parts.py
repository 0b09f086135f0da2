"""Keeps what each conversation adds to the figures about tools, and what people say of findings.

Parts are derived: triggers drop one when a row of its conversation changes. Marks are a
person's own, kept by the finding's key, and nothing that is read or made anew touches them.
"""

from collections.abc import Iterable
from sqlite3 import Connection

from core.store.connection import transaction

_KEEP = """
INSERT OR REPLACE INTO tool_part (conversation_id, revision, part)
SELECT :id, :revision, :part WHERE EXISTS (SELECT 1 FROM conversation WHERE id = :id)
"""
_TAKE = """
INSERT OR REPLACE INTO tool_part (conversation_id, revision, part)
SELECT :id, 0, '' WHERE EXISTS (SELECT 1 FROM conversation WHERE id = :id)
"""
_TAKEN = "SELECT count(*) FROM tool_part WHERE conversation_id = :id AND revision = 0"
_DISMISS = """
INSERT INTO finding_mark (key, dismissed_at, dismissed_of) VALUES (:key, :at, :cases)
ON CONFLICT (key) DO UPDATE
SET dismissed_at = excluded.dismissed_at, dismissed_of = excluded.dismissed_of
"""
_ACTED = """
INSERT INTO finding_mark (key, acted_at) VALUES (:key, :at)
ON CONFLICT (key) DO UPDATE SET acted_at = excluded.acted_at
"""


def keep(db: Connection, revision: int, parts: Iterable[tuple[int, str]]) -> None:
    """Keep *parts*, conversations' ids and texts.

    Runs in the transaction in which they were made: nobody else has changed what they are of.
    """
    db.executemany(_KEEP, ({"id": id_, "revision": revision, "part": part} for id_, part in parts))


def take(db: Connection, conversation: int) -> None:
    """Note that the part of *conversation* is being made somewhere else."""
    db.execute(_TAKE, {"id": conversation})


def is_taken(db: Connection, conversation: int) -> bool:
    """Tell whether nothing of *conversation* has changed since it was taken."""
    return bool(db.execute(_TAKEN, {"id": conversation}).fetchone()[0])


def dismiss(db: Connection, key: str, at: int | None, cases: int = 0) -> None:
    """Note that finding *key* is not wanted, since *at* in ms; None takes it back.

    *cases* is how often it had happened then: when it happens as often again it is shown.
    """
    with transaction(db):
        db.execute(_DISMISS, {"key": key, "at": at, "cases": cases})


def acted(db: Connection, key: str, at: int | None) -> None:
    """Note that something was done about finding *key*, at *at* in ms; None takes it back."""
    with transaction(db):
        db.execute(_ACTED, {"key": key, "at": at})
