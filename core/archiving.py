"""Logs into the archive, as they are: what was read, and is not kept yet.

Done while nothing else is to be done. What is due stands in the library, written with what
was read: a crash in between forgets nothing, and costs nothing but doing it then.
"""

import os
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from mmap import mmap
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO, Final

from core import packs, picturing, sharing
from core.files.bundles import members
from core.files.cursor import Change, Cursor, Stat, compare, edges
from core.files.patience import Patience
from core.messages import formats
from core.messages.format import Framing
from core.opening import opened
from core.resting import Resting, Restlessness
from core.store import archive, joining, optimising, pictures
from core.store.archive import Due, Grown, Kept, Member, Part, Shared
from core.store.slices import UNFINISHED

_FILES: Final = 256  # looked into in one step
_CHUNK: Final = 1 << 20  # bytes that are read at once
_WORTH: Final = 1 << 16  # bytes in which something may be that is kept already
_WAIT: Final = 600.0  # seconds before a file that could not be read is tried again

# When all is kept: each is a step of work, and tells whether there was any.
_AFTERWARDS: Final = (picturing.step, joining.join, optimising.loosened)


class _Batch:
    """What one step keeps; to be closed."""

    def __init__(self) -> None:
        # Pages of the system's own, that go back to it at once, and are there when written to.
        self._pages = mmap(-1, packs.MOST)
        self._size = 0  # bytes of them that are in use
        self.grown: list[Grown] = []

    def close(self) -> None:
        self._pages.close()

    @property
    def room(self) -> int:
        """How many bytes fit in."""
        return packs.MOST - self._size if len(self.grown) < _FILES else 0

    def read(self, stream: BinaryIO, begin: int, parts: Iterable[Part]) -> list[Part]:
        """Read what is new of *parts*, from *begin* on in *stream*; return the parts that fit.

        They count only when they are taken: of a file whose reading fails nothing stays.
        """
        at, end = self._size, self._size + self.room
        taken: list[Part] = []
        for part in parts:
            taken.append(part)
            if isinstance(part, Shared):
                begin += part.length
                continue
            stream.seek(begin)
            first, stop = at, min(end, at + part)
            while at < stop and (data := stream.read(min(stop - at, _CHUNK))):
                self._pages[at : at + len(data)] = data
                at += len(data)
            begin += at - first
            if at - first < part:
                taken[-1] = at - first
                break
        return taken

    def take(self, grown: Grown) -> None:
        """Take what was just read, which is what *grown* says."""
        self.grown.append(grown)
        self._size += grown.length

    def keep(self, db: Connection, done: list[Due]) -> None:
        """Keep it; those sources *done* are not due any more."""
        with memoryview(self._pages) as pages, pages[: self._size] as data:
            archive.keep(db, self.grown, data, done)


class Archiving:
    """Keeps what is due in one open library, step by step; for the writer's thread only."""

    def __init__(self, db: Connection, patience: Patience | None = None) -> None:
        """Write through *db*, the writer's connection; *patience* is for what may not answer."""
        self._db = db
        self._patience = patience or Patience()
        self._resting = Restlessness()
        self._later: dict[int, float] = {}  # sources that could not be read, and until when

    def step(self) -> bool:
        """Keep a full pack of what is due; then let go of pictures, join packs, free the disk.

        Returns False if there is none of these to do.

        Not to be called inside of a transaction. Takes about a tenth of a second.
        """
        if not archive.is_on(self._db):
            return False
        now = time.monotonic()
        self._later = {source: until for source, until in self._later.items() if until > now}
        due = archive.due(self._db, _FILES, self._later)
        if not due:
            return any(step(self._db) for step in _AFTERWARDS)
        with closing(_Batch()) as batch:
            batch.keep(self._db, self._taken(due, batch, now + _WAIT))
        return True

    def _taken(self, due: list[Due], batch: _Batch, until: float) -> list[Due]:
        """Take what is new in *due*; return those of which all is taken.

        Those that cannot be read now are left alone *until* then.
        """
        done: list[Due] = []
        for one in due:
            try:
                if not self._take(one, batch):
                    break
            except FileNotFoundError:
                if self._is_missed(one):
                    self._later[one.source] = until
                else:
                    done.append(one)  # it was deleted: what was kept of it stays
            except Resting as rests:
                self._later[one.source] = rests.until
            except OSError:
                self._later[one.source] = until
            else:
                done.append(one)
        return done

    def _take(self, due: Due, batch: _Batch) -> bool:
        """Take what is new in *due*; return False if not all of it fits in."""
        if due.format in {formats.UNRECOGNISED, formats.REMOVED}:
            return True  # no log, whatever it is; or one that is gone for good
        form = formats.named(due.format)  # None: it only tells of a log
        lines = form is not None and form.framing is Framing.LINES
        main = _path(due)
        bundle = () if lines else self._patience.ask(main, partial(members, main))
        if not bundle:
            return self._take_file(Member(due.source), main, batch, lines=lines)
        for place, one in enumerate(bundle):
            name = b"" if one.path == main else os.fsencode(os.path.relpath(one.path, main.parent))
            member = Member(due.source, name, one.section, place)
            if batch.room <= 0 or not self._take_file(member, one.path, batch, lines=False):
                return False
        return True

    def _take_file(self, member: Member, path: Path, batch: _Batch, *, lines: bool) -> bool:
        """Take what is new in the file at *path*; return False if not all of it fits in."""
        if batch.room <= 0:
            return False
        kept = archive.latest(self._db, member)
        if kept is not None and Stat.of(self._patience.ask(path, path.stat)) == kept.stat:
            return True
        with opened(path, self._patience) as (stream, stat, _wide):
            grown = _grown(self._db, member, kept, stream, stat, lines=lines)
            if grown.anew and stat.size > batch.room and batch.grown:
                return False  # what is kept goes only with the new state whole: a batch of its own
            if not lines and not grown.begin and stat.size > packs.MOST:
                self._resting.begin(member)
            parts = batch.read(stream, grown.begin, _parts(self._db, grown, stream, stat.size))
            length = sum(part if isinstance(part, int) else part.length for part in parts)
            offset = grown.begin + length
            head, tail, _ = edges(stream, offset)
        # Of one that became shorter meanwhile nothing more is to come.
        whole = offset >= stat.size or not length
        cursor = Cursor(offset, 0, head, tail)
        seen = stat if whole else replace(stat, mtime_ns=UNFINISHED)
        taken = replace(grown, parts=tuple(parts), cursor=cursor, stat=seen)
        if whole and not lines and offset > packs.MOST:
            old = archive.outgrown(self._db, member, grown.generation, offset)
            taken = replace(taken, outgrown=old)
        batch.take(taken)
        return whole

    def _is_missed(self, due: Due) -> bool:
        """Tell whether the whole folder of *due* is gone: it may be on a disk that comes back."""
        folder = _path(due).parent
        try:
            return not self._patience.ask(folder, folder.is_dir)
        except OSError:
            return True


def _path(due: Due) -> Path:
    return Path(os.fsdecode(due.path))


def _grown(  # noqa: PLR0913  a file, and all that is known of it
    db: Connection, member: Member, kept: Kept | None, stream: BinaryIO, stat: Stat, *, lines: bool
) -> Grown:
    """Return from where on *member*, open as *stream*, is to be kept, and as what."""
    if kept is None:
        return Grown(member, None, 0, 0, (), stat, Cursor())
    made = Grown(member, kept, kept.generation, kept.cursor.offset, (), stat, Cursor())
    change, _ = compare(stream, stat.size, kept.cursor)
    if change is Change.GROWN and lines:
        return made
    if change is not Change.REPLACED and _is_same(db, kept, stream):
        return made
    in_parts = stat.size > packs.MOST and kept.stat.mtime_ns != UNFINISHED
    # A document may be where a log of lines was, whose pictures are in the archive alone.
    alone = pictures.are_read_from(db, kept.file)
    if lines or stat.size < kept.cursor.offset or in_parts or alone:
        return replace(made, generation=kept.generation + 1, begin=0)
    # A document is written anew whenever it grows: only its newest state is kept. One that takes
    # several steps stays beside the state before until it is whole: that may be all there is.
    return replace(made, begin=0, anew=True)


def _parts(db: Connection, grown: Grown, stream: BinaryIO, size: int) -> list[Part]:
    """Return what is to be kept of *stream* up to *size*: new, or shared with its state before."""
    new = max(0, size - grown.begin)
    if grown.generation and new >= _WORTH:
        older = archive.before(db, grown.member, grown.generation)
        if older:
            held = archive.pieces(db, grown.before.file) if grown.begin and grown.before else []
            last = held[-1] if held else None
            return sharing.parts(db, older, stream, grown.begin, size, last=last)
    return [new]


def _is_same(db: Connection, kept: Kept, stream: BinaryIO) -> bool:
    """Tell whether *stream* begins with all that is kept. Reads as much of it."""
    stream.seek(0)
    held = archive.pieces(db, kept.file)
    return all(packs.digest(stream.read(one.length)) == one.digest for one in held)
