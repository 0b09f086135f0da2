"""One file to slices: opens it safely, notices what happened to it, reads what is new.

This is the only path by which anything enters the library, for a first import of a
year's history and for one line appended a moment ago.
"""

import io
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import orjson

from core.errors import StaleSliceError
from core.events import ConversationChanged
from core.files.cursor import Change, Cursor, Stat, compare, edges
from core.files.discover import Skipped, SourceFile
from core.files.layout import is_agent_meta, layout
from core.messages.formats import FORMATS, Format
from core.model import Facts, Problem, Severity
from core.records.decode import decode
from core.records.fields import mapping, text
from core.records.reader import lines
from core.store.slices import Slice, SourceInfo, StoredSource
from core.store.writer import Writer

SLICE_RECORDS = 500  # records in a transaction at most
SLICE_BYTES = 2 << 20  # bytes of the source in a transaction, unless one line is longer
MOST_PROBLEMS = 2000  # of one file that are listed in one reading; it is no transcript
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # byte order marks of UTF-16
_META_BYTES = 1 << 20  # a larger .meta.json is not one


@dataclass(slots=True)
class Tally:
    """What reading cost, over all files of an import."""

    changed: int = 0  # files with something new
    parsed: int = 0  # files of which any line was decoded
    read: int = 0  # bytes


@dataclass(slots=True)
class Ingest:
    """Reads files into the library of *writer*."""

    writer: Writer
    tally: Tally = field(default_factory=Tally)

    def file(self, file: SourceFile) -> Iterator[tuple[ConversationChanged | None, int]]:
        """Read what is new in *file*, one commit at a time.

        Yields after every commit what changed (None: nothing to show) and how many bytes
        of the file are done. Stopping between two commits loses nothing.
        """
        if is_agent_meta(file.path):
            self._describe(file)
            return
        info = source_info(file.path)
        stored = self.writer.source(info, file.stat)
        moved = stored is not None and stored.path != info.path
        known = stored is not None and stored.stat == file.stat and not moved
        if stored and known and stored.revision == info.revision:
            return
        try:
            with opened(file.path) as (stream, facts, wide):
                cursor, again = Cursor(), False
                if stored and moved:
                    stored = self._moved(stored, info, stream, facts)
                if stored and stored.revision == info.revision:
                    change, cost = compare(stream, facts.size, stored.cursor)
                    self.tally.read += cost
                    if change is Change.NONE:
                        self.writer.touch(stored.id, facts)
                        return
                    if change is Change.GROWN and not wide:
                        cursor = stored.cursor
                again = stored is not None and not cursor.offset
                yield from self._read(info, stream, facts, cursor, again=again, wide=wide)
        except StaleSliceError:
            return  # what the other process has not read yet is found at the next look
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror or error}."
            self.writer.unreadable(info, Problem(0, 0, Severity.ERROR, reason))

    def _moved(
        self, stored: StoredSource, info: SourceInfo, stream: BinaryIO, facts: Stat
    ) -> StoredSource | None:
        """Return *stored* if the file was renamed; None if another one got its inode."""
        change, cost = compare(stream, facts.size, stored.cursor)
        self.tally.read += cost
        if change is Change.REPLACED or not stored.cursor.offset:
            return None
        self.writer.move(stored.id, info)
        return stored

    def skip(self, skipped: Skipped) -> None:
        """Note that a file was left alone, and why."""
        problem = Problem(0, 0, Severity.WARNING, f"Not read: {skipped.reason}")
        self.writer.unreadable(source_info(skipped.path), problem)

    def _read(  # noqa: PLR0913  one file's state
        self,
        info: SourceInfo,
        stream: BinaryIO,
        facts: Stat,
        cursor: Cursor,
        *,
        again: bool,
        wide: bool,
    ) -> Iterator[tuple[ConversationChanged | None, int]]:
        text_stream = _narrowed(stream) if wide else stream
        began = cursor.offset
        wrote = False
        for part in slices(info, text_stream, stream, facts, cursor, wide=wide, again=again):
            self.tally.read += max(0, part.cursor.offset - began)
            began = part.cursor.offset
            if not wrote:
                wrote = True
                self.tally.changed += 1
                self.tally.parsed += 1
            yield self.writer.commit(part), part.cursor.offset

    def _describe(self, file: SourceFile) -> None:
        info = source_info(file.path)
        stored = self.writer.source(info, file.stat)
        if stored and stored.path != info.path:
            stored = None  # renamed: it describes another agent now
        if stored and stored.stat == file.stat:
            return
        try:
            with opened(file.path) as (stream, facts, _wide):
                data = stream.read(_META_BYTES)
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror or error}."
            self.writer.unreadable(info, Problem(0, 0, Severity.ERROR, reason))
            return
        self.tally.read += len(data)
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
        self.writer.commit(Slice(info, facts, 0, cursor, (), problems, again=stored is not None))


def source_info(path: Path) -> SourceInfo:
    """Return what is known of the file at *path* before it is opened."""
    form = FORMATS[0]
    raw = os.fsencode(path)
    label = raw.decode("utf-8", "replace")
    return SourceInfo(raw, label, form.name, form.revision, layout(Path(label)))


def slices(  # noqa: PLR0913  one file's state
    info: SourceInfo,
    stream: BinaryIO,
    file: BinaryIO,
    facts: Stat,
    cursor: Cursor,
    *,
    wide: bool = False,
    again: bool = False,
) -> Iterator[Slice]:
    """Yield what *stream* holds after *cursor*, in slices bounded by records and bytes.

    *file* is asked for the hashes of the cursor: the same as *stream*, unless that was
    converted (*wide*). Yields at least one slice for a file that was never read, so that
    it is known; none when there is only the beginning of a line.
    """
    read = _format(info).read
    records: list[Facts] = []
    problems: list[Problem] = []
    offset, line, size = cursor.offset, cursor.line, 0
    begin, listed = cursor.offset, 0
    for raw in lines(stream, cursor.offset, cursor.line):
        decoded = decode(raw)
        if not decoded.whole:
            break
        length = len(raw.data) + (1 if raw.ended else 0)
        offset, line, size = (
            raw.offset + length,
            raw.number - (0 if raw.ended else 1),
            size + length,
        )
        listed += len(decoded.problems)
        if listed <= MOST_PROBLEMS:
            problems += decoded.problems
        elif listed - len(decoded.problems) <= MOST_PROBLEMS:
            problems.append(_too_many(raw.number, raw.offset))
        for record in decoded.records:
            told = read(record)
            records.append(told)
            problems += told.notes
        if len(records) >= SLICE_RECORDS or size >= SLICE_BYTES:
            # The converted text's offsets mean nothing in the file: it is read whole or not.
            done = Cursor() if wide else _cursor(file, offset, line)
            # No file has these facts: an import that ends here is taken up again.
            partly = replace(facts, mtime_ns=-1)
            yield Slice(info, partly, begin, done, tuple(records), tuple(problems), again=again)
            records, problems, size, again = [], [], 0, False
            begin = done.offset
    if wide:
        offset = facts.size
    if records or problems or again or offset > cursor.offset or not cursor.head:
        done = _cursor(file, offset, line)
        yield Slice(info, facts, begin, done, tuple(records), tuple(problems), again=again)


def _too_many(line: int, offset: int) -> Problem:
    reason = f"More than {MOST_PROBLEMS:,} problems in one go; those from here on are not listed."
    return Problem(line, offset, Severity.ERROR, reason)


def _cursor(file: BinaryIO, offset: int, line: int) -> Cursor:
    here = file.tell()
    head, tail, _ = edges(file, offset)
    file.seek(here)
    return Cursor(offset, line, head, tail)


def _format(info: SourceInfo) -> Format:
    return next(form for form in FORMATS if form.name == info.format)


@contextmanager
def opened(path: Path) -> Generator[tuple[BinaryIO, Stat, bool]]:
    """Open the regular file at *path* for reading, without blocking and without a trace.

    Gives the stream, the file's facts and whether it is UTF-16.

    Raises:
        OSError: it cannot be opened or is not a regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    quiet = flags | getattr(os, "O_NONBLOCK", 0)  # a pipe must not make us wait
    try:
        handle = os.open(path, quiet | getattr(os, "O_NOATIME", 0))
    except PermissionError:  # only the owner may read without changing the access time
        handle = os.open(path, quiet)
    with os.fdopen(handle, "rb") as stream:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(0, "It is not a regular file")
        wide = stream.read(2) in _WIDE
        stream.seek(0)
        yield stream, Stat.of(facts), wide


def _narrowed(stream: BinaryIO) -> BinaryIO:
    """Return the text of a UTF-16 file as UTF-8."""
    return io.BytesIO(stream.read().decode("utf-16", "replace").encode())
