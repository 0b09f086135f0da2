"""Brings conversations, counts and titles up to date behind what a transaction has written.

Some of it is done for every slice, because the next one builds on it. What looks at a whole
family of sessions is noted, and done once at the transaction's end.
"""

from collections.abc import Iterable
from sqlite3 import Connection

from core.store import families, growing, replies, reunion, settling, threads
from core.store.arrivals import Arrival
from core.store.keys import listed
from core.store.sessions import OpenSession, Sessions

_WHERE = """
SELECT conversation_id, id FROM session WHERE id IN (SELECT value FROM json_each(:ids))
"""


class Grouping:
    """What is due of one open library. Writes inside its caller's transactions."""

    def __init__(self, db: Connection, sessions: Sessions) -> None:
        """Work on *db*; *sessions* knows which ones another file has said something about."""
        self._db = db
        self._sessions = sessions
        self._unsettled: set[int] = set()  # sessions whose family shares records
        self._lost = False  # whether any of them lost messages
        self._replies: set[int] = set()  # ids of replies whose keys several sessions hold
        self._stale: set[int] = set()  # conversations
        self._apart: set[int] = set()  # sessions that may hold what others lack
        self._asking: set[int] = set()  # of them, those that any agent may belong to

    def note(  # noqa: PLR0913  what a slice has changed
        self,
        session: OpenSession,
        arrival: Arrival,
        was: growing.Standing | None,
        *,
        fresh: bool,
        shared: set[int],
        apart: bool,
    ) -> bool:
        """Group *session* after a slice of it was written; return whether other sessions moved.

        *was* is how the session stood before, if nothing of other sessions has changed; *shared*
        are the sessions that have new copies in others, or are the first time one of these.
        """
        moved = False
        if arrival.replaced:
            self._db.execute(settling.RECOUNT, {"id": session.id})
            moved = True
        if fresh:
            session.conversation, joined = families.regroup(self._db, session.id)
            moved = moved or joined
        # A session goes on by itself for the first time: that may make it the original.
        first_own = session.shared and session.own is None and bool(arrival.uids)
        if shared or first_own or (arrival.replaced and session.shared):
            self._unsettled |= {session.id, *shared}
            self._lost = self._lost or arrival.replaced
            moved = True
        if settling.shade(self._db, session.id):
            moved = True
        if fresh or moved or apart:
            self._apart.add(session.id)
            if arrival.starts or (moved and not session.agent):
                self._asking.add(session.id)
        if was is not None and not (fresh or moved or self._sessions.told):
            growing.grow(self._db, session.conversation, session.id, was)
            return moved
        changed = {session.conversation}
        for other in self._sessions.told:
            conversation, again = families.regroup(self._db, other)
            changed.add(conversation)
            moved = moved or again
        if self._sessions.told or moved:
            self._sessions.told.clear()
            self._sessions.recall(session)
            changed.add(session.conversation)
        threads.mark(self._db, changed, anew=moved)
        self._stale |= changed
        return moved

    def share(self, replies_: Iterable[int]) -> None:
        """Note that replies, meant by their ids, are in more sessions than one."""
        self._replies.update(replies_)

    def finish(self) -> None:
        """Do what is due."""
        self._reunite()
        while self._unsettled:
            self._settle(next(iter(self._unsettled)))
        self._lost = False
        self._reunite()
        if self._replies:
            replies.settle(self._db, self._replies)
            self._replies.clear()
        families.refresh(self._db, self._stale)
        self._stale.clear()

    def drop(self) -> None:
        """Forget what is due: the transaction it was part of is gone."""
        self._unsettled.clear()
        self._lost = False
        self._replies.clear()
        self._stale.clear()
        self._apart.clear()
        self._asking.clear()

    def _reunite(self) -> None:
        """Join what files hold apart: once for a conversation, however many of its files came."""
        lanes: dict[int, set[int]] = {}
        asked = {"ids": listed(self._apart)}
        for conversation, session in self._db.execute(_WHERE, asked).fetchall():
            lanes.setdefault(conversation, set()).add(session)
        for conversation, sessions in lanes.items():
            every = not sessions.isdisjoint(self._asking)
            reunion.claim(self._db, conversation, () if every else sessions)
            if reunion.reunite(self._db, conversation):
                self._stale.add(conversation)
        self._apart.clear()
        self._asking.clear()

    def _settle(self, session: int) -> None:
        changed = None if self._lost else self._unsettled
        family, shared = settling.settle(self._db, session, changed)
        self._replies |= shared
        self._unsettled -= family
        # Who counts what may decide which session is the first one.
        conversation, _ = families.regroup(self._db, session)
        self._apart.add(session)
        self._asking.add(session)
        threads.mark(self._db, (conversation,), anew=True)
        self._stale.add(conversation)
