"""The record at a place of a file that no message stands for, read again from the file.

`core.raw` does this for messages. Here it is for the first record of a kind, and for lines
that hold none.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO

from core.files.bundles import members
from core.framing import steps
from core.messages.format import Format, Framing, Memory
from core.messages.formats import named
from core.opening import narrowed, opened
from core.queries.census import kept
from core.raw import Raw
from core.records.decode import Record
from core.records.fields import dump

MOST = 1 << 20  # bytes that are shown
_GONE = "The file cannot be read now: {0}."
_KEPT = "{0} This is the record as the library keeps it."
_SHORT = "The file has changed since it was read; nothing is at this place now."
_MISSED = "The file has changed since it was read; this record is no longer found in it."
_LONG = "Only the first {0} bytes are shown."


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file. *kind* finds the record in files that are not read line by line."""

    source: int
    path: bytes  # as the operating system has it
    label: str  # the same for people
    format: str
    line: int
    offset: int
    kind: str = ""

    def raw(self, said: str, trouble: str = "") -> Raw:
        """Return *said* as what was found there."""
        path = Path(os.fsdecode(self.path))
        return Raw(said, self.label, self.line, self.offset, trouble, path)


def quote(db: Connection, where: Where) -> Raw:
    """Return what stands at *where* now; of a record nobody understood else what was kept."""
    try:
        return _read(where)
    except OSError as error:
        trouble = _GONE.format(error.strerror or error)
        said = kept(db, where.source, where.offset)
        return where.raw(said, _KEPT.format(trouble)) if said else where.raw("", trouble)


def _read(where: Where) -> Raw:
    path, form = Path(os.fsdecode(where.path)), named(where.format)
    with opened(path) as (file, _, wide):
        stream = narrowed(file) if wide else file
        if form is None or form.framing is Framing.LINES or not where.kind:
            return _line(stream, where)
        record = _found(form, path, stream, where)
        if record is None:
            return where.raw("", _MISSED)
        if form.framing is Framing.DOCUMENT:  # laid out by others, or in another file of a bundle
            return _cut(where, dump(record.data))
        stream.seek(record.place.offset)
        return _cut(where, stream.read(record.place.length).decode("utf-8", "replace"))


def _line(stream: BinaryIO, where: Where) -> Raw:
    stream.seek(where.offset)
    data = stream.read(MOST + 1)
    end = data.find(b"\n")
    if end >= 0:
        data = data[:end]
    if not data:
        return where.raw("", _SHORT)
    return _cut(where, data.decode("utf-8", "replace").rstrip("\r"))


def _found(form: Format, path: Path, stream: BinaryIO, where: Where) -> Record | None:
    """Return the record at *where*, read again from the beginning as it was when counted."""
    memory: Memory = {}
    for step in steps(form, stream, 0, 0, members(path)):
        for record in step.decoded.records:
            told, memory = form.read(record, memory)
            if record.place.offset == where.offset and told and told[0].kind == where.kind:
                return record
    return None


def _cut(where: Where, said: str) -> Raw:
    return where.raw(said[:MOST], _LONG.format(f"{MOST:,}") if len(said) > MOST else "")
