"""Finds out with whom sessions compete for counting what several files hold.

Whoever counts something now is the first among all that were compared before, so a newcomer has
to be compared with that one only, however many others hold it too. Who it is stands with each
message; to look for it among all holders of every message would cost as much as there are
copies, so one look at a message tells of a session, and that tells what else it counts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from core.store.keys import listed


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is asked for rows that are not among those :looked at."""

    counting: str  # each of :keys, and a session that counts it, or NULL
    counted: str  # key and row id of all that :session counts
    holders: str  # key, row id and session of all rows of :keys


@dataclass(frozen=True, slots=True)
class Rival:
    """A row that is not looked at itself."""

    key: int
    id: int
    session: int
    counted: bool


MESSAGES = Table(  # :looked are sessions: all that they hold is looked at
    """
SELECT asked.value, (SELECT session_id FROM message
    WHERE uid = asked.value AND counted = 1
        AND session_id NOT IN (SELECT value FROM json_each(:looked)) LIMIT 1)
FROM json_each(:keys) AS asked
""",
    "SELECT uid, id FROM message WHERE session_id = :session AND counted = 1",
    """
SELECT uid, id, session_id FROM message
WHERE uid IN (SELECT value FROM json_each(:keys))
    AND session_id NOT IN (SELECT value FROM json_each(:looked))
""",
)
REPLIES = Table(  # :looked are rows
    """
SELECT asked.value, (SELECT session_id FROM reply
    WHERE key = asked.value AND counted = 1
        AND id NOT IN (SELECT value FROM json_each(:looked)) LIMIT 1)
FROM json_each(:keys) AS asked
""",
    """
SELECT key, id FROM reply WHERE session_id = :session AND counted = 1
    AND id NOT IN (SELECT value FROM json_each(:looked))
""",
    """
SELECT key, id, session_id FROM reply
WHERE key IN (SELECT value FROM json_each(:keys))
    AND id NOT IN (SELECT value FROM json_each(:looked))
""",
)


def rivals(
    db: Connection, table: Table, keys: Collection[int], looked: Collection[int]
) -> Iterator[Rival]:
    """Yield what those *looked* at, which have *keys*, are to be compared with.

    That is the row that counts now; of a key that no other row counts it is all others, because
    the one that did may have fallen back behind any of them. Costs a look at the
    holders of a few keys, and all that the sessions found count.
    """
    excluded = listed(looked)
    left = list(keys)
    most = 1
    while left:
        asked = {"keys": listed(left[:most]), "looked": excluded}
        found = db.execute(table.counting, asked).fetchall()
        done = {key for key, session in found if session is None}
        if done:
            asked["keys"] = listed(done)
            for key, id_, session in db.execute(table.holders, asked).fetchall():
                yield Rival(key, id_, session, counted=False)
        for session in {session for _, session in found if session is not None}:
            asked = {"session": session, "looked": excluded}
            counts = dict(db.execute(table.counted, asked).fetchall())
            for key in left:
                if key in counts and key not in done:
                    done.add(key)
                    yield Rival(key, counts[key], session, counted=True)
        left = [key for key in left if key not in done]
        most *= 2
