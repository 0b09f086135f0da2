"""What a person orders about old conversations: one after the other, to be cancelled at any time.

Nothing here is ever done by itself but the last step of an order: what was removed is deleted
for good when its time to be taken back is over.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

from core.events import EventSink, RemovalFinished, RemovalKind, RemovalProgressed
from core.files.patience import Patience
from core.monitoring.upkeep import Task, Upkeep
from core.queries import removals as queries
from core.queries.removals import OldRow, RemovedRow, Weight
from core.store import joining, optimising, removals
from core.store.connection import WritingConnection
from core.store.migrate import backups

log = logging.getLogger(__name__)

LEAST_DAYS: Final = 1  # what is younger may still go on


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation as a person was told of it; what is not so any more stays."""

    id: int  # of its row
    key: str
    before: int  # ms: nothing was said in it since
    alone: bool  # what the library has of it may be all there is


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove conversations, as they were told of."""

    conversations: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take removals back, meant by their ids."""

    removals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete removals for good; none: those whose time is over and that nobody can miss."""

    removals: tuple[int, ...] = ()


Order: TypeAlias = Remove | TakeBack | Forget
Chore: TypeAlias = Task | Order


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order would take, before it is given."""

    before: int  # ms: nothing was said in them since
    rows: tuple[OldRow, ...]  # whose logs are on the disk and hold all of it
    alone: tuple[OldRow, ...]  # the others: what the library has of them may be all there is
    undated: int  # conversations that have no age, and stay
    weight: Weight  # of those with logs
    weight_alone: Weight  # of the others

    def order(self, *, alone: bool) -> Remove:
        """Return the order to remove them, those that the library may have *alone* too or not."""
        whole = [Told(row.id, row.key, self.before, alone=False) for row in self.rows]
        rest = [Told(row.id, row.key, self.before, alone=True) for row in self.alone]
        return Remove((*whole, *(rest if alone else ())))


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed, and what is to become of it."""

    rows: tuple[RemovedRow, ...]
    due: tuple[int, ...]  # whose time is over
    kept: tuple[int, ...]  # likewise, but their logs went meanwhile: only a person deletes these
    copies: tuple[Path, ...]  # of the library before it was changed, which may hold them still


def plan(db: Connection, days: int, now: int, project: str = "") -> Plan:
    """Return what removing all that is older than *days* would take, at the moment *now* in ms.

    Looks for each of the logs on the disk; see `core.queries.removals` for the rest of the cost.
    """
    before = now - days * queries.DAY_MS
    found = queries.older(db, before, project)
    with closing(_Looking()) as look:
        rows = tuple(row for row in found if look.whole(row))
    here = {row.id for row in rows}
    alone = tuple(row for row in found if row.id not in here)
    return Plan(
        before,
        rows,
        alone,
        queries.undated(db),
        queries.weight(db, (row.id for row in rows)),
        queries.weight(db, (row.id for row in alone)),
    )


def removed(db: Connection, now: int) -> Removed:
    """Return what was removed, and what of it is to be deleted for good at the moment *now* in ms.

    Looks for each log of those whose time is over.
    """
    with closing(_Looking()) as look:
        due, kept = _over(db, now, look)
    library = Path(db.execute("PRAGMA database_list").fetchone()[2])
    return Removed(tuple(queries.removed(db)), tuple(due), tuple(kept), tuple(backups(library)))


def _over(db: Connection, now: int, look: "_Looking") -> tuple[list[int], list[int]]:
    """Return the removals whose time is over: those to be deleted, and those to be kept.

    Nobody was asked about what had its logs when it was removed and lost them since.
    """
    rows = queries.due(db, now)
    due: list[int] = []
    kept: list[int] = []
    for row in rows:
        gone = not row.alone and not all(look.surely(path) for path in row.logs)
        (kept if gone else due).append(row.id)
    return due, kept


def begun(db: WritingConnection, chore: Chore, publish: EventSink) -> "Upkeep | Removing":
    """Return *chore* on *db*, ready for its first step."""
    if isinstance(chore, Task):
        return Upkeep(db, chore, publish)
    return Removing(db, chore, publish)


class _Looking:
    """Looks for files on disks that may not answer."""

    def __init__(self) -> None:
        self._patience = Patience()

    def close(self) -> None:
        self._patience.close()

    def whole(self, row: OldRow) -> bool:
        """Tell whether the logs of *row* are there for certain, and hold all of it."""
        return not row.earlier and all(self.surely(path) for path in row.logs)

    def surely(self, path: bytes) -> bool:
        """Tell whether the file at *path* is there for certain; a link alone is none."""
        return self._told(path, os.path.exists) is True

    def maybe(self, path: bytes) -> bool:
        """Tell whether the file at *path* is there, or a link to one, or nobody knows."""
        return self._told(path, os.path.lexists) is not False

    def _told(self, path: bytes, there: Callable[[Path], bool]) -> bool | None:
        place = Path(os.fsdecode(path))
        try:
            return self._patience.ask(place, partial(there, place))
        except OSError:
            return None


class Removing:
    """One order. `step` belongs to the writer's thread, `cancel` to any."""

    def __init__(self, db: WritingConnection, order: Order, publish: EventSink) -> None:
        """Prepare *order* on *db*; *publish* hears how far it is and how it ended."""
        self._db = db
        self._publish = publish
        self._cancelled = threading.Event()
        self._now = round(time.time() * 1000)
        self._look = _Looking()
        self._paths: list[Path] = []
        self._done = self._unmet = 0
        match order:
            case Remove(conversations):
                self._kind, self._steps = RemovalKind.REMOVED, self._remove(conversations)
            case TakeBack(found):
                self._kind, self._steps = RemovalKind.TAKEN_BACK, self._take_back(found)
            case Forget(found):
                self._kind, self._steps = RemovalKind.FORGOTTEN, self._forget(found)

    def cancel(self) -> None:
        """Let the conversation in hand be the last one; what is done is kept."""
        self._cancelled.set()

    def step(self) -> bool:
        """Do one conversation, or a slice of what follows; return False when all is done."""
        trouble = ""
        try:
            told = None if self._cancelled.is_set() else next(self._steps, None)
        except Exception as error:  # noqa: BLE001  such as rows kept aside that are damaged
            log.warning("%s: %s", self._kind, error)
            told, trouble = None, str(error) or type(error).__name__
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        if told is not None:
            self._publish(told)
            return True
        self._look.close()
        self._publish(
            RemovalFinished(
                self._kind,
                self._done,
                self._cancelled.is_set(),
                trouble,
                tuple(self._paths),
                self._unmet,
            )
        )
        return False

    def _remove(self, found: Sequence[Told]) -> Iterator[RemovalProgressed]:
        for place, told in enumerate(found):
            yield self._at(place, len(found))
            row = queries.still(self._db, told.id, told.key, told.before)
            alone = row is not None and not self._look.whole(row)
            if row is None or (alone and not told.alone):
                self._unmet += 1
                continue
            removals.remove(self._db, told.key, self._now, alone=alone)
            self._done += 1

    def _take_back(self, found: Sequence[int]) -> Iterator[RemovalProgressed]:
        waiting = {row.id: row.gone_at is None for row in queries.removed(self._db)}
        chosen = [removal for removal in dict.fromkeys(found) if removal in waiting]
        for place, removal in enumerate(chosen):
            yield self._at(place, len(chosen))
            paths = removals.restore(self._db, removal)
            self._paths += (Path(os.fsdecode(path)) for path in paths if self._look.surely(path))
            self._done += waiting[removal]
            self._unmet += not waiting[removal]

    def _forget(self, found: Sequence[int]) -> Iterator[RemovalProgressed]:
        chosen = found or _over(self._db, self._now, self._look)[0]
        for place, removal in enumerate(chosen):
            yield self._at(place, len(chosen))
            removals.forget(self._db, removal, self._now, self._look.maybe)
            self._done += 1
        if chosen:
            for _pack in joining.tightened(self._db):
                yield self._at(0, 0)  # nobody knows how long
            rest = chain(optimising.compacted(self._db), optimising.emptied(self._db.checkpoints))
            for step in rest:
                yield self._at(step.done, step.total)

    def _at(self, done: int, total: int) -> RemovalProgressed:
        return RemovalProgressed(self._kind, done, total)


def performed(db: WritingConnection, order: Order) -> RemovalFinished:
    """Do all of *order* on *db*, now; return how it ended."""
    ends: list[RemovalFinished] = []
    doing = Removing(db, order, lambda event: _note(event, ends))
    while doing.step():
        pass
    return ends[0]


def _note(event: object, ends: list[RemovalFinished]) -> None:
    if isinstance(event, RemovalFinished):
        ends.append(event)
