"""Pictures of the library whose bytes the archive has as well: let go of here, row by row.

What makes sure that the archive has them is in `core.picturing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

_DUE = """
SELECT image_due.id, message.offset, message.length, session.source_id, source.format
FROM image_due CROSS JOIN block ON block.id = image_due.id
CROSS JOIN message ON message.id = block.message_id
CROSS JOIN session ON session.id = message.session_id
CROSS JOIN source ON source.id = session.source_id
WHERE NOT EXISTS (SELECT 1 FROM archive_due WHERE archive_due.source_id = source.id)
ORDER BY image_due.id LIMIT :limit
"""
_DATA = "SELECT data FROM image WHERE id = ?"
_DONE = "DELETE FROM image_due WHERE id = ?"
_KEPT = """
INSERT INTO image_kept (id, file_id, begin, length, size, width, height)
VALUES (:id, :file, :begin, :length, :size, :width, :height)
"""
# Or of a file of which something was removed, whose pictures come back with it.
_READ_FROM = """
SELECT 1 FROM image_kept WHERE file_id = :file UNION ALL
SELECT 1 FROM archive_file JOIN removed_session USING (source_id) WHERE archive_file.id = :file
LIMIT 1
"""
_EMPTY = "UPDATE image SET data = x'' WHERE id = ?"


@dataclass(frozen=True, slots=True)
class DuePicture:
    """A picture that was not looked for in the archive yet."""

    block: int
    offset: int  # of its record in the log; -1: the log was written anew since
    length: int  # of its record
    source: int
    format: str


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """Where the archive has a picture."""

    file: int  # row of the archived file
    begin: int  # of its base64, in that file
    length: int  # of its base64
    size: int  # bytes of the picture
    width: int  # pixels
    height: int


def due(db: Connection, limit: int) -> list[DuePicture]:
    """Return *limit* pictures or fewer whose log is in the archive as far as it was read.

    Costs a look at every picture that waits for its log.
    """
    return [DuePicture(*row) for row in db.execute(_DUE, {"limit": limit})]


def data(db: Connection, block: int) -> bytes:
    """Return the bytes of the picture in *block* that the library itself has."""
    found: bytes = db.execute(_DATA, (block,)).fetchone()[0]
    return found


def let_go(db: Connection, block: int, place: KeptPicture) -> None:
    """Have the picture in *block* at *place* only; to be called inside of a transaction."""
    row = {
        "id": block, "file": place.file, "begin": place.begin, "length": place.length,
        "size": place.size, "width": place.width, "height": place.height,
    }  # fmt: skip
    db.execute(_KEPT, row)
    db.execute(_EMPTY, (block,))


def are_read_from(db: Connection, file: int) -> bool:
    """Tell whether the archived *file*, a row id, has pictures that nothing else has."""
    return db.execute(_READ_FROM, {"file": file}).fetchone() is not None


def looked_for(db: Connection, blocks: Sequence[int]) -> None:
    """Note that the pictures in *blocks* are where they are to stay."""
    db.executemany(_DONE, ((block,) for block in blocks))
