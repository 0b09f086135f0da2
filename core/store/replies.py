"""Keeps each API reply once per session, and counts it once in the whole library."""

from collections.abc import Iterable
from sqlite3 import Connection

from core.measures.usage import better, fullness
from core.model import Message, Reply, Usage
from core.store.keys import key64, listed

_COLUMNS = (
    "id, session_id, key, api_id, model, at, input, output, cache_read, cache_creation, "
    "cache_5m, cache_1h, final"
)
_BY_KEY = f"""
SELECT {_COLUMNS} FROM reply WHERE key IN (SELECT value FROM json_each(:keys))
"""  # noqa: S608  constants only
_SAVE = f"""
INSERT INTO reply ({_COLUMNS}, counted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (id) DO UPDATE SET model = excluded.model, at = excluded.at,
    input = excluded.input, output = excluded.output, cache_read = excluded.cache_read,
    cache_creation = excluded.cache_creation, cache_5m = excluded.cache_5m,
    cache_1h = excluded.cache_1h, final = excluded.final
"""  # noqa: S608  constants only
_OWNERS = """
SELECT session.id, session.copied, session.key FROM session
WHERE id IN (SELECT value FROM json_each(:sessions))
"""


class Replies:
    """The API replies of one slice."""

    def __init__(self, db: Connection, session: int, first_id: int) -> None:
        """Collect for *session*; new replies get ids from *first_id*."""
        self._db = db
        self._session = session
        self._next = first_id
        self._ids: dict[int, int] = {}
        self._replies: dict[int, Reply] = {}
        self._at: dict[int, int | None] = {}
        self._elsewhere: set[int] = set()

    def look_up(self, messages: Iterable[tuple[Message, int]]) -> None:
        """Read what is stored of the replies that *messages* (with their uids) are pieces of."""
        keys = [_key(message.reply, uid) for message, uid in messages if message.reply]
        for row in self._db.execute(_BY_KEY, {"keys": listed(keys)}):
            id_, session, key = row[:3]
            if session != self._session:
                self._elsewhere.add(key)
                continue
            self._ids[key] = id_
            self._replies[key] = _reply(row)
            self._at[key] = row[5]

    def add(self, message: Message, uid: int) -> int | None:
        """Take a message; return the id of the reply it is a piece of."""
        reply = message.reply
        if reply is None:
            return None
        key = _key(reply, uid)
        have = self._replies.get(key)
        self._replies[key] = better(have, reply) if have else reply
        self._at[key] = message.at if self._at.get(key) is None else self._at[key]
        if key not in self._ids:
            self._ids[key] = self._next
            self._next += 1
        return self._ids[key]

    def write(self) -> None:
        """Insert or update the slice's replies, and settle those that other files have too."""
        self._db.executemany(
            _SAVE,
            (
                (
                    self._ids[key], self._session, key, reply.api_id, reply.model, self._at[key],
                    reply.usage.input, reply.usage.output, reply.usage.cache_read,
                    reply.usage.cache_creation, reply.usage.cache_5m, reply.usage.cache_1h,
                    reply.final,
                )
                for key, reply in self._replies.items()
            ),
        )  # fmt: skip
        settle(self._db, self._elsewhere & self._replies.keys())


def settle(db: Connection, keys: Iterable[int]) -> None:
    """Count each of *keys* in one session only: the fullest record, then the original."""
    rows = db.execute(_BY_KEY, {"keys": listed(keys)}).fetchall()
    asked = {"sessions": listed(row[1] for row in rows)}
    owners = {id_: (copied, key) for id_, copied, key in db.execute(_OWNERS, asked)}
    by_key: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        by_key.setdefault(row[2], []).append(row)
    for group in by_key.values():
        # Two stable sorts: originals first, then the fullest first.
        # The time is the reply's own: a session's may still change with what comes later.
        group.sort(key=lambda row: (owners[_int(row[1])][0], _at(row), owners[_int(row[1])][1]))
        group.sort(key=lambda row: fullness(_reply(row))[:2], reverse=True)
        db.executemany(
            "UPDATE reply SET counted = ? WHERE id = ?",
            ((int(place == 0), row[0]) for place, row in enumerate(group)),
        )


def _key(reply: Reply, uid: int) -> int:
    """Return the key of *reply*; a record without ``message.id`` is a reply of its own."""
    return key64(f"{reply.api_id}\n{reply.request}") if reply.api_id else uid


def _reply(row: tuple[object, ...]) -> Reply:
    counts = Usage(*(_int(value) for value in row[6:12]))
    return Reply(str(row[3]), "", str(row[4]), counts, final=bool(row[12]))


def _at(row: tuple[object, ...]) -> int:
    return 1 << 62 if row[5] is None else _int(row[5])


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
