"""Joins small packs of the archive to larger ones.

Packs of about one size are joined when there are sixteen of them, or enough for a full one, so
each byte is packed a handful of times, whatever it came in. Bytes that several states of a log
share are in one pack once, and stay so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from sqlite3 import Connection
from typing import Final, TypeAlias

from core import packs
from core.errors import DamagedPackError
from core.store.connection import transaction

_MANY: Final = 16  # packs of a tier that are joined

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
JOIN source ON source.id = source_id WHERE pack_id = ? ORDER BY at
"""
_UNSOUND = "UPDATE archive_pack SET sound = 0 WHERE id = ?"
_LOOSE = "SELECT id FROM archive_pack WHERE sound = 1 AND live < size ORDER BY id"
_PACK = "INSERT INTO archive_pack (size, live, data) VALUES (?, ?, ?) RETURNING id"
_PUT = """
UPDATE archive_piece SET length = ?, pack_id = ?, at = ?, digest = ?
WHERE file_id = ? AND begin = ?
"""
_MERGED = "DELETE FROM archive_piece WHERE file_id = ? AND begin = ?"
_GONE = "DELETE FROM archive_pack WHERE id = ?"

_Order: TypeAlias = tuple[bytes, bytes, int, int]  # by path; those of one file by their places


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a file, and where its bytes are: in a run, or in the new pack."""

    file: int
    begin: int
    length: int
    at: int
    digest: bytes

    def goes_on(self, other: "_Piece") -> bool:
        """Tell whether it follows *other* without a gap, in its file and where the bytes are."""
        same = self.file == other.file and self.begin == other.begin + other.length
        return same and self.at == other.at + other.length


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes of a pack that stay together, for some piece reaches from each of them to the next."""

    order: _Order  # of its place in the newest state: what follows there follows in the pack
    data: bytes
    pieces: tuple[_Piece, ...]


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
        runs: list[_Run] = []
        for id_ in fitting:
            try:
                runs += _runs(db, id_)
            except DamagedPackError:
                db.execute(_UNSOUND, (id_,))
                return True  # the others are joined without it the next time
        runs.sort(key=lambda one: one.order)
        _join(db, runs)
        db.executemany(_GONE, ((id_,) for id_ in fitting))
    return True


def tightened(db: Connection) -> Iterator[int]:
    """Let no pack hold what no piece needs any more; yield each before it is packed anew.

    Costs what `core.packs` tells for each of them, which is a transaction of its own.
    """
    for (pack,) in db.execute(_LOOSE).fetchall():
        yield pack
        with transaction(db):
            try:
                runs = _runs(db, pack)
            except DamagedPackError:
                db.execute(_UNSOUND, (pack,))
                continue
            _join(db, runs)
            db.execute(_GONE, (pack,))


def _runs(db: Connection, pack: int) -> list[_Run]:
    """Return what is still needed of *pack*, each byte once."""
    size, frame = db.execute(_DATA, (pack,)).fetchone()
    data = packs.unpacked(frame, size)
    rows = db.execute(_OF_PACK, (pack,)).fetchall()
    digests = packs.digests(data, ((at, length) for *_, length, at, _, _ in rows))
    made: list[_Run] = []
    held: list[_Piece] = []
    orders: list[_Order] = []
    first = end = 0

    def finish() -> None:
        if held:
            made.append(_Run(max(orders), data[first:end], tuple(held)))

    for path, name, generation, begin, length, at, digest, file in rows:
        if digests[at, length] != digest:
            raise DamagedPackError("A piece of it is not what it was.")
        if at >= end:
            finish()
            held, orders, first = [], [], at
        held.append(_Piece(file, begin, length, at - first, digest))
        orders.append((path, name, generation, begin))
        end = max(end, at + length)
    finish()
    return made


def _join(db: Connection, runs: Sequence[_Run]) -> None:
    """Put *runs* into one new pack; pieces of a file that follow each other become one."""
    data = b"".join(run.data for run in runs)
    size = len(data)
    pack = db.execute(_PACK, (size, size, packs.packed(data))).fetchone()[0]
    starts = accumulate((len(run.data) for run in runs), initial=0)
    moved = [
        replace(piece, at=start + piece.at)
        for run, start in zip(runs, starts, strict=False)  # the last start is the end
        for piece in run.pieces
    ]
    groups = [(group, sum(one.length for one in group)) for group in _followed(moved)]
    digests = packs.digests(data, ((group[0].at, length) for group, length in groups))
    for (first, *others), length in groups:
        db.executemany(_MERGED, ((one.file, one.begin) for one in others))
        digest = digests[first.at, length]
        db.execute(_PUT, (length, pack, first.at, digest, first.file, first.begin))


def _followed(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Return *pieces* in groups, in each of which every one goes on where the last one ended."""
    groups: list[list[_Piece]] = []
    for one in sorted(pieces, key=lambda one: (one.file, one.begin)):
        if groups and one.goes_on(groups[-1][-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
