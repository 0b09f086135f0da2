"""Finds out where the messages of sessions were written that an earlier version has read.

The files are read once more, a slice at a time, while nothing else is to be done. Where one is
gone, or another stands in its place, the folder and branch of the whole session go on standing
for each of its messages; `core.queries.lacking` tells which these are.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from os import fsdecode
from pathlib import Path
from sqlite3 import Connection

from core.files.patience import Patience
from core.opening import opened
from core.parsing import Opened, begin, source_info
from core.queries import lacking
from core.queries.lacking import Lacking
from core.slicing import slices
from core.store import places
from core.store import threads as store
from core.store.connection import transaction
from core.store.places import Here, Row
from core.store.slices import Slice


class Placing:
    """Goes through the sessions of one open library, each once; for the writer's thread only."""

    def __init__(self, db: Connection, patience: Patience | None = None) -> None:
        """Write through *db*, the writer's connection; *patience* is for what may not answer."""
        self._db = db
        self._patience = patience or Patience()
        self._open: _Session | None = None
        self.read = 0  # slices, for tests of work done

    def step(self) -> bool:
        """Read one slice of one file; return False if there is nothing to find out.

        Not to be called inside of a transaction.
        """
        if self._open is None:
            found = lacking.following(self._db, places.filled(self._db))
            if found is None:
                last = lacking.last(self._db)
                if last > places.filled(self._db):
                    self._done(last)
                return False
            self._open = _Session(self._db, found, self._patience)
        self.read += 1
        if not self._open.step():
            self._done(self._open.lacking.id)
        return True

    def close(self) -> None:
        """Read no further; what was found in a file that is not read to its end is forgotten."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _done(self, session: int) -> None:
        one, self._open = self._open, None
        with transaction(self._db):
            if one is not None and one.rows and self._lacks(one.lacking):
                places.keep(self._db, one.rows)
                store.mark(self._db, [one.lacking.conversation], anew=True)
            places.fill(self._db, session)
        if one is not None:
            one.close()

    def _lacks(self, one: Lacking) -> bool:
        """Tell whether *one* is still as it was: it may have been read anew meanwhile."""
        return lacking.following(self._db, one.id - 1) == one


class _Session:
    """One session whose file is being read."""

    def __init__(self, db: Connection, found: Lacking, patience: Patience) -> None:
        self.lacking = found
        self.rows: list[Row] = []
        self._here = Here(found.id)
        self._messages = lacking.messages(db, found.id)
        self._patience = patience
        self._stack = ExitStack()
        self._slices: Iterator[Slice] | None = None

    def step(self) -> bool:
        """Read a slice; return False once there is no more."""
        try:
            if self._slices is None:
                self._slices = self._begun()
            part = next(self._slices, None)
        except OSError:
            return False
        if part is None:
            return False
        for fact in part.facts:
            if fact.part:
                return False  # a file of several sessions: its places are no file's of one
            self._here.go(fact)
            place = fact.message.place if fact.message is not None else None
            id_ = self._messages.get((place.offset, place.length)) if place else None
            row = self._here.note(id_) if id_ is not None else None
            self.rows += [row] if row is not None else []
        return True

    def close(self) -> None:
        self._stack.close()

    def _begun(self) -> Iterator[Slice]:
        path = Path(fsdecode(self.lacking.path))
        stream, stat, wide = self._stack.enter_context(opened(path, self._patience))
        now = Opened(stream, stat, wide, patience=self._patience)
        reading = begin(source_info(path), None, now)
        return iter(()) if isinstance(reading, Slice) else slices(reading)
