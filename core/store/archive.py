"""Keeps the bytes of logs, packed, and joins small packs to larger ones.

A file is a row of pieces; a piece is a stretch of a pack. What a file grew by becomes a piece
of a new pack, however small. Packs of about one size are joined when there are sixteen of them,
or enough for a full one, so each byte is packed a handful of times, whatever it came in.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from sqlite3 import Connection
from typing import Final

from core import packs
from core.errors import DamagedPackError
from core.files.cursor import Cursor, Stat
from core.packs import Data
from core.store.connection import transaction

_MANY: Final = 16  # packs of a tier that are joined

_OFF = "SELECT value FROM archive_setting WHERE key = 'off'"
_TURN = "INSERT OR REPLACE INTO archive_setting VALUES ('off', ?)"
_DUE = """
SELECT id, path, format, device, inode, size, mtime_ns, ctime_ns
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
_PIECES = "SELECT length, digest FROM archive_piece WHERE file_id = ? ORDER BY begin"
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
_HELD = "SELECT pack_id, length FROM archive_piece WHERE file_id = ?"
_DROP = "DELETE FROM archive_piece WHERE file_id = ?"
_EMPTY = "DELETE FROM archive_pack WHERE id = ? AND live = 0"
_TIER = """
SELECT tier FROM archive_pack WHERE tier < 4 AND sound = 1
GROUP BY tier HAVING count(*) >= :many OR sum(live) >= :most LIMIT 1
"""
_TO_JOIN = """
SELECT id, live FROM archive_pack WHERE tier = ? AND tier < 4 AND sound = 1
ORDER BY live LIMIT 64
"""
_DATA = "SELECT size, data FROM archive_pack WHERE id = ?"
_OF_PACK = """
SELECT path, name, generation, begin, length, at, digest, file_id
FROM archive_piece JOIN archive_file ON archive_file.id = file_id
JOIN source ON source.id = source_id WHERE pack_id = ?
"""
_UNSOUND = "UPDATE archive_pack SET sound = 0 WHERE id = ?"
_PUT = """
UPDATE archive_piece SET length = ?, pack_id = ?, at = ?, digest = ?
WHERE file_id = ? AND begin = ?
"""
_MERGED = "DELETE FROM archive_piece WHERE file_id = ? AND begin = ?"
_GONE = "DELETE FROM archive_pack WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Due:
    """A source that was read, and may have grown beyond what is kept of it."""

    source: int
    path: bytes  # as the operating system has it
    format: str
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
class Grown:
    """What is to be kept of a file now, from *begin* on."""

    member: Member
    before: Kept | None  # as it was found; if it is not so any more, nothing is done
    generation: int
    begin: int
    length: int  # bytes from there on
    stat: Stat
    cursor: Cursor
    anew: bool = False  # instead of all that is kept of this generation


def is_on(db: Connection) -> bool:
    """Tell whether logs are to be kept: unless a person has said no."""
    row = db.execute(_OFF).fetchone()
    return row is None or not row[0]


def turn(db: Connection, *, on: bool) -> None:
    """Keep logs from now on, or no more of them; what is kept stays either way."""
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


def pieces(db: Connection, file: int) -> list[tuple[int, bytes]]:
    """Return length and digest of each piece of *file*, in order and without gaps."""
    return db.execute(_PIECES, (file,)).fetchall()


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
            if latest(db, one.member) == one.before:
                digest = packs.digest(view[at : at + one.length])
                _keep(db, one, (pack, at, digest))
            else:
                faster.add(one.member.source)
            at += one.length
        db.execute(_EMPTY, (pack,))
        gone = (one for one in done if one.source not in faster)
        db.executemany(_DONE, ({"source": one.source} | _facts(one.stat) for one in gone))


def _keep(db: Connection, one: Grown, place: tuple[int, int, bytes]) -> None:
    """Keep *one*; its new bytes are at *place*: a pack, from where in that on, their digest."""
    if one.anew and one.before is not None:
        _drop(db, one.before.file)
    member, cursor = one.member, one.cursor
    row = _facts(one.stat) | {
        "source": member.source, "name": member.name, "generation": one.generation,
        "section": member.section, "place": member.place, "bytes": one.stat.size,
        "size": cursor.offset, "head": cursor.head, "tail": cursor.tail,
    }  # fmt: skip
    file = db.execute(_FILE, row).fetchone()[0]
    if one.length:
        db.execute(_PIECE, (file, one.begin, one.length, *place))
        db.execute(_LIVE, (one.length, place[0]))


def _drop(db: Connection, file: int) -> None:
    held = db.execute(_HELD, (file,)).fetchall()
    db.execute(_DROP, (file,))
    db.executemany(_LIVE, ((-length, pack) for pack, length in held))
    db.executemany(_EMPTY, {(pack,) for pack, _ in held})


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A piece with its bytes."""

    order: tuple[bytes, bytes, int, int]  # by path; those of one file by their places
    file: int
    data: bytes

    @property
    def begin(self) -> int:
        return self.order[-1]

    def goes_on(self, other: "_Stretch") -> bool:
        """Tell whether it follows *other* without a gap."""
        return self.file == other.file and self.begin == other.begin + len(other.data)


def join(db: Connection) -> bool:
    """Join packs if some are to be; return whether that was so.

    Costs what `core.packs` tells, for one full pack at most. A pack that is found damaged is
    never taken apart: what is sound in it stays where it is.
    """
    with transaction(db):
        row = db.execute(_TIER, {"many": _MANY, "most": packs.MOST}).fetchone()
        if row is None:
            return False
        found = db.execute(_TO_JOIN, row).fetchall()
        sums = accumulate(live for _, live in found)
        fitting = [id_ for (id_, _), total in zip(found, sums, strict=True) if total <= packs.MOST]
        if len(fitting) < 2:
            return False  # it would become what it is
        stretches: list[_Stretch] = []
        for id_ in fitting:
            try:
                stretches += _stretches(db, id_)
            except DamagedPackError:
                db.execute(_UNSOUND, (id_,))
                return True  # the others are joined without it the next time
        stretches.sort(key=lambda one: one.order)
        _join(db, stretches)
        db.executemany(_GONE, ((id_,) for id_ in fitting))
    return True


def _stretches(db: Connection, pack: int) -> list[_Stretch]:
    size, frame = db.execute(_DATA, (pack,)).fetchone()
    data = packs.unpacked(frame, size)
    made: list[_Stretch] = []
    for *order, length, at, digest, file in db.execute(_OF_PACK, (pack,)):
        path, name, generation, begin = order
        one = _Stretch((path, name, generation, begin), file, data[at : at + length])
        if packs.digest(one.data) != digest:
            raise DamagedPackError("A piece of it is not what it was.")
        made.append(one)
    return made


def _join(db: Connection, stretches: Sequence[_Stretch]) -> None:
    """Put *stretches* into one new pack; those of a file that follow each other become one."""
    data = b"".join(one.data for one in stretches)
    size = len(data)
    pack = db.execute(_PACK, (size, packs.packed(data))).fetchone()[0]
    first = 0
    at = end = 0  # of the run in hand
    for number, one in enumerate(stretches):
        end += len(one.data)
        if number + 1 < len(stretches) and stretches[number + 1].goes_on(one):
            continue
        run = stretches[first : number + 1]
        db.executemany(_MERGED, ((other.file, other.begin) for other in run[1:]))
        row = (end - at, pack, at, packs.digest(memoryview(data)[at:end]), one.file, run[0].begin)
        db.execute(_PUT, row)
        first, at = number + 1, end
    db.execute(_LIVE, (size, pack))


def _facts(stat: Stat) -> dict[str, object]:
    return {
        "device": stat.device,
        "inode": stat.inode,
        "size": stat.size,
        "mtime": stat.mtime_ns,
        "ctime": stat.ctime_ns,
    }
