"""The one writer: every change of the library goes through here.

`Writer.commit` takes a slice of one file and makes one transaction of it: rows, search
index, problems, totals and the file's cursor, or nothing. It is used by one thread.
"""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from sqlite3 import Connection

from core.errors import StaleSliceError
from core.events import ConversationChanged
from core.files.cursor import Cursor, Stat
from core.model import Facts, Problem
from core.store import (
    growing,
    journal,
    merging,
    messages,
    misreadings,
    places,
    threads,
)
from core.store.arrivals import Arrival
from core.store.connection import promptly
from core.store.counting import census
from core.store.endings import settle_ending
from core.store.flushing import flushed
from core.store.forks import mark_branches
from core.store.gathering import Gathering
from core.store.grouping import Grouping
from core.store.parting import by_part
from core.store.receiving import receive, unpack
from core.store.replies import UNPRICED
from core.store.reply_rows import Pricing
from core.store.repricing import is_priced, price_anew
from core.store.rollup_growth import Sums
from core.store.search_index import SearchIndex
from core.store.sessions import OpenSession, Sessions
from core.store.slices import UNFINISHED, Slice, SourceInfo, StoredSource, is_stale
from core.store.sources import Sources

FULL_RECORDS = 2000  # written in one transaction, of as many files as it takes
FULL_BYTES = 6 << 20  # of the sources likewise: about a seventh of a second

_NOWHERE = Stat(0, 0, 0, 0, 0)
_KEY = """
SELECT conversation.key FROM session JOIN conversation ON conversation.id = conversation_id
WHERE session.id = ?
"""
_TICK = "UPDATE setting SET value = value + 1 WHERE key = 'event_id' RETURNING value"


class Writer:
    """Owns all changes of one open library. Not for use by more than one thread."""

    def __init__(self, db: Connection, pricing: Pricing = UNPRICED) -> None:
        """Write through *db*, an open and migrated library; replies cost what *pricing* says."""
        self._db = db
        self._pricing = pricing
        self._sources = Sources(db)
        self._sessions = Sessions(db)
        self._index = SearchIndex(db)
        self._sums = Sums(db)
        self._grouping = Grouping(db, self._sessions)
        self._gathering = Gathering(db, self._sums.begin, self._finish, self._forget)
        self.until = self._gathering.until  # when nobody waits for other programs any more
        # Of the transaction that is gathered: what it changed, by session, and how large it is.
        self._changes: list[tuple[int, ConversationChanged]] = []
        self._records = self._bytes = 0
        self._pieces = 0  # of the full-text index that were left since they were merged
        self._rereading: dict[int, bool] = {}  # sources read again: is all written anew from here?
        self.rows = 0  # messages written so far, for tests of work done

    def together(self) -> AbstractContextManager[None]:
        """Make one transaction of what is written in the body until each `flush`.

        What was not flushed when the body ends or raises is as if it had never been.
        """
        return self._gathering.together()

    def apart(self) -> AbstractContextManager[None]:
        """Let each call in the body, inside of `together`, be a transaction. Flush before."""
        return self._gathering.apart()

    def promptly(self) -> AbstractContextManager[None]:
        """Let nothing but commits come between what the body writes and the news of it."""
        return promptly(self._db)

    def flush(self) -> tuple[ConversationChanged, ...]:
        """Commit what was gathered, if anything was; return what changed."""
        self._gathering.flush()
        return self._told()

    def put_off_merging(self) -> None:
        """Leave the pieces of the full-text index to be merged by `merging.step` later."""
        with self._gathering.transaction():
            merging.put_off(self._db)

    def flushed(self) -> AbstractContextManager[None]:
        """Have the disk take the write-ahead log while more is written in the body."""
        return flushed(self._db)

    def merge_some(self) -> None:
        """Merge some of these pieces if they are many by now. Behind a `flush`."""
        if self._pieces >= merging.MANY and not self._gathering.apply(merging.merge):
            self._pieces = 0

    @property
    def full(self) -> bool:
        """Whether as much was gathered as one transaction should hold."""
        return self._records >= FULL_RECORDS or self._bytes >= FULL_BYTES

    def _finish(self) -> None:
        """Do what is done once for a transaction, at its end."""
        self._grouping.finish()
        self._sums.settle()
        self._pieces += 1
        self._index.flush()  # last: other statements would cut it into small pieces
        for place, (session, change) in enumerate(self._changes):
            key = self._db.execute(_KEY, (session,)).fetchone()[0]
            if key != change.conversation:  # grouped under another name since
                self._changes[place] = (session, replace(change, conversation=key))

    def _told(self) -> tuple[ConversationChanged, ...]:
        """Return the changes of the transaction that has just been committed, once."""
        changes = tuple(change for _, change in self._changes)
        self._changes.clear()
        self._records = self._bytes = 0
        return changes

    def _forget(self) -> None:
        """Forget what is remembered of a transaction that is gone."""
        self._index.drop()
        self._grouping.drop()
        self._sessions.close()
        self._sums.drop()
        self._told()

    @property
    def has_sources(self) -> bool:
        """Whether the library knows of any file."""
        return bool(self._db.execute("SELECT EXISTS (SELECT 1 FROM source)").fetchone()[0])

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
        with self._gathering.transaction():
            self._sources.move(source, info)

    def touch(self, source: int, stat: Stat) -> None:
        """Note that a file's facts changed but not its content."""
        with self._gathering.transaction():
            self._sources.touch(source, stat)

    def describe(self, trunk: str, agent: str, data: dict[str, str]) -> None:
        """Keep what an agent's ``.meta.json`` says: its ``type``, ``title`` and ``call``."""
        with self._gathering.transaction():
            self._sessions.agents.keep(trunk, agent, data)

    def unreadable(self, info: SourceInfo, problem: Problem) -> None:
        """Note that a file cannot be read at all. Writes nothing if that is known already."""
        if self._sources.is_known(info, problem):
            return
        with self._gathering.transaction():
            stored = self._sources.stored(info.path)
            source = stored.id if stored else self._sources.keep(info, _NOWHERE, Cursor())
            self._sources.problems(source, (problem,))

    def use(self, pricing: Pricing) -> None:
        """Take prices from *pricing* from now on; `price` brings what is stored up to date."""
        self._pricing = pricing

    def price(self) -> int:
        """Price all replies anew if the prices are others than last time; return how many changed.

        Costs what `price_anew` does.
        """
        if is_priced(self._db, self._pricing):
            return 0
        with self._gathering.transaction():
            return price_anew(self._db, self._pricing)

    def problem_count(self) -> int:
        """Return how many problems the library lists."""
        return int(self._db.execute("SELECT count(*) FROM problem").fetchone()[0])

    def commit(self, part: Slice) -> tuple[ConversationChanged, ...]:
        """Write *part*; return what changed in each of its sessions that holds something to show.

        Inside of `together` it is not there for others before the next `flush`, which tells it.

        Raises:
            StaleSliceError: another process wrote it first; nothing was written.
            sqlite3.Error: nothing of *part* was written.
        """
        with self._gathering.transaction():
            self._commit(part)
        self._records += len(part.facts) if part.draft is None else part.draft.records
        self._bytes += part.size
        return () if self._gathering.active else self._told()

    def _commit(self, part: Slice) -> None:
        stored = self._sources.stored(part.source.path)
        if stored is not None and is_stale(part, stored):
            raise StaleSliceError(f"{part.source.label} was read by another process meanwhile.")
        if stored is not None and part.again:
            if part.misread:
                misreadings.discard(self._db, self._index, stored.id)
            self._sources.forget(stored.id)
        source = self._sources.keep(
            part.source, part.stat, part.cursor, memory=part.memory, broken=part.broken
        )
        self._sources.problems(source, part.problems)
        draft = part.draft
        self._sources.count(source, census(part.facts) if draft is None else draft.census)
        if part.again:
            self._rereading[source] = part.afresh
        if draft is not None:
            self._write(source, part, draft.part, part.facts)
            return
        for name, facts in by_part(self._db, source, part.facts).items():
            self._write(source, part, name, facts)
        if part.stat.mtime_ns != UNFINISHED:
            self._rereading.pop(source, None)

    def _write(self, source: int, part: Slice, name: str, facts: Sequence[Facts]) -> None:
        """Write the *facts* of one session of a file, *name*: all or some of those of *part*."""
        session, fresh = self._sessions.open(source, part.source, name, facts)
        before = session.conversation
        was = growing.standing(self._db, session.id)
        if part.draft is not None:
            received = unpack(self._db, session, part.draft)
        else:
            anew = self._rereading.get(source)
            received = receive(self._db, self._index, session, facts, part.made, rewriting=anew)
            if received.rewriting is not None:
                self._rereading[source] = received.rewriting
        new = received.arrival
        self._sources.problems(source, received.notes)
        linked = self._sessions.link(session, facts, new.pasts)
        written = messages.write(
            self._db, received.rows, received.base, index=self._index, pricing=self._pricing
        )
        block = written.first
        if block:
            self._sessions.agents.match(session.id, block)
        self._sessions.say(session, facts, new.uids)
        places.keep(self._db, received.places)
        self._sessions.cost(session, facts)
        if new.uids:
            settle_ending(self._db, session.id, session.agent)
        shared = self._sessions.share(session.id, new.elsewhere) | written.freed
        if written.freed:
            self._sums.doubt()
        if part.draft is not None and fresh:
            self._sums.expect(session, part.draft, written.spent)
        if written.copied:
            shared.add(session.id)
        self._grouping.share(written.replies)
        moved = self._grouping.note(
            session, new, None if written.elsewhere else was,
            fresh=fresh or linked or bool(shared), shared=shared, apart=written.apart,
        )  # fmt: skip
        self._fork(session, new)
        threads.mark(self._db, (session.conversation,), anew=moved)
        self.rows += len(new.uids)
        key = self._db.execute(_KEY, (session.id,)).fetchone()[0]
        event = int(self._db.execute(_TICK).fetchone()[0])
        journal.note(self._db, event, session.id, new.first, new.last)
        change = ConversationChanged(
            event_id=event,
            conversation=key,
            session=session.key,
            messages=new.uuids,
            first_block=block,
            regrouped=moved or before != session.conversation,
        )
        self._changes.append((session.id, change))

    def _fork(self, session: OpenSession, new: Arrival) -> None:
        if not session.agent:
            session.forks = mark_branches(
                self._db, session.id, session.forks, new.places, again=new.replaced
            )
