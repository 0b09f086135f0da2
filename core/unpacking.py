"""Texts out of the frames that the library keeps them in; see `core.store.packing`."""

from array import array
from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Final, TypeAlias

import zstandard

Frame: TypeAlias = bytes | memoryview

_WIDEST: Final = 4  # bytes of a character
_SHORT: Final = 1 << 16  # bytes of a text that is unpacked with others: all are in memory then


class Unpacker:
    """Unpacks texts. Not for use by more than one thread at a time.

    Making one costs as much as unpacking twenty texts.
    """

    def __init__(self) -> None:
        """Prepare."""
        self._decompressor = zstandard.ZstdDecompressor()

    def whole(self, frame: Frame) -> str:
        """Return the text in *frame*."""
        return self._decompressor.decompress(frame).decode()

    def beginning(self, frame: Frame, most: int) -> str:
        """Return the first *most* characters of the text in *frame*; no more of it is unpacked."""
        if zstandard.frame_content_size(frame) <= most * _WIDEST:
            return self.whole(frame)[:most]
        with self._decompressor.stream_reader(frame) as reader:
            return reader.read(most * _WIDEST).decode(errors="ignore")[:most]

    def beginnings(self, frames: bytes, sizes: Sequence[int], most: int) -> list[str]:
        """Return the first *most* characters of each text in *frames*, which have these *sizes*.

        Those that are short are unpacked in one go, for which Python gives its lock away once:
        else a busy thread and this one would wait for each other at every text.
        """
        view, begin = memoryview(frames), 0
        short, long = array("Q"), dict[int, str]()
        for place, size in enumerate(sizes):
            frame = view[begin : begin + size]
            if zstandard.frame_content_size(frame) <= min(most * _WIDEST, _SHORT):
                short.extend((begin, size))
            else:
                long[place] = self.beginning(frame, most)
            begin += size
        texts = self._wholes(frames, short)
        return [long[place] if place in long else next(texts)[:most] for place in range(len(sizes))]

    def _wholes(self, frames: bytes, places: "array[int]") -> Iterator[str]:
        """Yield the texts in *frames* whose begin and size *places* holds, in turns."""
        if places:
            packed = zstandard.BufferWithSegments(frames, memoryview(places).cast("B"))
            found = self._decompressor.multi_decompress_to_buffer(packed)
            for place in range(len(found)):
                yield found[place].tobytes().decode()


class UnpackingConnection(Connection):
    """A connection with an unpacker of its own."""

    unpacker: Unpacker | None = None


def unpacker(db: Connection) -> Unpacker:
    """Return the unpacker of *db*, for the thread that uses it now; a new one if it has none."""
    found = db.unpacker if isinstance(db, UnpackingConnection) else None
    return Unpacker() if found is None else found
