"""Pictures of rows: looked at when their row is laid out, decoded on a thread of their own."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal

from desktop.delegates import pictures
from desktop.delegates.pictures import Picture
from desktop.workers.errands import Errands, Stale

_KEPT: Final = 48
_MOST_WAITING: Final = 16  # scrolled past more than that, nobody waits for the first of them

_Key: TypeAlias = tuple[int, float]  # block, device pixels in a point


class Thumbnails(QObject):
    """Keeps some pictures. The thread starts with the first one and ends with this object."""

    ready = Signal(object)  # int, too large for Qt's own: the block whose picture is there now

    def __init__(self, read: Callable[[int], bytes], parent: QObject | None = None) -> None:
        """Take pictures from *read*, which gives the bytes of one in a block."""
        super().__init__(parent)
        self._read = read
        self._kept: OrderedDict[_Key, Picture] = OrderedDict()
        self._waiting: dict[_Key, str] = {}
        self._errands: Errands | None = None

    def picture(self, block: int, ratio: float) -> Picture:
        """Return the picture of *block* for a screen of *ratio*; at first only its size."""
        key = block, ratio
        found = self._kept.get(key)
        if found is None:
            data = self._read(block)
            found = pictures.looked_at(data, ratio)
            if found.pending:
                self._ask(key, data, found)
            self._keep(key, found)
        self._kept.move_to_end(key)
        return found

    def clear(self) -> None:
        """Forget all pictures, also those that are being decoded."""
        for channel in self._waiting.values():
            self._worker().forget(channel)
        self._waiting.clear()
        self._kept.clear()

    def _ask(self, key: _Key, data: bytes, found: Picture) -> None:
        while len(self._waiting) >= _MOST_WAITING:
            oldest = next(iter(self._waiting))
            self._worker().forget(self._waiting.pop(oldest))
            self._kept.pop(oldest, None)
        self._waiting[key] = channel = f"{key}"
        self._worker().ask(channel, partial(_decode, key, data, found), self._take)

    def _take(self, made: tuple[_Key, Picture]) -> None:
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


def _decode(key: _Key, data: bytes, found: Picture, _stale: Stale) -> tuple[_Key, Picture]:
    return key, pictures.decoded(data, found, key[1])


def _close(errands: Errands, *_: object) -> None:
    errands.close()
