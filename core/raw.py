"""A record's own bytes, read again from the file that it came from, or out of the archive."""

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO

from core.errors import DamagedPackError
from core.files.bundles import members
from core.messages.format import Format, Framing, Memory
from core.messages.formats import named
from core.model import Message
from core.opening import narrowed, opened
from core.queries import archive
from core.queries.archive import ArchivedFile, Damage
from core.records import document
from core.records.decode import Line, Record, decode
from core.slicing import scoped

MOST = 16 << 20  # bytes of a record that are shown
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # what a file in UTF-16 begins with

_ASK = """
SELECT message.uuid, message.line, message.offset, message.length, source.path, source.label,
       source.format, coalesce(nullif(source.scope, ''), session.key), source.id
FROM message JOIN session ON session.id = message.session_id
JOIN source ON source.id = session.source_id WHERE message.id = ?
"""
_UNKNOWN = "The library has no such message."
_GONE = "The file is no longer there. What the library kept of it is shown in the transcript."
_UNREADABLE = "The file cannot be read now: {0}."
_REPLACED = "The file was written anew since; this is no longer in it."
_CHANGED = "The file has changed since it was read; what is at this place now is no whole record."
_MISSED = "The file has changed since it was read; this record is no longer found in it."
_KEPT = "The file is gone or has changed; this is what the archive kept of it."
_EARLIER = "The file was written anew since; this is what the archive kept of an earlier state."
_LONG = "Only the first {0} bytes of {1} are shown."


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file holds of a message."""

    text: str  # as it stands, "" if it cannot be had
    label: str  # the file's path, for people
    line: int  # physical, from 1; 0 if not known
    offset: int  # bytes
    trouble: str = ""  # one sentence about what is not as it should be
    path: Path | None = None  # the file, for opening its folder


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message's place as the library has it."""

    uuid: str
    line: int
    offset: int
    length: int
    path: Path
    label: str
    format: Format | None
    scope: str  # what stands before ids that only its file knows
    source: int  # row id

    @property
    def cut(self) -> str:
        """What is said of a record that is too long to be shown whole; "" if it is not."""
        return _LONG.format(f"{MOST:,}", f"{self.length:,}") if self.length > MOST else ""

    def raw(self, data: bytes, trouble: str = "", path: Path | None = None) -> Raw:
        """Return *data* as what was found; it is in the file *path* of the bundle if in one."""
        if len(data) > MOST:
            trouble = trouble or self.cut
        text = data[:MOST].decode("utf-8", "replace")
        label = self.label if path in {None, self.path} else str(path)
        return Raw(text, label, self.line, self.offset, trouble, path or self.path)


def raw(db: Connection, message: int) -> Raw:
    """Return the bytes that message *message* (its row id) was read from, and where they are.

    Reads the record alone; of a session that is kept as several files as many of them as it
    takes to come to the record. What is no longer in its file is looked for in what the archive
    has of that, the latest state first; of an earlier state that takes reading all of it.
    """
    row = db.execute(_ASK, (message,)).fetchone()
    if row is None:
        return Raw("", "", 0, 0, _UNKNOWN)
    uuid, line, offset, length, path, label, form, scope, source = row
    place = Path(os.fsdecode(path))
    asked = _Asked(uuid, line, offset, length, place, label, named(form), scope, source)
    found = asked.raw(b"", _REPLACED) if offset < 0 else _current(asked)
    if _serves(found, asked):
        return found
    try:
        return _kept(db, asked) or _kept_before(db, asked) or found
    except DamagedPackError as error:
        return replace(found, trouble=f"{found.trouble} {error}")


def raw_of_block(db: Connection, block: int) -> Raw:
    """Return the bytes that *block*, such as a call's result, was read from."""
    row = db.execute("SELECT message_id FROM block WHERE id = ?", (block,)).fetchone()
    return raw(db, row[0] if row else 0)


def _serves(found: Raw, asked: _Asked) -> bool:
    """Tell whether *found* is the record, even if not all of it is shown."""
    return found.trouble in {"", asked.cut}


def _current(asked: _Asked) -> Raw:
    try:
        return _read(asked)
    except FileNotFoundError:
        return asked.raw(b"", _GONE)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return asked.raw(b"", _UNREADABLE.format(reason))


def _read(asked: _Asked) -> Raw:
    """Return the record as its file has it now."""
    form = asked.format
    bundle = members(asked.path) if form and form.framing is Framing.DOCUMENT else ()
    if bundle:
        return _found(asked, ((one.path, one.section, _whole(one.path)) for one in bundle))
    with opened(asked.path) as (stream, _, wide):
        data = _at(narrowed(stream) if wide else stream, asked)
    return _judged(asked, data, asked.path)


def _kept(db: Connection, asked: _Asked) -> Raw | None:
    """Return the record as the archive has it of the file's latest state; None: it has not.

    Raises:
        DamagedPackError: it had.
    """
    files = [one for one in archive.of_source(db, asked.source) if one.newest]
    if not files or asked.offset < 0:
        return None
    if any(one.section for one in files):
        parts = ((Path(os.fsdecode(one.path)), one.section, _all(db, one)) for one in files)
        found = _found(asked, parts)
    else:
        data = archive.stretch(db, files[0], asked.offset, min(asked.length, MOST + 1))
        found = _judged(asked, data, asked.path)
        # Asked last, for it may take another pack: offsets are those of the text.
        if found.trouble and archive.stretch(db, files[0], 0, 2) in _WIDE:
            text = narrowed(io.BytesIO(_all(db, files[0])))
            found = _judged(asked, _at(text, asked), asked.path)
    if not _serves(found, asked):
        return None
    return replace(found, trouble=f"{_KEPT} {asked.cut}".rstrip())


def _kept_before(db: Connection, asked: _Asked) -> Raw | None:
    """Return the record as the archive has it of any state of the file, by its id, or None.

    Where it stood there is not known: of a log of lines it is the one that has this id. What
    has none cannot be found; nor can what is in a document, of which only one state is kept.
    """
    form = asked.format
    if form is None or form.framing is not Framing.LINES:
        return None
    own = asked.uuid.removeprefix(f"{asked.scope}/") if form.local else asked.uuid
    words = own.partition("~")[0].encode()  # what is behind it tells two of one id apart
    if not words or b"@" in words:
        return None  # it was made from a place
    for file in reversed(archive.of_source(db, asked.source)):
        for place, data in archive.lines_with(db, file, words):
            if _tells(asked, form, Line(asked.line, place, data)):
                return asked.raw(data, _EARLIER)
    return None


def _tells(asked: _Asked, form: Format, line: Line) -> bool:
    """Tell whether any record of *line* is that of the message."""
    for record in decode(line).records:
        for fact in form.read(record, {})[0]:
            own = scoped(fact, asked.scope) if form.local else fact
            said = own.message.uuid if own.message is not None else ""
            if said and (asked.uuid == said or asked.uuid.startswith(f"{said}~")):
                return True
    return False


def _all(db: Connection, file: ArchivedFile) -> bytes:
    parts: list[bytes] = []
    for found in archive.contents(db, file):
        if isinstance(found, Damage):
            raise DamagedPackError(str(found))
        parts.append(found)
    return b"".join(parts)


def _whole(path: Path) -> bytes:
    with opened(path) as (stream, _, wide):
        return (narrowed(stream) if wide else stream).read()


def _found(asked: _Asked, files: Iterable[tuple[Path, str, bytes]]) -> Raw:
    """Return the record out of the *files* of a bundle: path, section and content of each."""
    form = asked.format
    assert form is not None
    memory: Memory = {}
    for path, record, data in _records(files, form):
        told, memory = form.read(record, memory)
        for fact in told:
            own = scoped(fact, asked.scope) if form.local else fact
            if own.message is not None and _is_it(own.message, asked):
                return asked.raw(data, path=path)
    return asked.raw(b"", _MISSED)


def _is_it(message: Message, asked: _Asked) -> bool:
    if message.place.offset != asked.offset:
        return False
    # One that has no id got one in the library, from its place; one whose id is another's, too.
    said = message.uuid or f"{asked.scope}@{asked.offset}"
    return asked.uuid == said or asked.uuid.startswith(f"{said}~")


def _records(
    files: Iterable[tuple[Path, str, bytes]], form: Format
) -> Iterator[tuple[Path, Record, bytes]]:
    """Yield the records of a bundle's *files* with their bytes, in the order they were read."""
    for path, section, data in files:
        for decoded in document.documents(data, form.arrays, section):
            for record in decoded.records:
                place = record.place
                yield path, record, data[place.offset : place.offset + place.length]


def _at(stream: BinaryIO | io.BytesIO, asked: _Asked) -> bytes:
    stream.seek(asked.offset)
    return stream.read(min(asked.length, MOST + 1))


def _judged(asked: _Asked, data: bytes, path: Path) -> Raw:
    """Return *data* with what is wrong with it: a file may have changed since it was read."""
    if not data or len(data) < min(asked.length, MOST + 1):
        return asked.raw(data, _MISSED if not data else _CHANGED, path)
    form = asked.format
    if form is None or form.framing is Framing.MARKDOWN or len(data) > MOST:
        return asked.raw(data, path=path)
    whole = bool(decode(Line(asked.line, asked.offset, data)).records)
    return asked.raw(data, "" if whole else _CHANGED, path)
