"""Keeps what analysers found in each conversation. All of it is derived from the messages."""

from collections.abc import Mapping
from sqlite3 import Connection

_CLEAR = "DELETE FROM context_part WHERE conversation_id = :id"
_KEEP = """
INSERT INTO context_part (conversation_id, analyser, revision, upto_id, computed_at, part)
VALUES (:id, :analyser, :revision, :upto, :at,
        CASE :analyser WHEN 'terms' THEN :part ELSE packed(:part) END)
"""
_DONE = "DELETE FROM context_due WHERE conversation_id = :id"
_TAKE = "UPDATE context_due SET taken = 1 WHERE conversation_id = :id"
_TAKEN = "SELECT count(*) FROM context_due WHERE conversation_id = :id AND taken = 1"
_INTRODUCED = """
SELECT EXISTS (SELECT 1 FROM context_part WHERE conversation_id = :id AND analyser = 'terms')
    OR NOT EXISTS (SELECT 1 FROM conversation WHERE id = :id)
"""
_OUTDATED = """
INSERT OR IGNORE INTO context_due (conversation_id)
SELECT DISTINCT conversation_id FROM context_part
WHERE analyser = :analyser AND revision <> :revision
"""


def keep(
    db: Connection, conversation: int, upto: int, at: int, found: Mapping[str, tuple[int, str]]
) -> None:
    """Keep *found*, by analyser its revision and JSON text, in place of what was kept before.

    *upto* is the last message that was analysed, *at* when that was done, ms. Runs in the
    transaction in which the messages were read: nobody else has changed them.
    """
    db.execute(_CLEAR, {"id": conversation})
    db.executemany(
        _KEEP,
        (
            {
                "id": conversation, "analyser": analyser, "revision": revision, "upto": upto,
                "at": at, "part": part,
            }
            for analyser, (revision, part) in found.items()
        ),
    )  # fmt: skip
    db.execute(_DONE, {"id": conversation})


def give_up(db: Connection, conversation: int) -> None:
    """Have *conversation*, whose analysis failed, not analysed again before it changes."""
    db.execute(_CLEAR, {"id": conversation})
    db.execute(_DONE, {"id": conversation})


def take(db: Connection, conversation: int) -> None:
    """Note that *conversation*, which is due, is being analysed somewhere else."""
    db.execute(_TAKE, {"id": conversation})


def is_taken(db: Connection, conversation: int) -> bool:
    """Tell whether nothing of *conversation* has changed since it was taken."""
    return bool(db.execute(_TAKEN, {"id": conversation}).fetchone()[0])


def introduce(db: Connection, conversation: int, revision: int, terms: str) -> None:
    """Count *terms*, a JSON list, as those of *conversation*, before it is analysed itself.

    What is counted already stays, and so does a conversation that is gone.
    """
    told = {"id": conversation, "analyser": "terms", "revision": revision, "part": terms}
    if not db.execute(_INTRODUCED, {"id": conversation}).fetchone()[0]:
        db.execute(_KEEP, told | {"upto": 0, "at": 0})


def outdated(db: Connection, revisions: Mapping[str, int]) -> None:
    """Mark conversations as due that were analysed by another revision than *revisions* say."""
    for analyser, revision in revisions.items():
        db.execute(_OUTDATED, {"analyser": analyser, "revision": revision})
