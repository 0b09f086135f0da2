"""Kept parts of the figures about tools, and what people said of findings."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from core.queries.periods import Period

# Conversations that have something to count; those without a kept part have NULL for one.
PARTS = """
SELECT conversation.id, conversation.key, project, tool_part.part
FROM conversation LEFT JOIN tool_part
    ON tool_part.conversation_id = conversation.id AND revision = :revision
WHERE tool_calls + prompts > 0
    AND (:whole OR (started_at < :end AND ended_at >= :start))
    AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
    AND (:models IS NULL OR conversation.id IN (
        SELECT conversation_id FROM session WHERE session.id IN (
            SELECT session_id FROM rollup_reply
            WHERE model IN (SELECT value FROM json_each(:models)))))
ORDER BY conversation.id
"""
MISSING = """
SELECT conversation.id, messages FROM conversation INDEXED BY conversation_by_time
WHERE tool_calls + prompts > 0 AND NOT EXISTS (
    SELECT 1 FROM tool_part WHERE conversation_id = conversation.id AND revision = :revision)
ORDER BY sort_at DESC, conversation.id DESC LIMIT :most
"""
ENDED = """
SELECT key, coalesce(ended_at, 0) FROM conversation
WHERE tool_calls > 0 AND (:project = '' OR project = :project)
"""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A conversation and its part, if one is kept."""

    id: int
    key: str
    project: str
    part: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of a finding, in ms; None: nothing."""

    dismissed_at: int | None
    acted_at: int | None
    dismissed_of: int = 0  # cases that it rested on then; 0: not told


def parts(
    db: Connection,
    revision: int,
    within: Period | None = None,
    projects: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
) -> Iterator[StoredPart]:
    """Yield the conversations that reach into *within* and use one of *models*, one by one."""
    asked = {
        "revision": revision,
        "whole": within is None or within.whole,
        "start": 0 if within is None else within.start,
        "end": 0 if within is None else within.end,
        "projects": json.dumps(projects) if projects else None,
        "models": json.dumps(models) if models else None,
    }
    for row in db.execute(PARTS, asked):
        yield StoredPart(*row)


def missing(db: Connection, revision: int, most: int) -> list[tuple[int, int]]:
    """Return up to *most* conversations without a kept part, and how many messages they have.

    The newest come first.
    """
    return db.execute(MISSING, {"revision": revision, "most": most}).fetchall()


def key(db: Connection, conversation: int) -> str:
    """Return the key of *conversation*; "" if there is none of this id."""
    row = db.execute("SELECT key FROM conversation WHERE id = :id", {"id": conversation}).fetchone()
    return "" if row is None else str(row[0])


def marks(db: Connection) -> dict[str, Mark]:
    """Return what people said of findings, by the findings' keys."""
    sql = "SELECT key, dismissed_at, acted_at, dismissed_of FROM finding_mark"
    return {key: Mark(*said) for key, *said in db.execute(sql)}


def ended(db: Connection, project: str) -> dict[str, int]:
    """Return when each conversation with tool calls ended, of *project*, or of all for ""."""
    return dict(db.execute(ENDED, {"project": project}).fetchall())
