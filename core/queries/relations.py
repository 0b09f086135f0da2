"""How the messages of a conversation belong together: recorded, or guessed with threads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from core.threads import woven
from core.threads.links import Tie


@dataclass(frozen=True, slots=True)
class RelationRow:
    """How two messages belong together."""

    kind: Tie
    source: int  # row id of the later message
    target: int  # row id of the earlier one
    confidence: float  # 1.0 where it is recorded
    method: str  # "recorded", or how it was guessed

    @property
    def recorded(self) -> bool:
        """Whether the log itself says so."""
        return self.method == woven.RECORDED


RELATIONS = """
SELECT kind, source_id, target_id, confidence, method FROM relation
WHERE conversation_id = :id ORDER BY source_id, kind, target_id
"""
_GUESSED = """
SELECT kind, source_id, target_id, confidence, method FROM tie
WHERE conversation_id = :id ORDER BY source_id, kind
"""
_OUTWARD = """
SELECT kind, source_id, target_id, confidence, method FROM relation
WHERE source_id = :message ORDER BY kind, target_id
"""
_INWARD = """
SELECT kind, source_id, target_id, confidence, method FROM tie
WHERE target_id = :message ORDER BY source_id, kind
"""


def relations(db: Connection, conversation: int) -> tuple[RelationRow, ...]:
    """Return all relations of *conversation*, about two for each reply."""
    return _relations(db.execute(RELATIONS, {"id": conversation}))


def guessed(db: Connection, conversation: int) -> tuple[RelationRow, ...]:
    """Return the relations of *conversation* that the log does not say: few, and indexed."""
    return _relations(db.execute(_GUESSED, {"id": conversation}))


def relations_of(db: Connection, message: int) -> tuple[RelationRow, ...]:
    """Return what *message* goes back to, then the guessed relations that come back to it."""
    asked = {"message": message}
    return _relations(db.execute(_OUTWARD, asked)) + _relations(db.execute(_INWARD, asked))


def _relations(rows: Iterable[Sequence[object]]) -> tuple[RelationRow, ...]:
    return tuple(
        RelationRow(
            Tie(str(kind)), int(str(source)), int(str(target)), float(str(sure)), str(method)
        )
        for kind, source, target, sure, method in rows
    )
