"""Keeps the bytes of logs, packed.

A file is a row of pieces; a piece is a stretch of a pack. What a file grew by becomes a piece
of a new pack, however small. What a file that was written anew has in common with its state
before is kept once: both have a piece there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TypeAlias

from core import packs
from core.files.cursor import Cursor, Stat
from core.packs import Data
from core.store.connection import decision, transaction

_OFF = "SELECT value FROM archive_setting WHERE key = 'off'"
_TURN = "INSERT OR REPLACE INTO archive_setting VALUES ('off', ?)"
# What a person removed and may take back is kept as what it was read as.
_DUE = """
SELECT id, path, coalesce((SELECT CAST(data AS TEXT) ->> 'format' FROM removed_rows
        WHERE removed_rows.source_id = source.id AND name = 'source'), format),
    device, inode, size, mtime_ns, ctime_ns
FROM archive_due CROSS JOIN source ON source.id = archive_due.source_id
WHERE source_id NOT IN (SELECT value FROM json_each(:later)) ORDER BY path LIMIT :limit
"""
_DONE = """
DELETE FROM archive_due WHERE source_id = :source AND EXISTS (
    SELECT 1 FROM source WHERE id = :source AND device = :device AND inode = :inode
    AND size = :size AND mtime_ns = :mtime AND ctime_ns = :ctime)
"""
_LATEST = """
SELECT id, generation, device, inode, bytes, mtime_ns, ctime_ns, size, head, tail
FROM archive_file WHERE source_id = :source AND name = :name ORDER BY generation DESC LIMIT 1
"""
_BEFORE = """
SELECT id FROM archive_file
WHERE source_id = :source AND name = :name AND generation = :generation - 1
"""
_OUTGROWN = """
SELECT id FROM archive_file WHERE source_id = :source AND name = :name
AND generation = :generation - 1 AND size <= :size
AND NOT EXISTS (SELECT 1 FROM image_kept WHERE file_id = archive_file.id)
AND NOT EXISTS (SELECT 1 FROM removed_session WHERE source_id = :source)
"""
_PIECES = """
SELECT begin, length, pack_id, at, digest FROM archive_piece WHERE file_id = ? ORDER BY begin
"""
_SAME = """
SELECT 1 FROM archive_piece WHERE file_id = ? AND begin = ? AND length = ? AND pack_id = ?
AND at = ? AND digest = ?
"""
_FILE = """
INSERT INTO archive_file (source_id, name, generation, section, place, size, device, inode,
    bytes, mtime_ns, ctime_ns, head, tail)
VALUES (:source, :name, :generation, :section, :place, :size, :device, :inode, :bytes, :mtime,
    :ctime, :head, :tail)
ON CONFLICT (source_id, name, generation) DO UPDATE SET section = excluded.section,
    place = excluded.place, size = excluded.size, device = excluded.device,
    inode = excluded.inode, bytes = excluded.bytes, mtime_ns = excluded.mtime_ns,
    ctime_ns = excluded.ctime_ns, head = excluded.head, tail = excluded.tail
RETURNING id
"""
_PACK = "INSERT INTO archive_pack (size, live, data) VALUES (?, 0, ?) RETURNING id"
_PIECE = """
INSERT INTO archive_piece (file_id, begin, length, pack_id, at, digest) VALUES (?, ?, ?, ?, ?, ?)
"""
_LIVE = "UPDATE archive_pack SET live = live + ? WHERE id = ?"
_LIVE_NOW = "UPDATE archive_pack SET live = ? WHERE id = ?"
_HELD = "SELECT DISTINCT pack_id FROM archive_piece WHERE file_id = ?"
_IN_PACK = "SELECT at, length FROM archive_piece WHERE pack_id = ? ORDER BY at"
_DROP = "DELETE FROM archive_piece WHERE file_id = ?"
_FILE_GONE = "DELETE FROM archive_file WHERE id = ?"
_EMPTY = "DELETE FROM archive_pack WHERE id = ? AND live = 0"


@dataclass(frozen=True, slots=True)
class Due:
    """A source that was read, and may have grown beyond what is kept of it."""

    source: int
    path: bytes  # as the operating system has it
    format: str  # that it was read in; "removed": it is gone for good
    stat: Stat  # as it was read


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a source."""

    source: int
    name: bytes = b""  # b"": its own, or the main one of its bundle; else seen from its folder
    section: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a file is kept."""

    file: int
    generation: int
    stat: Stat  # of the file then
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file, and where it is."""

    begin: int  # in the file
    length: int
    pack: int
    at: int  # in the pack, unpacked
    digest: bytes


@dataclass(frozen=True, slots=True)
class Shared:
    """Bytes that the state of a file before has too: *length* of its *piece*, from *skip* on."""

    file: int
    piece: Piece
    skip: int
    length: int
    digest: bytes  # of these bytes


Part: TypeAlias = int | Shared  # bytes that are new, or that are kept already


@dataclass(frozen=True, slots=True)
class Grown:
    """What is to be kept of a file now, from *begin* on."""

    member: Member
    before: Kept | None  # as it was found; if it is not so any more, nothing is done
    generation: int
    begin: int
    parts: tuple[Part, ...]  # all that is kept from there on
    stat: Stat
    cursor: Cursor
    anew: bool = False  # instead of all that is kept of this generation
    outgrown: int = 0  # an earlier state that nobody needs any more; 0: none

    @property
    def length(self) -> int:
        """How many bytes of it are new."""
        return sum(part for part in self.parts if isinstance(part, int))


def is_on(db: Connection) -> bool:
    """Tell whether logs are to be kept: unless a person has said no."""
    row = db.execute(_OFF).fetchone()
    return row is None or not row[0]


def turn(db: Connection, *, on: bool) -> None:
    """Keep logs from now on, or no more of them; what is kept stays either way."""
    with decision(db):
        db.execute(_TURN, (int(not on),))


def due(db: Connection, limit: int, later: Iterable[int] = ()) -> list[Due]:
    """Return *limit* sources that are due or fewer, by path: neighbours are alike.

    Those of *later* are left out. Costs a pass over all that are due.
    """
    rows = db.execute(_DUE, {"limit": limit, "later": json.dumps(sorted(later))})
    return [Due(row[0], row[1], row[2], Stat(*row[3:])) for row in rows]


def latest(db: Connection, member: Member) -> Kept | None:
    """Return how far *member* is kept as it was last; None: not at all."""
    row = db.execute(_LATEST, {"source": member.source, "name": member.name}).fetchone()
    if row is None:
        return None
    return Kept(row[0], row[1], Stat(*row[2:7]), Cursor(row[7], 0, *row[8:]))


def before(db: Connection, member: Member, generation: int) -> int:
    """Return the file that *member* was before *generation*; 0 if there is none."""
    asked = {"source": member.source, "name": member.name, "generation": generation}
    return _id(db, _BEFORE, asked)


def outgrown(db: Connection, member: Member, generation: int, size: int) -> int:
    """Return the file that *member* was before, if it was no longer than *size*; else 0.

    Nor if pictures are read from it.
    """
    asked = {"source": member.source, "name": member.name, "generation": generation, "size": size}
    return _id(db, _OUTGROWN, asked)


def _id(db: Connection, sql: str, asked: Mapping[str, object]) -> int:
    row = db.execute(sql, asked).fetchone()
    return 0 if row is None else int(row[0])


def pieces(db: Connection, file: int) -> list[Piece]:
    """Return the pieces of *file*, in order and without gaps."""
    return [Piece(*row) for row in db.execute(_PIECES, (file,))]


def keep(db: Connection, grown: Iterable[Grown], data: Data, done: Iterable[Due]) -> None:
    """Keep what files have *grown* by, in one transaction; those sources *done* are not due.

    *data* holds their new bytes, one behind the other. A source that was read again meanwhile,
    or that another process kept something of, stays due.
    """
    frame = packs.packed(data) if data else b""
    faster: set[int] = set()  # sources of which another process kept something meanwhile
    at = 0
    # Let go of when the disk is full, too: whoever owns *data* frees it then.
    with memoryview(data) as view, transaction(db):
        pack = db.execute(_PACK, (len(data), frame)).fetchone()[0] if data else 0
        for one in grown:
            if latest(db, one.member) == one.before and _are_there(db, one.parts):
                _keep(db, one, view, (pack, at))
            else:
                faster.add(one.member.source)
            at += one.length
        db.execute(_EMPTY, (pack,))
        gone = (one for one in done if one.source not in faster)
        db.executemany(_DONE, ({"source": one.source} | _facts(one.stat) for one in gone))


def _are_there(db: Connection, parts: Iterable[Part]) -> bool:
    """Tell whether what is shared still is where it was found: another process may have joined."""
    for part in parts:
        if isinstance(part, Shared):
            one = part.piece
            row = (part.file, one.begin, one.length, one.pack, one.at, one.digest)
            if db.execute(_SAME, row).fetchone() is None:
                return False
    return True


def _keep(db: Connection, one: Grown, data: memoryview, place: tuple[int, int]) -> None:
    """Keep *one*; its new bytes are at *place*: a pack, and from where on in that, or in *data*."""
    if one.anew and one.before is not None:
        drop(db, one.before.file)
    member, cursor = one.member, one.cursor
    row = _facts(one.stat) | {
        "source": member.source, "name": member.name, "generation": one.generation,
        "section": member.section, "place": member.place, "bytes": one.stat.size,
        "size": cursor.offset, "head": cursor.head, "tail": cursor.tail,
    }  # fmt: skip
    file = db.execute(_FILE, row).fetchone()[0]
    begin = one.begin
    pack, at = place
    for part in one.parts:
        if isinstance(part, Shared):
            shared = part.piece
            at_old = shared.at + part.skip
            db.execute(_PIECE, (file, begin, part.length, shared.pack, at_old, part.digest))
            begin += part.length
        elif part:
            digest = packs.digest(data[at : at + part])
            db.execute(_PIECE, (file, begin, part, pack, at, digest))
            begin += part
            at += part
    if one.length:
        db.execute(_LIVE, (one.length, pack))
    if one.outgrown:
        drop(db, one.outgrown)
        db.execute(_FILE_GONE, (one.outgrown,))


def drop(db: Connection, file: int) -> None:
    """Let go of the bytes of *file*, a row id, that no other file has, and of empty packs."""
    held = db.execute(_HELD, (file,)).fetchall()
    db.execute(_DROP, (file,))
    for (pack,) in held:
        live = end = 0  # another state may share some of it
        for at, length in db.execute(_IN_PACK, (pack,)):
            live += max(0, at + length - max(at, end))
            end = max(end, at + length)
        db.execute(_LIVE_NOW, (live, pack))
    db.executemany(_EMPTY, held)


def _facts(stat: Stat) -> dict[str, object]:
    return {
        "device": stat.device,
        "inode": stat.inode,
        "size": stat.size,
        "mtime": stat.mtime_ns,
        "ctime": stat.ctime_ns,
    }
