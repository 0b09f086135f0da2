"""Pictures stand in a log as base64, and the archive has the log: the library lets go of its own.

Only of one whose bytes were just read out of the archive's committed and checked pack, and found
to be the very same. Any other stays in the library, where it is.
"""

import base64
from contextlib import suppress
from sqlite3 import Connection
from typing import Final

from core import packs
from core.errors import DamagedPackError
from core.measures.extents import UNKNOWN, extent
from core.messages import formats
from core.messages.format import Framing
from core.queries import archive
from core.queries.archive import Unpacked
from core.store import pictures
from core.store.connection import transaction
from core.store.pictures import DuePicture, KeptPicture

_MANY: Final = 64  # pictures of one step
_PACKS: Final = 4  # that are unpacked in one step, or a few more
_LEAST: Final = 1_024  # bytes; a smaller picture is not worth the way to the archive


def step(db: Connection) -> bool:
    """Look for some pictures in the archive; return False if none is to be looked for.

    Not to be called inside of a transaction. Takes about a tenth of a second, and the memory of
    a pack and of the picture's record.
    """
    if not pictures.due(db, 1):
        return False
    with transaction(db):
        waiting = pictures.due(db, _MANY)
        unpacked = Unpacked(db)
        done: list[int] = []
        read = 0
        for one in waiting:
            if unpacked.made >= _PACKS or read > packs.MOST:
                break
            place = _found(db, one, unpacked)
            if place is not None:
                pictures.let_go(db, one.block, place)
            done.append(one.block)
            read += one.length
        pictures.looked_for(db, done)
    return True


def _found(db: Connection, one: DuePicture, unpacked: Unpacked) -> KeptPicture | None:
    """Return where the archive has the picture *one*; None if it is better left where it is."""
    form = formats.named(one.format)
    # A document's earlier state goes when it is written anew; a log of lines only ever grows.
    if form is None or form.framing is not Framing.LINES or one.offset < 0:
        return None
    data = pictures.data(db, one.block)
    # A row is laid out by these, before the bytes are there.
    width, height = extent(data) if len(data) >= _LEAST else UNKNOWN
    file = next((file for file in archive.of_source(db, one.source) if file.newest), None)
    if file is None or not width:
        return None
    with suppress(DamagedPackError):
        record = archive.stretch(db, file, one.offset, one.length, unpacked)
        encoded = base64.b64encode(data)
        at = record.find(encoded)
        if at >= 0:
            begin, length = one.offset + at, len(encoded)
            return KeptPicture(file.id, begin, length, len(data), width, height)
    return None
