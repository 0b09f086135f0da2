"""Which messages each of the last commits brought: from where a follower goes on.

A row for each event, written in the commit itself, so that whoever was away can be told what he
missed. Ids of messages grow, but those at the very end may be used again after they were
erased; rows that name such ids are cut short.
"""

from sqlite3 import Connection

KEPT = 10_000  # events

_LAST = "SELECT last_message FROM journal WHERE last_message > 0 ORDER BY event_id DESC LIMIT 1"
_CUT = "UPDATE journal SET last_message = :first - 1 WHERE last_message >= :first"
_NOTE = """
INSERT INTO journal (event_id, session_id, first_message, last_message) VALUES (?, ?, ?, ?)
"""
_PRUNE = "DELETE FROM journal WHERE event_id <= ?"


def note(db: Connection, event: int, session: int, first: int, last: int) -> None:
    """Note that *event* brought the messages *first* to *last* of *session*; 0 and 0 for none.

    To be called inside the commit's transaction. Writes one row and forgets one: its cost does
    not depend on what the library holds.
    """
    if first:
        newest = db.execute(_LAST).fetchone()
        if newest is not None and newest[0] >= first:
            db.execute(_CUT, {"first": first})
    db.execute(_NOTE, (event, session, first, last))
    db.execute(_PRUNE, (event - KEPT,))
