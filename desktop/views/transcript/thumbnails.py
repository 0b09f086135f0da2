"""Pictures of rows: looked at when their row is laid out, decoded on a thread of their own.

Those that only the archive has are fetched there, too: that takes unpacking a pack.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, QSize, Signal

from core.errors import CoreError, DamagedPackError
from core.queries.pictures import HeldPicture
from desktop.delegates import pictures
from desktop.delegates.pictures import Picture
from desktop.workers.errands import Errands, Stale

_KEPT: Final = 48
_MOST_WAITING: Final = 16  # scrolled past more than that, nobody waits for the first of them

_Key: TypeAlias = tuple[int, float]  # block, device pixels in a point
_Made: TypeAlias = tuple[_Key, Picture]


class Thumbnails(QObject):
    """Keeps some pictures. The thread starts with the first one and ends with this object."""

    ready = Signal(object)  # int, too large for Qt's own: the block whose picture is there now

    def __init__(
        self,
        read: Callable[[int], HeldPicture | None],
        fetch: Callable[[int, Stale], bytes],
        parent: QObject | None = None,
    ) -> None:
        """Take pictures from *read*, which tells of the one in a block; those elsewhere by *fetch*.

        *fetch* is called on the thread of the pictures.
        """
        super().__init__(parent)
        self._read = read
        self._fetch = fetch
        self._kept: OrderedDict[_Key, Picture] = OrderedDict()
        self._waiting: dict[_Key, str] = {}
        self._errands: Errands | None = None

    def picture(self, block: int, ratio: float) -> Picture:
        """Return the picture of *block* for a screen of *ratio*; at first only its size."""
        key = block, ratio
        found = self._kept.get(key)
        if found is None:
            held = self._read(block) or HeldPicture("", b"", 0)
            if held.archived:
                found = pictures.told_of(QSize(held.width, held.height), held.size, ratio)
                work = partial(_fetched, key, self._fetch, found)
            else:
                found = pictures.looked_at(held.data, ratio)
                work = partial(_decoded, key, held.data, found)
            if found.pending:
                self._ask(key, work)
            self._keep(key, found)
        self._kept.move_to_end(key)
        return found

    def clear(self) -> None:
        """Forget all pictures, also those that are being decoded."""
        for channel in self._waiting.values():
            self._worker().forget(channel)
        self._waiting.clear()
        self._kept.clear()

    def _ask(self, key: _Key, work: Callable[[Stale], _Made]) -> None:
        while len(self._waiting) >= _MOST_WAITING:
            oldest = next(iter(self._waiting))
            self._worker().forget(self._waiting.pop(oldest))
            self._kept.pop(oldest, None)
        self._waiting[key] = channel = f"{key}"
        self._worker().ask(channel, work, self._take)

    def _take(self, made: _Made) -> None:
        key, picture = made
        self._waiting.pop(key, None)
        self._keep(key, picture)
        self.ready.emit(key[0])

    def _keep(self, key: _Key, picture: Picture) -> None:
        self._kept[key] = picture
        for oldest in list(self._kept)[: max(0, len(self._kept) - _KEPT)]:
            if oldest not in self._waiting:
                del self._kept[oldest]

    def _worker(self) -> Errands:
        if self._errands is None:
            self._errands = errands = Errands("pictures")
            self.destroyed.connect(partial(_close, errands))
        return self._errands


def _decoded(key: _Key, data: bytes, found: Picture, _stale: Stale) -> _Made:
    return key, pictures.decoded(data, found, key[1])


def _fetched(
    key: _Key, fetch: Callable[[int, Stale], bytes], found: Picture, stale: Stale
) -> _Made:
    try:
        data = fetch(key[0], stale)
    except DamagedPackError:
        return key, pictures.lost(found, damaged=True)
    except (CoreError, sqlite3.DatabaseError):
        return key, pictures.lost(found, damaged=False)
    seen = pictures.looked_at(data, key[1])
    return key, pictures.decoded(data, seen, key[1]) if seen.pending else seen


def _close(errands: Errands, *_: object) -> None:
    errands.close()
