"""Texts as the library keeps them: packed where that is shorter, else as they are.

A packed text is one Zstandard frame. Long outputs of tools are most of what there is, and shrink
to a third; a dictionary for the short ones was measured and saved a fiftieth of the library more,
which is not worth that every text depends on it.
"""

from sqlite3 import Connection
from typing import Final

import zstandard

from core.unpacking import Unpacker, UnpackingConnection

_LEVEL = 1  # the default, 3, takes a third longer and saves a fiftieth


class Packer:
    """Packs texts. Not for use by more than one thread."""

    LEAST: Final = 200  # characters; below that next to nothing is saved

    def __init__(self) -> None:
        """Prepare once: that costs more than packing a text."""
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False)

    def packed(self, text: str) -> str | bytes:
        """Return *text*, or its bytes if packing made them fewer."""
        return self.both(text)[0]

    def both(self, text: str) -> tuple[str | bytes, str | bytes]:
        """Return *text* as `packed` does, and as itself or what it is in UTF-8, whichever is there.

        Who wants to have the text as well as what is kept need not unpack it, nor encode it anew.
        """
        if len(text) < self.LEAST:
            return text, text
        data = text.encode()
        found = self._compressor.compress(data)
        return (found, data) if len(found) < len(data) else (text, text)


def register(db: Connection) -> None:
    """Let statements of *db* read and write packed texts: views and steps call these functions.

    Every connection needs this before it reads the first text.
    """
    unpacker = Unpacker()
    if isinstance(db, UnpackingConnection):
        db.unpacker = unpacker
    db.create_function("unpacked", 1, unpacker.whole, deterministic=True)
    db.create_function("packed", 1, Packer().packed, deterministic=True)
