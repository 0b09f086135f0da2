"""One file into the library: notices what happened to it, and reads what is new.

This is the only path by which anything enters the library, for a first import of a
year's history and for one line appended a moment ago.
"""

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import orjson

from core import parsing
from core.errors import StaleSliceError
from core.events import ConversationChanged
from core.files.bundles import members
from core.files.cursor import Change, Cursor, Stat, compare
from core.files.discover import Skipped, SourceFile
from core.files.layout import is_agent_meta
from core.files.patience import NoAnswerError, Patience
from core.files.reaching import Unanswered, found
from core.framing import SOME, recognise
from core.messages import formats
from core.messages.format import Format, Framing
from core.model import Problem, Severity
from core.opening import opened
from core.parsing import Opened, Parsed, Task
from core.records.fields import mapping, text
from core.slicing import BRIEF_RECORDS, SLICE_RECORDS, Reading, slices
from core.store.slices import Slice, SourceInfo, StoredSource
from core.store.writer import Writer
from core.tally import Tally, Unread

_META_BYTES = 1 << 20  # a larger .meta.json is not one
_SMALL = 1 << 14  # bytes of a file that is read sooner than handed over


# Errors of the system that may be gone a moment later.
_PASSING = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.EIO, errno.EMFILE, errno.ENFILE,
        errno.ESTALE, errno.ETIMEDOUT,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ahead:
    """A file that was read before its turn."""

    task: Task
    parsed: Parsed


@dataclass(slots=True)
class Ingest:
    """Reads files into the library of *writer*."""

    writer: Writer
    tally: Tally = field(default_factory=Tally)
    brief: bool = False  # transactions are to be short: something cannot wait
    settled: set[int] = field(default_factory=set[int])  # short files whose format is certain
    courtesy: Callable[[], None] = lambda: None  # lets a thread that cannot wait go first
    patience: Patience = field(default_factory=Patience)  # with what may not answer

    def task(self, file: SourceFile) -> Task | None:
        """Return *file* as a task for `parse`; None: reading it is not worth one, or cannot be."""
        if is_agent_meta(file.path) or file.stat.size < _SMALL:
            return None
        if self.patience.mount(file.path) is not None:
            return None  # what waits for it elsewhere would wait for ever
        info = parsing.source_info(file.path)
        stored = self.writer.source(info, file.stat)
        if stored is not None and (stored.path != info.path or parsing.is_current(stored)):
            return None  # it was renamed, or only what is new in it is read
        if stored is not None and stored.format == formats.REMOVED:
            return None
        return Task(info, file.path, stored)

    def file(
        self, file: SourceFile, ahead: Ahead | None = None
    ) -> Iterator[tuple[tuple[ConversationChanged, ...], int]]:
        """Read what is new in *file*, one commit at a time.

        Yields after every commit what changed (nothing, if there is nothing to show) and how
        many bytes of the file are done. Stopping between two commits loses nothing. What was
        read *ahead* is taken if the library still has the file as it was then.
        """
        if is_agent_meta(file.path):
            self._describe(file)
            return
        info = parsing.source_info(file.path)
        stored = self._stored(file, info)
        self.tally.known += stored is not None and stored.revision > 0
        if stored is not None and stored.format == formats.REMOVED:
            return  # a person has removed what was in it, and may take that back
        moved = stored is not None and stored.path != info.path
        if stored and stored.stat == file.stat and not moved and parsing.is_current(stored):
            self._count(stored.format)
            return
        try:
            if ahead is not None and stored == ahead.task.stored:
                yield from self._take(ahead.parsed)
                if ahead.parsed.done:
                    return
                stored, moved = self.writer.source(info, file.stat), False
            with opened(file.path, self.patience) as (stream, facts, wide):
                bundle = self.patience.ask(file.path, partial(members, file.path))
                now = Opened(stream, file.stat if bundle else facts, wide, bundle, self.patience)
                if stored and moved:
                    stored = self._moved(stored, info, now)
                reading = self._resumed(info, stored, now)
                if reading is not None:
                    yield from self._read(reading)
        except StaleSliceError:
            return  # what the other process has not read yet is found at the next look
        except OSError as error:
            self._unread(file.path, info, error)

    def _stored(self, file: SourceFile, info: SourceInfo) -> StoredSource | None:
        """Return how far *file* was read; None: it is new.

        Also if it only has the place on the disk of one whose content a person has removed.
        """
        stored = self.writer.source(info, file.stat)
        if stored is None or stored.format != formats.REMOVED or stored.path == info.path:
            return stored
        try:
            with opened(file.path, self.patience) as (stream, _facts, wide):
                return self._moved(stored, info, Opened(stream, file.stat, wide))
        except OSError as error:
            self._unread(file.path, info, error, listed=False)
            return stored

    def _unread(self, path: Path, info: SourceInfo, error: OSError, *, listed: bool = True) -> None:
        reason = f"The file cannot be read: {error.strerror or error}."
        if isinstance(error, NoAnswerError):  # the file is as it was, and read when it answers
            self.tally.unread[path] = Unread(reason, may_pass=False)
            return
        self.tally.unread[path] = Unread(reason, error.errno in _PASSING)
        if listed:  # else it may hold what was removed: a row of its own would have it read
            self.writer.unreadable(info, Problem(0, 0, Severity.ERROR, reason))

    def _count(self, form: str) -> None:
        if form in {formats.UNRECOGNISED, formats.UNKNOWN}:
            self.tally.others += 1
        else:
            self.tally.logs += 1
            self.tally.formats[form] += 1

    def found(self, roots: Iterable[Path]) -> Iterator[SourceFile | Skipped]:
        """Yield what there is below *roots*; see `core.files.discover.find`."""
        return found(roots, self.patience)

    def skip(self, skipped: Skipped) -> None:
        """Note that a file was left alone, and why."""
        if isinstance(skipped, Unanswered):
            self.tally.unread[skipped.path] = Unread(skipped.reason, may_pass=False)
            return
        problem = Problem(0, 0, skipped.severity, f"Not read: {skipped.reason}")
        self.writer.unreadable(parsing.source_info(skipped.path), problem)

    def _moved(self, stored: StoredSource, info: SourceInfo, now: Opened) -> StoredSource | None:
        """Return *stored* if the file was renamed; None if another one got its inode."""
        change, cost = compare(now.file, now.stat.size, stored.cursor)
        self.tally.read += cost
        if change is Change.REPLACED or not stored.cursor.offset:
            return None
        self.writer.move(stored.id, info)
        return stored

    def _resumed(
        self, info: SourceInfo, stored: StoredSource | None, now: Opened
    ) -> Reading | None:
        """Return how to go on with a file, or from its beginning; None: it holds nothing new."""
        if stored and parsing.is_current(stored):
            change, cost = compare(now.file, now.stat.size, stored.cursor)
            self.tally.read += cost
            form = formats.named(stored.format)
            lines = form is not None and form.framing is Framing.LINES and not now.wide
            # A document may have changed in its middle, which its ends do not tell.
            if change is Change.NONE and (lines or form is None) and not now.bundle:
                self.writer.touch(stored.id, now.stat)
                self._count(stored.format)
                return None
            # What little fitted when it was short, or held no record yet, may be something now.
            begun = stored.cursor.offset > 0 and stored.format not in formats.WEAK
            grown = form is not None and lines and change is Change.GROWN
            if form and grown and begun and self._fits(info, stored, form, now):
                self._count(form.name)
                kept = parsing.named(info, form, stored.reason, stored.scope)
                return Reading(
                    kept, form, now.file, now.file, now.stat, stored.cursor, stored.memory,
                    patience=self.patience,
                )  # fmt: skip
            return self._begun(info, stored, now, whole=grown)
        return self._begun(info, stored, now)

    def _fits(self, info: SourceInfo, stored: StoredSource, form: Format, now: Opened) -> bool:
        """Tell whether a file that grew is still in the format *form*.

        What its first lines said decides, and there may have been too few of them to be sure.
        """
        if stored.cursor.line >= SOME or stored.id in self.settled:
            return True
        found = recognise(info.place, now.file)
        if found.settled:
            self.settled.add(stored.id)
        return found.format is form

    def _begun(
        self, info: SourceInfo, stored: StoredSource | None, now: Opened, *, whole: bool = False
    ) -> Reading | None:
        """Return how to read a file from its beginning; None: it is in no format.

        With *whole* all that was read of it is still there.
        """
        start = parsing.begin(info, stored, now, whole=whole)
        if isinstance(start, Slice):
            self._count(formats.UNRECOGNISED)
            self.writer.commit(start)
            self.tally.take(start)
            return None
        self._count(start.form.name)
        return start

    def _read(self, reading: Reading) -> Iterator[tuple[tuple[ConversationChanged, ...], int]]:
        wrote = False
        for part in slices(reading, self._most, self.courtesy):
            if not wrote:
                wrote = True
                self.tally.changed += 1
                self.tally.parsed += 1
            changes = self.writer.commit(part)
            self.tally.take(part)
            yield changes, part.cursor.offset

    def _take(self, parsed: Parsed) -> Iterator[tuple[tuple[ConversationChanged, ...], int]]:
        if parsed.done:  # else what is read behind it counts the file
            self._count(parsed.format or formats.UNRECOGNISED)
            self.tally.changed += bool(parsed.format)
            self.tally.parsed += bool(parsed.format)
        for part in parsed.slices:
            changes = self.writer.commit(part)
            self.tally.take(part)
            yield changes, part.cursor.offset

    def _most(self) -> int:
        return BRIEF_RECORDS if self.brief else SLICE_RECORDS

    def _describe(self, file: SourceFile) -> None:
        info = replace(
            parsing.source_info(file.path), format="claude-agent", revision=formats.REVISION
        )
        stored = self.writer.source(info, file.stat)
        if stored and stored.path != info.path:
            if stored.format == formats.REMOVED and _is_same(stored.stat, file.stat):
                self.writer.move(stored.id, info)
                return
            stored = None  # renamed: it describes another agent now
        self.tally.known += stored is not None
        same = stored and stored.stat == file.stat and parsing.is_current(stored)
        if same or (stored and stored.format == formats.REMOVED):
            return
        try:
            with opened(file.path, self.patience) as (stream, facts, _wide):
                data = stream.read(_META_BYTES)
        except OSError as error:
            self._unread(file.path, info, error)
            return
        problems: tuple[Problem, ...] = ()
        try:
            value: object = orjson.loads(data)
        except orjson.JSONDecodeError:
            value = None
            reason = "This agent description is not valid JSON."
            problems = (Problem(1, 0, Severity.WARNING, reason),)
        place = info.layout
        said = {
            "type": text(mapping(value), "agentType"),
            "title": text(mapping(value), "description"),
            "call": text(mapping(value), "toolUseId"),
        }
        self.writer.describe(place.trunk, place.agent, said)
        cursor = Cursor(len(data), 0, b"", b"")
        part = Slice(info, facts, 0, cursor, (), problems, again=stored is not None)
        self.writer.commit(part)
        self.tally.take(part)


def _is_same(before: Stat, now: Stat) -> bool:
    """Tell whether a file with the inode of *before* is the same one, which was not written."""
    return (before.size, before.mtime_ns) == (now.size, now.mtime_ns)
