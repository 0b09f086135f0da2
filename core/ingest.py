"""One file into the library: notices what happened to it, and reads what is new.

This is the only path by which anything enters the library, for a first import of a
year's history and for one line appended a moment ago.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import orjson

from core.errors import StaleSliceError
from core.events import ConversationChanged
from core.files.bundles import Member, members
from core.files.cursor import Change, Cursor, Stat, compare
from core.files.discover import Skipped, SourceFile
from core.files.layout import is_agent_meta, layout
from core.framing import recognise
from core.messages import formats
from core.messages.format import Format, Framing
from core.model import Problem, Severity
from core.opening import narrowed, opened
from core.records.fields import mapping, text
from core.slicing import Reading, scope, slices
from core.store.slices import Slice, SourceInfo, StoredSource
from core.store.writer import Writer

_META_BYTES = 1 << 20  # a larger .meta.json is not one


@dataclass(slots=True)
class Tally:
    """What reading cost, over all files of an import."""

    changed: int = 0  # files with something new
    parsed: int = 0  # files of which any line was decoded
    read: int = 0  # bytes
    logs: int = 0  # files in a known format, whether they had something new or not
    others: int = 0  # files in none
    formats: Counter[str] = field(default_factory=Counter[str])  # how many of the logs in each


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as it was found when it was opened."""

    file: BinaryIO
    stat: Stat  # of all its bundle, if it is the main file of one
    wide: bool  # UTF-16
    bundle: tuple[Member, ...]


@dataclass(slots=True)
class Ingest:
    """Reads files into the library of *writer*."""

    writer: Writer
    tally: Tally = field(default_factory=Tally)

    def file(self, file: SourceFile) -> Iterator[tuple[tuple[ConversationChanged, ...], int]]:
        """Read what is new in *file*, one commit at a time.

        Yields after every commit what changed (nothing, if there is nothing to show) and how
        many bytes of the file are done. Stopping between two commits loses nothing.
        """
        if is_agent_meta(file.path):
            self._describe(file)
            return
        info = source_info(file.path)
        stored = self.writer.source(info, file.stat)
        moved = stored is not None and stored.path != info.path
        if stored and stored.stat == file.stat and not moved and _is_current(stored):
            self._count(stored.format)
            return
        try:
            with opened(file.path) as (stream, facts, wide):
                bundle = members(file.path)
                now = _Opened(stream, file.stat if bundle else facts, wide, bundle)
                if stored and moved:
                    stored = self._moved(stored, info, now)
                reading = self._resumed(info, stored, now)
                if reading is not None:
                    yield from self._read(reading)
        except StaleSliceError:
            return  # what the other process has not read yet is found at the next look
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror or error}."
            self.writer.unreadable(info, Problem(0, 0, Severity.ERROR, reason))

    def _count(self, form: str) -> None:
        if form in {formats.UNRECOGNISED, formats.UNKNOWN}:
            self.tally.others += 1
        else:
            self.tally.logs += 1
            self.tally.formats[form] += 1

    def skip(self, skipped: Skipped) -> None:
        """Note that a file was left alone, and why."""
        problem = Problem(0, 0, skipped.severity, f"Not read: {skipped.reason}")
        self.writer.unreadable(source_info(skipped.path), problem)

    def _moved(self, stored: StoredSource, info: SourceInfo, now: _Opened) -> StoredSource | None:
        """Return *stored* if the file was renamed; None if another one got its inode."""
        change, cost = compare(now.file, now.stat.size, stored.cursor)
        self.tally.read += cost
        if change is Change.REPLACED or not stored.cursor.offset:
            return None
        self.writer.move(stored.id, info)
        return stored

    def _resumed(
        self, info: SourceInfo, stored: StoredSource | None, now: _Opened
    ) -> Reading | None:
        """Return how to go on with a file, or from its beginning; None: it holds nothing new."""
        if stored and _is_current(stored):
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
            if form and lines and begun and change is Change.GROWN:
                self._count(form.name)
                kept = _named(info, form, stored.reason, stored.scope)
                return Reading(
                    kept, form, now.file, now.file, now.stat, stored.cursor, stored.memory
                )
        return self._begun(info, stored, now)

    def _begun(self, info: SourceInfo, stored: StoredSource | None, now: _Opened) -> Reading | None:
        """Return how to read a file from its beginning; None: it is in no format."""
        now.file.seek(0)  # it is converted from there if it is UTF-16
        stream = narrowed(now.file) if now.wide else now.file
        found = recognise(info.place, stream)
        form = found.format
        self._count(form.name if form else formats.UNRECOGNISED)
        if form is None:
            none = replace(info, revision=formats.REVISION, reason="Nothing in it is a log's.")
            again = stored is not None
            self.writer.commit(Slice(none, now.stat, 0, Cursor(), (), (), again=again))
            return None
        same = stored.scope if stored is not None and stored.format == form.name else ""
        kept = _named(info, form, found.reason, same)
        return Reading(
            kept, form, stream, now.file, now.stat, again=stored is not None,
            afresh=stored is not None and not _is_current(stored), wide=now.wide,
            bundle=now.bundle,
        )  # fmt: skip

    def _read(self, reading: Reading) -> Iterator[tuple[tuple[ConversationChanged, ...], int]]:
        began = reading.cursor.offset
        wrote = False
        for part in slices(reading):
            self.tally.read += max(0, part.cursor.offset - began)
            began = part.cursor.offset
            if not wrote:
                wrote = True
                self.tally.changed += 1
                self.tally.parsed += 1
            yield self.writer.commit(part), part.cursor.offset

    def _describe(self, file: SourceFile) -> None:
        info = replace(source_info(file.path), format="claude-agent", revision=formats.REVISION)
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
    raw = os.fsencode(path)
    label = raw.decode("utf-8", "replace")
    place = Path(label)
    return SourceInfo(raw, label, place, layout(place))


def _is_current(stored: StoredSource) -> bool:
    return stored.revision == formats.revision(stored.format)


def _named(info: SourceInfo, form: Format, reason: str, known: str) -> SourceInfo:
    """Return *info* with what *form* says of its file; *known* is the scope it had before."""
    place = form.place(info.place)
    return replace(
        info, format=form.name, revision=form.revision, reason=reason, layout=place,
        scope=known or scope(form, place.key, info.label), aside=form.aside,
    )  # fmt: skip
