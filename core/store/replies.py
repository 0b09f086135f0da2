"""Keeps each API reply once per session, and counts it once in the whole library."""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection

from core.measures.usage import better
from core.model import Reply, Usage
from core.store import reply_rows
from core.store.incumbents import REPLIES, rivals
from core.store.keys import Keys, listed
from core.store.placing import Placed
from core.store.reply_rows import COLUMNS, Pricing, ReplyRow, spending
from core.store.rows import Rows

# The plus keeps the search to the keys: an index would give all of the session.
_OWN = f"""
SELECT {COLUMNS} FROM reply
WHERE key IN (SELECT value FROM json_each(:keys)) AND +session_id = :session
"""  # noqa: S608  constants only
_ANY = "SELECT 1 FROM reply WHERE session_id = :session LIMIT 1"
_ELSEWHERE = """
SELECT value FROM json_each(:keys)
WHERE EXISTS (SELECT 1 FROM reply WHERE key = value AND session_id <> :session)
"""
# What decides which session counts a reply, and whether it does now.
_STANDING = """
SELECT key, id, session_id, output, input + output + cache_read + cache_creation, at, counted
FROM reply WHERE id IN (SELECT value FROM json_each(:ids))
"""
_OWNERS = """
SELECT session.id, session.copied, session.key, session.agent <> '' FROM session
WHERE id IN (SELECT value FROM json_each(:sessions))
"""


# Of the replies that a session counts; one without tokens has no price and needs none.
_SPENT = """
UPDATE session SET (cost, unpriced) = (
    SELECT coalesce(sum(cost), 0), coalesce(sum(cost IS NULL AND
        input + output + cache_read + cache_creation > 0), 0)
    FROM reply WHERE session_id = session.id AND counted = 1)
WHERE id IN (SELECT value FROM json_each(:sessions))
"""
# Sessions that have a reply in common need not be of one conversation.
_SPENT_TOGETHER = """
UPDATE conversation SET (cost, unpriced) = (
    SELECT coalesce(sum(cost), 0), coalesce(sum(unpriced), 0)
    FROM session WHERE conversation_id = conversation.id)
WHERE id IN (SELECT conversation_id FROM session
             WHERE id IN (SELECT value FROM json_each(:sessions)))
"""
_LATE = 1 << 62  # where the time is not known
_ALL = f"SELECT {COLUMNS} FROM reply WHERE id > :after ORDER BY id LIMIT 1000"  # noqa: S608  constants only


_ONE = f"SELECT {COLUMNS} FROM reply WHERE id = :id"  # noqa: S608  constants only


class _Unpriced:
    """Knows no price at all; for libraries that are only looked after."""

    version = ""

    def cost(
        self, model: str, usage: Usage, at: int | None, *, fast: bool = False, searches: int = 0
    ) -> int | None:
        """Return None."""
        del model, usage, at, fast, searches
        return None


UNPRICED: Pricing = _Unpriced()


class Replies:
    """The API replies of one slice."""

    def __init__(self, db: Connection, session: int, first_id: int, keys: Keys) -> None:
        """Collect for *session*; new replies get ids from *first_id*."""
        self._db = db
        self._keys = keys
        self.before: dict[int, tuple[int, int]] = {}  # what stored replies were counted with
        self._session = session
        self._next = first_id
        self._ids: dict[int, int] = {}
        self._replies: dict[int, Reply] = {}
        self._at: dict[int, int | None] = {}
        self.elsewhere: set[int] = set()  # keys of those that are in another file too

    def look_up(self, messages: Iterable[Placed], told: Sequence[Reply]) -> None:
        """Read what is stored of the replies that *messages* are pieces of, and of *told*."""
        keys = {placed.reply for placed in messages if placed.reply is not None}
        keys.update(self._keys.of_reply(reply, 0) for reply in told)
        asked = {"keys": listed(keys), "session": self._session}
        self.elsewhere |= elsewhere(self._db, self._session, asked["keys"])
        if self._db.execute(_ANY, asked).fetchone() is None:
            return  # and is not looked for among the many files that may hold its keys
        for row in self._db.execute(_OWN, asked):
            key = row[2]
            self._ids[key] = row[0]
            self._replies[key] = _reply(row)
            self._at[key] = row[5]
            self.before[key] = spending(row[16], self._replies[key].usage.total)

    def known(self) -> frozenset[int]:
        """Return the replies that were stored before this slice, as far as it looked them up."""
        return frozenset(self._ids.values())

    def add(self, placed: Placed) -> int | None:
        """Take a message; return the id of the reply it is a piece of."""
        message = placed.message
        if placed.reply is None or message.reply is None:
            return None
        return self._take(placed.reply, message.reply, message.at)

    def tell(self, reply: Reply) -> None:
        """Take the usage of a reply whose pieces, if it has any, are messages of their own."""
        if reply.api_id:
            self._take(self._keys.of_reply(reply, 0), reply, None)

    def _take(self, key: int, reply: Reply, at: int | None) -> int:
        have = self._replies.get(key)
        self._replies[key] = better(have, reply) if have else reply
        self._at[key] = at if self._at.get(key) is None else self._at[key]
        if key not in self._ids:
            self._ids[key] = self._next
            self._next += 1
        return self._ids[key]

    def rows(self) -> Rows:
        """Return the slice's replies, those that were stored before included."""
        made = Rows(reply_rows.WIDTH)
        for key, reply in self._replies.items():
            made.add(reply_rows.row(self._ids[key], key, reply, self._at[key]))
        return made


def elsewhere(db: Connection, session: int, keys: object) -> set[int]:
    """Return which replies *keys*, as `listed` gives them, other sessions than *session* have."""
    asked = {"keys": keys, "session": session}
    return {key for (key,) in db.execute(_ELSEWHERE, asked)}


def price(db: Connection, pricing: Pricing) -> int:
    """Price every stored reply anew; return how many have another price now."""
    changed, after = 0, 0
    while rows := db.execute(_ALL, {"after": after}).fetchall():
        after = rows[-1][0]
        new = [(ReplyRow.stored(row).cost(pricing), row[0]) for row in rows]
        different = [one for one, row in zip(new, rows, strict=True) if one[0] != row[16]]
        db.executemany("UPDATE reply SET cost = ? WHERE id = ?", different)
        changed += len(different)
    if changed:
        everyone = [id_ for (id_,) in db.execute("SELECT id FROM session")]
        db.execute(_SPENT, {"sessions": listed(everyone)})
    return changed


def reprice(db: Connection, pricing: Pricing, id_: int) -> None:
    """Price reply *id_* anew, and its session with it."""
    row = db.execute(_ONE, {"id": id_}).fetchone()
    new = ReplyRow.stored(row).cost(pricing)
    db.execute("UPDATE reply SET cost = ? WHERE id = ?", (new, id_))
    db.execute(_SPENT, {"sessions": listed((row[1],))})


def settle(db: Connection, changed: set[int]) -> None:
    """Count a reply in one session only: the fullest record, then the original.

    *changed* are the rows that are new, say something else, or of a session that does.
    """
    rows = db.execute(_STANDING, {"ids": listed(changed)}).fetchall()
    if not rows:
        return
    others = {one.id for one in rivals(db, REPLIES, {row[0] for row in rows}, changed)}
    rows += db.execute(_STANDING, {"ids": listed(others)}).fetchall()
    asked = {"sessions": listed({row[2] for row in rows})}
    owners = {id_: (copied, key, lane) for id_, copied, key, lane in db.execute(_OWNERS, asked)}
    # What counts is the fullest record; of equals the one of the original. The time is the
    # reply's own: a session's may still change with what comes later. What the main line has,
    # an agent's file may only repeat.
    best: dict[int, tuple[tuple[int, int, int, int, int, str], int]] = {}
    for key, id_, session, output, total, at, _ in rows:
        copied, name, lane = owners[session]
        mine = (-output, -total, copied, lane, _LATE if at is None else at, name)
        have = best.get(key)
        if have is None or mine < have[0]:
            best[key] = (mine, id_)
    due = [(int(best[row[0]][1] == row[1]), row[1]) for row in rows]
    turned = [one for one, row in zip(due, rows, strict=True) if one[0] != row[6]]
    db.executemany("UPDATE reply SET counted = ? WHERE id = ?", turned)
    db.execute(_SPENT, asked)
    db.execute(_SPENT_TOGETHER, asked)


def _reply(row: tuple[object, ...]) -> Reply:
    counts = Usage(*(_int(value) for value in row[6:12]))
    stated = None if row[15] is None else _int(row[15])
    return Reply(
        str(row[3]), "", str(row[4]), counts, final=bool(row[12]), fast=bool(row[13]),
        searches=_int(row[14]), stated=stated,
    )  # fmt: skip


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
