"""Pictures of messages, and where their bytes are."""

import base64
import binascii
from dataclasses import dataclass
from sqlite3 import Connection

from core.errors import DamagedPackError
from core.queries import archive
from core.queries.archive import Damage, Unpacked

_HELD = """
SELECT media_type, data, coalesce(size, length(data)), coalesce(width, 0), coalesce(height, 0),
    file_id IS NOT NULL
FROM image LEFT JOIN image_kept ON image_kept.id = image.id WHERE image.id = :block
"""
_PLACE = "SELECT file_id, begin, length FROM image_kept WHERE id = :block"


@dataclass(frozen=True, slots=True)
class HeldPicture:
    """A picture as the library has it."""

    media_type: str
    data: bytes  # b"" if only the archive has it
    size: int  # bytes
    width: int = 0  # pixels, as its header says; 0: look at the data
    height: int = 0
    archived: bool = False  # its bytes are in the archive alone


def held(db: Connection, block: int) -> HeldPicture | None:
    """Return the picture in *block*; None if there is none. Unpacks nothing."""
    row = db.execute(_HELD, {"block": block}).fetchone()
    if row is None:
        return None
    media, data, size, width, height, archived = row
    return HeldPicture(media, data, size, width, height, archived=bool(archived))


def content(db: Connection, block: int, unpacked: Unpacked | None = None) -> bytes:
    """Return the bytes of the picture in *block*, b"" if there is none.

    One that only the archive has costs unpacking a pack, 10 ms, unless *unpacked* has it at hand.

    Raises:
        DamagedPackError: the archive no longer has it as it was.
    """
    place = db.execute(_PLACE, {"block": block}).fetchone()
    if place is None:
        found = held(db, block)
        return found.data if found is not None else b""
    file, begin, length = place
    log = archive.file(db, file)
    encoded = archive.stretch(db, log, begin, length, unpacked)
    try:
        if len(encoded) == length:
            return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        pass  # said below
    raise DamagedPackError(str(Damage(log, begin, length, "There is no picture.")))
