"""The one writer: every change of the library goes through here.

`Writer.commit` takes a slice of one file and makes one transaction of it: rows, search
index, problems, totals and the file's cursor, or nothing. It is used by one thread.
"""

import os
from collections.abc import Sequence
from sqlite3 import Connection

from core.errors import StaleSliceError
from core.events import ConversationChanged
from core.files.cursor import Cursor, Stat
from core.model import Facts, Problem
from core.store import families, messages, replies, reunion
from core.store.connection import transaction
from core.store.endings import settle_ending
from core.store.forks import mark_branches
from core.store.keys import key64
from core.store.placing import Placement, Placer, starts_fork
from core.store.replies import UNPRICED, Pricing
from core.store.sessions import OpenSession, Sessions
from core.store.slices import UNFINISHED, Slice, SourceInfo, StoredSource
from core.store.sources import Sources

_NOWHERE = Stat(0, 0, 0, 0, 0)
_PRICED = "INSERT OR REPLACE INTO setting (key, value) VALUES ('prices', ?)"
_TICK = "UPDATE setting SET value = value + 1 WHERE key = 'event_id' RETURNING value"


class Writer:
    """Owns all changes of one open library. Not for use by more than one thread."""

    def __init__(self, db: Connection, pricing: Pricing = UNPRICED) -> None:
        """Write through *db*, an open and migrated library; replies cost what *pricing* says."""
        self._db = db
        self._pricing = pricing
        self._sources = Sources(db)
        self._sessions = Sessions(db)
        self._rereading: dict[int, bool] = {}  # sources read again: is all written anew from here?
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

    def use(self, pricing: Pricing) -> None:
        """Take prices from *pricing* from now on; `price` brings what is stored up to date."""
        self._pricing = pricing

    def price(self) -> int:
        """Price all replies anew if the prices are others than last time; return how many changed.

        Costs a pass over all replies, about 1 s for a million.
        """
        version = key64(self._pricing.version)
        row = self._db.execute("SELECT value FROM setting WHERE key = 'prices'").fetchone()
        if row is not None and row[0] == version:
            return 0
        with transaction(self._db):
            changed = replies.price(self._db, self._pricing)
            if changed:
                every = self._db.execute("SELECT id FROM conversation").fetchall()
                families.refresh(self._db, [id_ for (id_,) in every])
            self._db.execute(_PRICED, (version,))
        return changed

    def problem_count(self) -> int:
        """Return how many problems the library lists."""
        return int(self._db.execute("SELECT count(*) FROM problem").fetchone()[0])

    def commit(self, part: Slice) -> tuple[ConversationChanged, ...]:
        """Write *part*; return what changed in each of its sessions that holds something to show.

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

    def _commit(self, part: Slice) -> tuple[ConversationChanged, ...]:
        stored = self._sources.stored(part.source.path)
        if stored is not None and _is_stale(part, stored):
            raise StaleSliceError(f"{part.source.label} was read by another process meanwhile.")
        if stored is not None and part.again:
            self._sources.forget(stored.id)
        source = self._sources.keep(
            part.source, part.stat, part.cursor, memory=part.memory, broken=part.broken
        )
        self._sources.problems(source, part.problems)
        self._sources.count(source, part.facts)
        if part.again:
            self._rereading[source] = part.afresh
        by_part: dict[str, list[Facts]] = {}
        for fact in part.facts:
            by_part.setdefault(fact.part, []).append(fact)
        if len(by_part) > 1 and not any(f.message for f in by_part.get("", ())):
            by_part.pop("", None)  # the file's own head: it is nobody's session
        changes = tuple(
            self._write(source, part.source, name, facts) for name, facts in by_part.items()
        )
        if part.stat.mtime_ns != UNFINISHED:
            self._rereading.pop(source, None)
        return changes

    def _write(
        self, source: int, info: SourceInfo, part: str, facts: Sequence[Facts]
    ) -> ConversationChanged:
        """Write the facts of one session of a file."""
        session, fresh = self._sessions.open(source, info, part, facts)
        before = session.conversation
        first = messages.next_id(self._db, "message")
        rewriting = self._rereading.get(source)
        placer = Placer(
            self._db, session.id, session.key, session.agent, first_id=first, rewriting=rewriting
        )
        placement = placer.place(facts)
        if placer.rewriting is not None:
            self._rereading[source] = placer.rewriting
        self._sources.problems(source, placement.notes)
        answered = messages.erase(self._db, placement.replaced)
        started = [(link.call, link.agent) for fact in facts for link in fact.links]
        linked = self._sessions.link(session, facts, placement)
        told = placement.told + [fact.reply for fact in facts if fact.reply is not None]
        written = messages.write(
            self._db, session, placement, started, answered, told=told, pricing=self._pricing
        )
        block = written.first
        if block:
            self._sessions.agents.match(session.id, block)
        self._sessions.say(session, facts, placement)
        self._sessions.cost(session, facts)
        if placement.new:
            settle_ending(self._db, session.id, session.agent)
        shared = self._sessions.share(session, placement) or written.copied
        moved = self._group(
            session, placement, fresh=fresh or linked or shared, shared=shared, apart=written.apart
        )
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
        self,
        session: OpenSession,
        placement: Placement,
        *,
        fresh: bool,
        shared: bool,
        apart: bool,
    ) -> bool:
        """Bring conversations and counts up to date; return whether other sessions moved."""
        moved = False
        if placement.replaced:
            self._db.execute(families.RECOUNT, {"id": session.id})
            moved = True
        if fresh:
            session.conversation, joined = families.regroup(self._db, session.id)
            moved = moved or joined
        # A session goes on by itself for the first time: that may make it the original.
        first_own = session.shared and session.own is None and bool(placement.new)
        if shared or first_own or (placement.replaced and session.shared):
            families.settle(self._db, session.id)
            # Who counts what may decide which session is the first one.
            session.conversation, _ = families.regroup(self._db, session.id)
            moved = True
        if families.shade(self._db, session.id):
            moved = True
        if fresh or moved or apart:
            reunion.claim(self._db, session.conversation, session.id if session.agent else 0)
            reunion.reunite(self._db, session.conversation)
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
            session.forks = mark_branches(
                self._db, session.id, session.forks, places, again=bool(placement.replaced)
            )


def _is_stale(part: Slice, stored: StoredSource) -> bool:
    """Tell whether another process has read the file of *part* since its reading began."""
    if part.again:
        return False
    if part.first or stored.cursor.offset != part.begin:
        return True
    # Of a file that is read whole the cursor tells nothing before its end.
    return part.begin == 0 and stored.stat.mtime_ns != UNFINISHED
