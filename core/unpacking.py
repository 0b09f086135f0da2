"""Texts out of the frames that the library keeps them in; see `core.store.packing`."""

from sqlite3 import Connection
from typing import Final, TypeAlias

import zstandard

Frame: TypeAlias = bytes | memoryview

_WIDEST: Final = 4  # bytes of a character


class Unpacker:
    """Unpacks texts. Not for use by more than one thread at a time.

    Making one costs as much as unpacking twenty texts.
    """

    def __init__(self) -> None:
        """Prepare."""
        self._decompressor = zstandard.ZstdDecompressor()

    def whole(self, frame: Frame) -> str:
        """Return the text in *frame*."""
        return self.bytes(frame).decode()

    def bytes(self, frame: Frame) -> bytes:
        """Return the text in *frame* in UTF-8."""
        return self._decompressor.decompress(frame)

    def beginning(self, frame: Frame, most: int) -> str:
        """Return the first *most* characters of the text in *frame*; no more of it is unpacked."""
        if zstandard.frame_content_size(frame) <= most * _WIDEST:
            return self.whole(frame)[:most]
        with self._decompressor.stream_reader(frame) as reader:
            return reader.read(most * _WIDEST).decode(errors="ignore")[:most]


class UnpackingConnection(Connection):
    """A connection with an unpacker of its own."""

    unpacker: Unpacker | None = None


def unpacker(db: Connection) -> Unpacker:
    """Return the unpacker of *db*, for the thread that uses it now; a new one if it has none."""
    found = db.unpacker if isinstance(db, UnpackingConnection) else None
    return Unpacker() if found is None else found
