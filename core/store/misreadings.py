"""Takes out what a short file seemed to say while it was taken for another format."""

from sqlite3 import Connection

from core.store import messages
from core.store.search_index import SearchIndex

# Content that is no longer in the file stays, whatever it was read as; so do copies' originals.
_KEPT = """
SELECT 1 FROM session WHERE source_id = :source AND (shared = 1 OR EXISTS (
    SELECT 1 FROM message WHERE message.session_id = session.id AND message.offset < 0)) LIMIT 1
"""
_MESSAGES = """
SELECT message.id FROM session JOIN message ON message.session_id = session.id
WHERE session.source_id = :source
"""
_EMPTIED = """
DELETE FROM conversation WHERE id = :id
AND NOT EXISTS (SELECT 1 FROM session WHERE conversation_id = :id)
"""


def discard(db: Connection, index: SearchIndex, source: int) -> None:
    """Remove all that was read of *source*, whose bytes are still there and are read again.

    Costs as much as was read of it: a few dozen records, by the time a format is settled.
    """
    asked = {"source": source}
    if db.execute(_KEPT, asked).fetchone() is not None:
        return
    messages.erase(db, index, [id_ for (id_,) in db.execute(_MESSAGES, asked).fetchall()])
    held = db.execute("SELECT conversation_id FROM session WHERE source_id = :source", asked)
    conversations = {id_ for (id_,) in held.fetchall()}
    db.execute("DELETE FROM session WHERE source_id = :source", asked)
    db.executemany(_EMPTIED, ({"id": id_} for id_ in conversations))
