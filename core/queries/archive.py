"""What the archive holds, and its bytes, each of them checked."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, Final

from typing_extensions import override

from core import packs
from core.errors import DamagedPackError

_COLUMNS: Final = """
archive_file.id, archive_file.source_id, source.path, source.label, name, generation, section,
    place, archive_file.size, archive_file.mtime_ns, source.format, archive_file.id = (
        SELECT id FROM archive_file AS newer WHERE newer.source_id = archive_file.source_id
        AND newer.name = archive_file.name ORDER BY generation DESC LIMIT 1)
"""
_FILES: Final = f"""
SELECT {_COLUMNS} FROM source CROSS JOIN archive_file ON archive_file.source_id = source.id
WHERE source.format <> 'removed' ORDER BY path, name, generation
"""  # noqa: S608  constants only
_OF_CONVERSATION: Final = f"""
SELECT {_COLUMNS} FROM session CROSS JOIN source ON source.id = session.source_id
CROSS JOIN archive_file ON archive_file.source_id = source.id
WHERE conversation_id = :conversation
"""  # noqa: S608  constants only
_OF_SOURCE: Final = f"""
SELECT {_COLUMNS} FROM source CROSS JOIN archive_file ON archive_file.source_id = source.id
WHERE source.id = :source
"""  # noqa: S608  constants only
_FILE: Final = f"""
SELECT {_COLUMNS} FROM archive_file CROSS JOIN source ON source.id = archive_file.source_id
WHERE archive_file.id = :file
"""  # noqa: S608  constants only
_PIECES: Final = """
SELECT begin, length, pack_id, at, digest FROM archive_piece
WHERE file_id = :file AND begin < :end AND begin + length > :begin ORDER BY begin
"""
_PACK: Final = "SELECT size, data FROM archive_pack WHERE id = :pack"
_PACKS: Final = "SELECT id FROM archive_pack ORDER BY id"
_OF_PACK: Final = f"""
SELECT {_COLUMNS}, begin, length, at, digest
FROM archive_piece CROSS JOIN archive_file ON archive_file.id = file_id
CROSS JOIN source ON source.id = source_id WHERE pack_id = :pack ORDER BY at
"""  # noqa: S608  constants only
_HELD: Final = f"""
SELECT {_COLUMNS},
    (SELECT coalesce(sum(length), 0) FROM archive_piece WHERE file_id = archive_file.id)
FROM source CROSS JOIN archive_file ON archive_file.source_id = source.id ORDER BY path
"""  # noqa: S608  constants only
_OTHER: Final = "What is there is something else."
_FIGURES: Final = """
SELECT (SELECT count(*) FROM archive_file), (SELECT coalesce(sum(size), 0) FROM archive_file),
    count(*), coalesce(sum(length(data)), 0), (SELECT count(*) FROM archive_due),
    NOT EXISTS (SELECT 1 FROM archive_setting WHERE key = 'off' AND value = 1)
FROM archive_pack
"""


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file as it was at one time."""

    id: int
    source: int
    path: bytes  # where it was
    label: str  # the same, for people
    generation: int  # from 0; a higher one was written anew since
    section: str  # of a bundle: what its records are
    place: int  # of a bundle: in which order its files are read
    size: int  # bytes that are kept
    mtime_ns: int  # -1: more of it is to come
    format: str
    newest: bool  # False: it was written anew since

    @property
    def whole(self) -> bool:
        """Whether all of it is kept; False: more of it is to come."""
        return self.mtime_ns >= 0


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that the archive no longer has as it was."""

    file: ArchivedFile
    begin: int
    length: int
    reason: str

    @override
    def __str__(self) -> str:
        """Return it as a sentence."""
        end = self.begin + self.length
        said = f"The archive is damaged: bytes {self.begin:,} to {end:,} of {self.file.label}"
        return f"{said} are lost. {self.reason}"


@dataclass(frozen=True, slots=True)
class Figures:
    """How large the archive is."""

    files: int
    size: int  # bytes of the files
    packs: int
    packed: int  # bytes that the packs take, without what SQLite puts around them
    due: int  # files that are to be looked at
    on: bool


class Unpacked:
    """Packs, unpacked; the last one stays at hand, for what is read together is mostly in one.

    Holds as much memory as a pack is long. For one thread, and for one moment: packs are joined.
    """

    def __init__(self, db: Connection) -> None:
        """Take the packs out of *db*."""
        self._db = db
        self._pack = 0
        self._data = b""
        self.made = 0  # how many packs were unpacked; tests and steps of work count these

    def data(self, pack: int) -> bytes:
        """Return the bytes of *pack*, a row id.

        Raises:
            DamagedPackError: they are not what was packed.
        """
        if pack != self._pack:
            self._pack, self._data = 0, b""
            self.made += 1
            row = self._db.execute(_PACK, {"pack": pack}).fetchone()
            if row is None:  # another process has joined it meanwhile
                raise DamagedPackError("It is not there.")
            size, frame = row
            self._data = packs.unpacked(frame, size)
            self._pack = pack
        return self._data


def files(db: Connection) -> list[ArchivedFile]:
    """Return all files, by path, the earlier states of each before the later ones."""
    return [_file(row) for row in db.execute(_FILES)]


def of_conversation(db: Connection, conversation: int) -> list[ArchivedFile]:
    """Return the files that *conversation* was read from, by path."""
    rows = db.execute(_OF_CONVERSATION, {"conversation": conversation})
    found = {row[0]: _file(row) for row in rows}  # a file may hold several of its sessions
    return sorted(found.values(), key=lambda one: (one.path, one.generation))


def of_source(db: Connection, source: int) -> list[ArchivedFile]:
    """Return the files of *source*; those of a bundle in the order in which they are read."""
    rows = map(_file, db.execute(_OF_SOURCE, {"source": source}))
    return sorted(rows, key=lambda one: (one.place, one.generation))


def file(db: Connection, id_: int) -> ArchivedFile:
    """Return the file whose row is *id_*; there is one."""
    return _file(db.execute(_FILE, {"file": id_}).fetchone())


def stretch(
    db: Connection, file: ArchivedFile, begin: int, length: int, unpacked: Unpacked | None = None
) -> bytes:
    """Return *length* bytes of *file* from *begin* on, fewer at its end.

    Unpacks every pack that it touches and *unpacked* has not at hand, and checks every piece.

    Raises:
        DamagedPackError: some of them are lost.
    """
    found: list[bytes] = []
    for at, data in _pieces(db, file, begin, begin + length, unpacked):
        if isinstance(data, Damage):
            raise DamagedPackError(str(data))
        found.append(data[max(0, begin - at) : begin + length - at])
    return b"".join(found)


def contents(db: Connection, file: ArchivedFile) -> Iterator[bytes | Damage]:
    """Yield all bytes of *file* in order, a piece at a time, or what is lost instead."""
    for _, data in _pieces(db, file, 0, file.size):
        yield data


def lines_with(db: Connection, file: ArchivedFile, words: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield place and bytes of each line of *file* that holds *words*, which span no lines.

    Unpacks all of it. Lines that reach into what is lost are left out.
    """
    rest, whole = b"", True  # a line that is not at its end yet; False: its beginning is lost
    end_of_all = 0
    for begin, piece in _pieces(db, file, 0, file.size):
        if isinstance(piece, Damage):
            rest, whole = b"", False
            continue
        data = rest + piece
        first, end_of_all = begin - len(rest), begin + len(piece)
        at = 0 if whole else data.find(b"\n") + 1
        end = data.rfind(b"\n") + 1
        while (found := data.find(words, at, end)) >= 0:
            line, at = data.rfind(b"\n", at, found) + 1 or at, data.find(b"\n", found) + 1
            yield first + line, data[line:at]
        whole = whole or end > 0
        rest = data[end:] if whole else b""
    if words in rest:
        yield end_of_all - len(rest), rest


def verify(db: Connection) -> Iterator[list[Damage]]:
    """Check every byte; yield what is lost of each pack, and at last what no pack has.

    Costs a pack of work for each step.
    """
    for (pack,) in db.execute(_PACKS).fetchall():
        yield _lost(db, pack)
    yield [
        Damage(_file(row[:-1]), row[-1], row[8] - row[-1], "There is no pack that holds them.")
        for row in db.execute(_HELD)
        if row[-1] < row[8]
    ]


def _lost(db: Connection, pack: int) -> list[Damage]:
    trouble, data = "", b""
    try:
        data = Unpacked(db).data(pack)
    except DamagedPackError as error:
        trouble = str(error)
    # Asked after that: of a pack that was joined meanwhile nothing is needed any more.
    held = db.execute(_OF_PACK, {"pack": pack}).fetchall()
    if trouble:
        return [Damage(_file(row[:-4]), row[-4], row[-3], trouble) for row in held]
    digests = packs.digests(data, ((row[-2], row[-3]) for row in held))
    return [
        Damage(_file(row), begin, length, _OTHER)
        for *row, begin, length, at, digest in held
        if digests[at, length] != digest
    ]


def figures(db: Connection) -> Figures:
    """Return how large the archive is. Reads a page or two for each pack."""
    files, size, number, packed, due, on = db.execute(_FIGURES).fetchone()
    return Figures(files, size, number, packed, due, on=bool(on))


def _pieces(
    db: Connection, file: ArchivedFile, begin: int, end: int, unpacked: Unpacked | None = None
) -> Iterator[tuple[int, bytes | Damage]]:
    asked = {"file": file.id, "begin": begin, "end": end}
    unpacked = unpacked or Unpacked(db)
    for start, length, pack, at, digest in db.execute(_PIECES, asked).fetchall():
        try:
            data = unpacked.data(pack)
        except DamagedPackError as error:
            yield start, Damage(file, start, length, str(error))
            continue
        piece = data[at : at + length]
        sound = packs.digest(piece) == digest
        yield start, piece if sound else Damage(file, start, length, _OTHER)


def _file(row: Sequence[Any]) -> ArchivedFile:
    id_, source, path, label, name, generation, section, place, size, mtime, form, newest = row
    if name:
        folder = os.fsdecode(path).rpartition(os.sep)[0]
        path = os.fsencode(os.path.normpath(f"{folder}{os.sep}{os.fsdecode(name)}"))
        label = path.decode("utf-8", "replace")
    return ArchivedFile(
        id_, source, path, label, generation, section, place, size, mtime, form, bool(newest)
    )
