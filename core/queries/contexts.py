"""Kept context analyses, and what they need to know of the library."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from core.analysis.prose import LONGEST
from core.analysis.terms import Frequencies

DUE = """
SELECT conversation_id FROM context_due
CROSS JOIN conversation ON conversation.id = conversation_id
ORDER BY sort_at DESC, conversation_id DESC LIMIT :most
"""
SIZE = "SELECT messages FROM conversation WHERE id = :id"
PARTS = """
SELECT analyser, revision, upto_id, computed_at,
       CASE typeof(part) WHEN 'blob' THEN unpacked(part) ELSE part END
FROM context_part
WHERE conversation_id = :id ORDER BY analyser
"""
UPTO = """
SELECT coalesce(max(last), 0) FROM (
    SELECT (SELECT max(id) FROM message WHERE session_id = session.id) AS last
    FROM session WHERE conversation_id = :id)
"""
IS_DUE = "SELECT count(*) FROM context_due WHERE conversation_id = :id"
TERMS = """
SELECT term, conversations FROM term WHERE term IN (SELECT value FROM json_each(:terms))
"""
ANALYSED = "SELECT count(*) FROM context_part WHERE analyser = 'terms'"


KEPT = """
SELECT unpacked(part) FROM conversation CROSS JOIN context_part
    ON conversation_id = conversation.id AND analyser = :analyser
WHERE typeof(part) = 'blob'
    AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
"""
UNKNOWN = """
SELECT conversation_id FROM context_due AS due WHERE NOT EXISTS (
    SELECT 1 FROM context_part
    WHERE conversation_id = due.conversation_id AND analyser = 'terms')
ORDER BY conversation_id LIMIT :most
"""
SAID = f"""
SELECT substr(body.text, 1, {LONGEST})
FROM session CROSS JOIN message INDEXED BY message_by_session ON message.session_id = session.id
CROSS JOIN block INDEXED BY block_by_message ON block.message_id = message.id
CROSS JOIN body ON body.id = block.id
WHERE session.conversation_id = :id AND session.agent = '' AND message.agent = ''
    AND message.counted = 1 AND message.kind IN ('prompt', 'queued', 'reply')
    AND block.kind IN ('prompt', 'reply')
"""  # noqa: S608  a constant


@dataclass(frozen=True, slots=True)
class ContextPart:
    """What one analyser found in a conversation, as it is kept."""

    analyser: str
    revision: int
    upto: int  # row id of the last message that was analysed
    computed_at: int  # ms
    part: str  # JSON


def kept(db: Connection, analyser: str, projects: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what *analyser* found in each conversation of *projects*, all without any: JSON."""
    asked = {"analyser": analyser, "projects": json.dumps(projects) if projects else None}
    for (part,) in db.execute(KEPT, asked):
        yield part


def due(db: Connection, most: int) -> list[int]:
    """Return up to *most* conversations that are to be analysed, the newest first."""
    return [row[0] for row in db.execute(DUE, {"most": most})]


def unknown(db: Connection, most: int) -> list[int]:
    """Return up to *most* due conversations whose terms are not counted in the library yet."""
    return [row[0] for row in db.execute(UNKNOWN, {"most": most})]


def said(db: Connection, conversation: int) -> Iterator[str]:
    """Yield what was said in *conversation*, by people and the model."""
    for (text,) in db.execute(SAID, {"id": conversation}):
        yield text


def size(db: Connection, conversation: int) -> int:
    """Return how many messages *conversation* has; 0 if there is none of this id."""
    found = db.execute(SIZE, {"id": conversation}).fetchone()
    return 0 if found is None else int(found[0])


def is_due(db: Connection, conversation: int) -> bool:
    """Tell whether *conversation* has changed since it was analysed."""
    return bool(db.execute(IS_DUE, {"id": conversation}).fetchone()[0])


def parts(db: Connection, conversation: int) -> list[ContextPart]:
    """Return what is kept of *conversation*; nothing if it was never analysed."""
    return [ContextPart(*row) for row in db.execute(PARTS, {"id": conversation})]


def upto(db: Connection, conversation: int) -> int:
    """Return the row id of the last message of *conversation*; 0 if it has none."""
    found: int = db.execute(UPTO, {"id": conversation}).fetchone()[0]
    return found


def frequencies(db: Connection, terms: str) -> Frequencies:
    """Return how common *terms*, a JSON list, are among the conversations analysed so far."""
    documents = db.execute(ANALYSED).fetchone()[0]
    return Frequencies(documents, dict(db.execute(TERMS, {"terms": terms}).fetchall()))
