"""The one writer: every change of the library goes through here.

`Writer.commit` takes a slice of one file and makes one transaction of it: rows, search
index, problems, totals and the file's cursor, or nothing. It is used by one thread.
"""

import os
from sqlite3 import Connection

from core.errors import StaleSliceError
from core.events import ConversationChanged
from core.files.cursor import Cursor, Stat
from core.model import Problem
from core.store import families, messages
from core.store.connection import transaction
from core.store.forks import mark_branches
from core.store.placing import Placement, Placer, starts_fork
from core.store.sessions import OpenSession, Sessions
from core.store.slices import Slice, SourceInfo, StoredSource
from core.store.sources import Sources

_NOWHERE = Stat(0, 0, 0, 0, 0)
_TICK = "UPDATE setting SET value = value + 1 WHERE key = 'event_id' RETURNING value"


class Writer:
    """Owns all changes of one open library. Not for use by more than one thread."""

    def __init__(self, db: Connection) -> None:
        """Write through *db*, an open and migrated library."""
        self._db = db
        self._sources = Sources(db)
        self._sessions = Sessions(db)
        self.rows = 0  # messages written so far, for tests of work done

    def source(self, info: SourceInfo, stat: Stat) -> StoredSource | None:
        """Return how far the file of *info* was read; None: it is new.

        When nothing was read at its path, this may be a file that is gone from another path
        and had the same device and inode: see `move`.
        """
        stored = self._sources.stored(info.path)
        if stored is not None:
            return stored
        moved = self._sources.by_inode(stat)
        return None if moved is None or os.path.lexists(moved.path) else moved

    def move(self, source: int, info: SourceInfo) -> None:
        """Note that the file of *source* was renamed: now it is where *info* says."""
        with transaction(self._db):
            self._sources.move(source, info)

    def touch(self, source: int, stat: Stat) -> None:
        """Note that a file's facts changed but not its content."""
        with transaction(self._db):
            self._sources.touch(source, stat)

    def describe(self, trunk: str, agent: str, data: dict[str, str]) -> None:
        """Keep what an agent's ``.meta.json`` says: its ``type``, ``title`` and ``call``."""
        with transaction(self._db):
            self._sessions.agents.keep(trunk, agent, data)

    def unreadable(self, info: SourceInfo, problem: Problem) -> None:
        """Note that a file cannot be read at all. Writes nothing if that is known already."""
        if self._sources.is_known(info, problem):
            return
        with transaction(self._db):
            stored = self._sources.stored(info.path)
            source = stored.id if stored else self._sources.keep(info, _NOWHERE, Cursor())
            self._sources.problems(source, (problem,))

    def problem_count(self) -> int:
        """Return how many problems the library lists."""
        return int(self._db.execute("SELECT count(*) FROM problem").fetchone()[0])

    def commit(self, part: Slice) -> ConversationChanged | None:
        """Write *part*; return what changed, or None when it held nothing to show.

        Raises:
            StaleSliceError: another process wrote it first; nothing was written.
            sqlite3.Error: nothing of *part* was written.
        """
        try:
            with transaction(self._db):
                return self._commit(part)
        except BaseException:
            self._sessions.close()
            raise

    def _commit(self, part: Slice) -> ConversationChanged | None:
        stored = self._sources.stored(part.source.path)
        if stored is not None and not part.again and stored.cursor.offset != part.begin:
            raise StaleSliceError(f"{part.source.label} was read by another process meanwhile.")
        source = self._sources.keep(part.source, part.stat, part.cursor)
        if part.again:
            self._sources.forget(source)
        self._sources.problems(source, part.problems)
        if not part.facts:
            return None
        self._sources.count(source, part.facts)
        session, fresh = self._sessions.open(source, part)
        before = session.conversation
        first = messages.next_id(self._db, "message")
        placer = Placer(self._db, session.id, session.key, session.agent, first)
        placement = placer.place(part.facts)
        self._sources.problems(source, placement.notes)
        answered = messages.erase(self._db, placement.replaced)
        started = [(link.call, link.agent) for fact in part.facts for link in fact.links]
        linked = self._sessions.link(session, part.facts, placement)
        block = messages.write(self._db, session, placement, started, answered)
        if block:
            self._sessions.agents.match(session.id, block)
        self._sessions.say(session, part.facts, placement)
        shared = self._sessions.share(session, placement)
        moved = self._group(session, placement, fresh=fresh or linked or shared, shared=shared)
        self._fork(session, placement)
        self.rows += len(placement.new)
        key = self._db.execute(
            "SELECT key FROM conversation WHERE id = ?", (session.conversation,)
        ).fetchone()[0]
        return ConversationChanged(
            event_id=int(self._db.execute(_TICK).fetchone()[0]),
            conversation=key,
            session=session.key,
            messages=tuple(placed.uuid for placed in placement.new),
            first_block=block,
            regrouped=moved or before != session.conversation,
        )

    def _group(
        self, session: OpenSession, placement: Placement, *, fresh: bool, shared: bool
    ) -> bool:
        """Bring conversations and counts up to date; return whether other sessions moved."""
        moved = False
        if placement.replaced:
            self._db.execute(families.RECOUNT, {"id": session.id})
        if fresh:
            session.conversation, moved = families.regroup(self._db, session.id)
        # A session goes on by itself for the first time: that may make it the original.
        first_own = session.shared and session.own is None and bool(placement.new)
        if shared or first_own or (placement.replaced and session.shared):
            families.settle(self._db, session.id)
            # Who counts what may decide which session is the first one.
            session.conversation, _ = families.regroup(self._db, session.id)
            moved = True
        changed = {session.conversation}
        for other in self._sessions.told:
            conversation, again = families.regroup(self._db, other)
            changed.add(conversation)
            moved = moved or again
        if self._sessions.told or moved:
            self._sessions.told.clear()
            self._sessions.recall(session)
            changed.add(session.conversation)
        families.refresh(self._db, changed)
        return moved

    def _fork(self, session: OpenSession, placement: Placement) -> None:
        if not session.agent:
            places = {p.anchor.hung_on for p in placement.new if starts_fork(p)}
            session.forks = mark_branches(self._db, session.id, session.forks, places)
