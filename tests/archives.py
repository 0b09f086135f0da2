"""The archive for tests: all there is to do is done, and what is kept is read."""

import os
from pathlib import Path
from sqlite3 import Connection

from core.archiving import Archiving
from core.queries import archive
from tests.library import writing


def archives(db: Connection) -> int:
    """Do all there is to do; return how many steps that took."""
    archiving = Archiving(db)
    steps = 0
    while archiving.step():
        steps += 1
    return steps


def archived(library: Path) -> None:
    """Open *library*, and do in it all there is to do."""
    with writing(library) as (db, _):
        archives(db)


def held(db: Connection, path: Path, *, newest: bool = True) -> list[bytes]:
    """Return what is kept of the file at *path*: as it was last, or as it was before that."""
    found = [one for one in archive.files(db) if one.path == os.fsencode(path)]
    return [bytes_of(db, one) for one in found if one.newest is newest]


def bytes_of(db: Connection, file: archive.ArchivedFile) -> bytes:
    """Return all bytes of *file*, none of which is lost."""
    parts: list[bytes] = []
    for part in archive.contents(db, file):
        assert isinstance(part, bytes), part
        parts.append(part)
    assert sum(map(len, parts)) == file.size
    return b"".join(parts)


def packs_of(db: Connection) -> list[tuple[int, int]]:
    """Return size and live bytes of each pack."""
    return db.execute("SELECT size, live FROM archive_pack ORDER BY id").fetchall()
