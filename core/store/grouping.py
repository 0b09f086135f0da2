"""Brings conversations, counts and titles up to date behind what a transaction has written.

Some of it is done for every slice, because the next one builds on it. What looks at a whole
family of sessions is noted, and done once at the transaction's end.
"""

from collections.abc import Iterable
from sqlite3 import Connection

from core.store import families, growing, replies, reunion, settling, threads
from core.store.placing import Placement
from core.store.sessions import OpenSession, Sessions


class Grouping:
    """What is due of one open library. Writes inside its caller's transactions."""

    def __init__(self, db: Connection, sessions: Sessions) -> None:
        """Work on *db*; *sessions* knows which ones another file has said something about."""
        self._db = db
        self._sessions = sessions
        self._unsettled: set[int] = set()  # sessions whose family shares records
        self._lost = False  # whether any of them lost messages
        self._replies: set[int] = set()  # keys of replies that several sessions hold
        self._stale: set[int] = set()  # conversations

    def note(  # noqa: PLR0913  what a slice has changed
        self,
        session: OpenSession,
        placement: Placement,
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
        if placement.replaced:
            self._db.execute(settling.RECOUNT, {"id": session.id})
            moved = True
        if fresh:
            session.conversation, joined = families.regroup(self._db, session.id)
            moved = moved or joined
        # A session goes on by itself for the first time: that may make it the original.
        first_own = session.shared and session.own is None and bool(placement.new)
        if shared or first_own or (placement.replaced and session.shared):
            self._unsettled |= {session.id, *shared}
            self._lost = self._lost or bool(placement.replaced)
            moved = True
        if settling.shade(self._db, session.id):
            moved = True
        if fresh or moved or apart:
            reunion.claim(self._db, session.conversation, session.id if session.agent else 0)
            reunion.reunite(self._db, session.conversation)
        if was is not None and not (fresh or moved or apart or self._sessions.told):
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

    def share(self, keys: Iterable[int]) -> None:
        """Note that the replies *keys* are in more sessions than one."""
        self._replies.update(keys)

    def finish(self) -> None:
        """Do what is due."""
        while self._unsettled:
            self._settle(next(iter(self._unsettled)))
        self._lost = False
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

    def _settle(self, session: int) -> None:
        changed = None if self._lost else self._unsettled
        family, keys = settling.settle(self._db, session, changed)
        self._replies |= keys
        self._unsettled -= family
        # Who counts what may decide which session is the first one.
        conversation, _ = families.regroup(self._db, session)
        reunion.claim(self._db, conversation, 0)
        reunion.reunite(self._db, conversation)
        threads.mark(self._db, (conversation,), anew=True)
        self._stale.add(conversation)
