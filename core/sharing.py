"""What a log that was written anew has in common with its state before: kept once.

An agent that changes the first line of its log at each save writes all the rest again as it was.
Found like a patch is: what is equal goes on as long as it does; behind what differs, some lines
are looked for in what is kept. Not all that is alike is found; all that is found is the same.
"""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import BinaryIO, Final

from core import packs
from core.errors import DamagedPackError
from core.queries.archive import Unpacked
from core.store import archive
from core.store.archive import Part, Piece, Shared

_LEAST: Final = 4_096  # bytes; less is not worth a piece of its own
_BLOCK: Final = 1 << 16  # bytes that are compared at once
_WINDOW: Final = 1 << 20  # bytes behind what differs in which lines are chosen
_PROBE: Final = range(32, 257)  # how much of a line is looked for
_MOST: Final = 16 << 20  # bytes of one step, or a piece more; some 50 ms
_SEARCHED: Final = 128 << 20  # bytes that are looked through at most; some 50 ms


def parts(  # noqa: PLR0913  two files, and where in them
    db: Connection, old: int, stream: BinaryIO, begin: int, size: int, *, last: Piece | None = None
) -> list[Part]:
    """Return what the bytes of *stream* from *begin* to *size* are: shared with *old*, or new.

    They end early after `_MOST`: the rest is another step's, whose *last* is the piece before it.
    Costs reading them, unpacking as much of *old*, a file, and some searching; the memory of
    one pack. What is damaged is shared with nobody.
    """
    finder = _Finder(stream, begin, size)
    unpacked = Unpacked(db)
    for piece, done in _from(archive.pieces(db, old), last):
        if finder.at >= size or finder.lost:
            break
        if finder.at - begin >= _MOST:
            return finder.parts
        try:
            data = unpacked.data(piece.pack)
        except DamagedPackError:
            continue
        end = piece.at + piece.length
        if packs.digest(memoryview(data)[piece.at : end]) == piece.digest:
            finder.look(old, piece, data, done)
    return finder.finished()


def _from(pieces: list[Piece], last: Piece | None) -> list[tuple[Piece, int]]:
    """Return *pieces* from where *last* ends, if it is shared with one, and where each begins."""
    rest = [(one, one.at) for one in pieces]
    if last is not None:
        end = last.at + last.length
        for number, one in enumerate(pieces):
            if one.pack == last.pack and one.at < end <= one.at + one.length:
                return [(one, end), *rest[number + 1 :]]
    return rest


class _Finder:
    """Goes through the new bytes; all before `at` is told of."""

    def __init__(self, stream: BinaryIO, begin: int, size: int) -> None:
        self.at = begin
        self._stream = stream
        self._size = size
        self._left = _SEARCHED
        self.lost = False  # nothing more is searched, and what comes is not where it was
        self.parts: list[Part] = []

    def finished(self) -> list[Part]:
        """Return the parts; what was not found is new."""
        self._new(self._size - self.at)
        return self.parts

    def look(self, file: int, piece: Piece, data: bytes, done: int) -> None:
        """Find what *piece* of *file* has of the bytes that come, from *done* on in *data*."""
        end = piece.at + piece.length
        while done < end and self.at < self._size:
            length = self._alike(self.at, data, done, end)
            if length >= min(_LEAST, piece.length):
                self._share(file, piece, data, done, length)
                done += length
                continue
            found = self._next(data, done, end)
            if found is None:
                self.lost = self._left <= 0
                return
            skipped, done = found
            self._new(skipped)

    def _share(self, file: int, piece: Piece, data: bytes, first: int, length: int) -> None:
        view = memoryview(data)[first : first + length]
        digest = piece.digest if length == piece.length else packs.digest(view)
        self.parts.append(Shared(file, piece, first - piece.at, length, digest))
        self.at += length

    def _new(self, length: int) -> None:
        if not length:
            return
        last = self.parts[-1] if self.parts else None
        if isinstance(last, int):
            self.parts[-1] = last + length
        else:
            self.parts.append(length)
        self.at += length

    def _next(self, data: bytes, done: int, end: int) -> tuple[int, int] | None:
        """Return how many bytes from `at` on are new, and where in *data* it goes on; None: not."""
        if end - done < _LEAST:
            return None
        self._stream.seek(self.at)
        window = self._stream.read(min(_WINDOW, self._size - self.at))
        for line in _lines(window):
            stop = window.find(b"\n", line) + 1 or len(window)
            probe = window[line : min(stop, line + _PROBE.stop)]
            if len(probe) < _PROBE.start:
                continue
            if self._left <= 0:
                return None
            found = data.find(probe, done, end)
            self._left -= (found if found >= 0 else end) - done
            if found < 0:
                continue
            back = _suffix(window[:line], data[max(done, found - line) : found])
            if self._alike(self.at + line, data, found, end) + back >= _LEAST:
                return line - back, found - back
        return None

    def _alike(self, at: int, data: bytes, first: int, end: int) -> int:
        """Return how many bytes from *at* on are those of *data* from *first* on, up to *end*."""
        self._stream.seek(at)
        most = min(end - first, self._size - at)
        length = 0
        while length < most:
            block = self._stream.read(min(_BLOCK, most - length))
            other = data[first + length : first + length + len(block)]
            if not block or block != other:
                return length + _prefix(block, other)
            length += len(block)
        return length


def _lines(window: bytes) -> Iterator[int]:
    """Yield where lines begin: some of the next ones, then ever fewer."""
    at = number = 0
    while (at := window.find(b"\n", at) + 1) > 0:
        yield at
        number += 1
        if number >= 16:
            at = min(at * 2, len(window))


def _prefix(one: bytes, other: bytes) -> int:
    """Return how many bytes *one* and *other* begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _suffix(one: bytes, other: bytes) -> int:
    """Return how many bytes *one* and *other* end with alike."""
    return _prefix(one[::-1], other[::-1])
