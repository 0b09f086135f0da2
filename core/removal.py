"""What a person orders about old conversations: one after the other, to be cancelled at any time.

Nothing here is ever done by itself but the last step of an order: what was removed is deleted
for good when its time to be taken back is over.
"""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
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
from core.queries.removals import OldRow, Weight
from core.store import joining, optimising, removals
from core.store.connection import WritingConnection

log = logging.getLogger(__name__)

LEAST_DAYS: Final = 1  # what is younger may still go on


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove conversations, meant by their keys."""

    conversations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take removals back, meant by their ids."""

    removals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete removals for good; none: those whose time is over."""

    removals: tuple[int, ...] = ()


Order: TypeAlias = Remove | TakeBack | Forget
Chore: TypeAlias = Task | Order


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order would take, before it is given."""

    rows: tuple[OldRow, ...]  # whose logs are on the disk
    alone: tuple[OldRow, ...]  # of which some log is not: what the library has may be all there is
    undated: int  # conversations that have no age, and stay
    weight: Weight  # of those with logs
    weight_alone: Weight  # of the others

    def keys(self, *, alone: bool) -> tuple[str, ...]:
        """Return the conversations to remove, those of which the library may be *alone* or not."""
        return tuple(row.key for row in (*self.rows, *(self.alone if alone else ())))

    def messages(self, *, alone: bool) -> int:
        """Return how many messages these hold."""
        return sum(row.messages for row in (*self.rows, *(self.alone if alone else ())))


def plan(db: Connection, days: int, now: int, project: str = "") -> Plan:
    """Return what removing all that is older than *days* would take, at the moment *now* in ms.

    Looks for each of the logs on the disk; see `core.queries.removals` for the rest of the cost.
    """
    found = queries.older(db, now - days * queries.DAY_MS, project)
    with closing(_Looking()) as look:
        rows = tuple(row for row in found if all(look.surely(path) for path in row.logs))
    here = {row.id for row in rows}
    alone = tuple(row for row in found if row.id not in here)
    return Plan(
        rows,
        alone,
        queries.undated(db),
        queries.weight(db, (row.id for row in rows)),
        queries.weight(db, (row.id for row in alone)),
    )


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

    def surely(self, path: bytes) -> bool:
        """Tell whether the file at *path* is there for certain."""
        return self._told(path) is True

    def maybe(self, path: bytes) -> bool:
        """Tell whether the file at *path* is there, or nobody knows."""
        return self._told(path) is not False

    def _told(self, path: bytes) -> bool | None:
        place = Path(os.fsdecode(path))
        try:
            return self._patience.ask(place, partial(os.path.lexists, place))
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
        self._done = 0
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
        except sqlite3.DatabaseError as error:
            log.warning("%s: %s", self._kind, error)
            told, trouble = None, str(error)
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        if told is not None:
            self._publish(told)
            return True
        self._look.close()
        self._publish(
            RemovalFinished(
                self._kind, self._done, self._cancelled.is_set(), trouble, tuple(self._paths)
            )
        )
        return False

    def _remove(self, keys: Sequence[str]) -> Iterator[RemovalProgressed]:
        for place, key in enumerate(keys):
            yield self._at(place, len(keys))
            if removals.remove(self._db, key, self._now, self._look.surely) is not None:
                self._done += 1

    def _take_back(self, found: Sequence[int]) -> Iterator[RemovalProgressed]:
        for place, removal in enumerate(found):
            yield self._at(place, len(found))
            paths = removals.restore(self._db, removal)
            self._paths += (Path(os.fsdecode(path)) for path in paths if self._look.surely(path))
            self._done += 1

    def _forget(self, found: Sequence[int]) -> Iterator[RemovalProgressed]:
        chosen = found or queries.due(self._db, self._now)
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
