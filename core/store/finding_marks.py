"""Keeps what people say of findings: by the finding's key, whatever is read or made anew."""

from sqlite3 import Connection

from core.store.connection import decision

_DISMISS = """
INSERT INTO finding_mark (key, dismissed_at, dismissed_of) VALUES (:key, :at, :cases)
ON CONFLICT (key) DO UPDATE
SET dismissed_at = excluded.dismissed_at, dismissed_of = excluded.dismissed_of
"""
_ACTED = """
INSERT INTO finding_mark (key, acted_at) VALUES (:key, :at)
ON CONFLICT (key) DO UPDATE SET acted_at = excluded.acted_at
"""


def dismiss(db: Connection, key: str, at: int | None, cases: int = 0) -> None:
    """Note that finding *key* is not wanted, since *at* in ms; None takes it back.

    *cases* is how often it had happened then: when it happens as often again it is shown.
    """
    with decision(db):
        db.execute(_DISMISS, {"key": key, "at": at, "cases": cases})


def acted(db: Connection, key: str, at: int | None) -> None:
    """Note that something was done about finding *key*, at *at* in ms; None takes it back."""
    with decision(db):
        db.execute(_ACTED, {"key": key, "at": at})
