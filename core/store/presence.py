"""Notices that a library's file was taken away while it is open.

The system lets a program write on into a file that has no name any more, without an error: what
is written there is gone when the program ends.
"""

import os
from pathlib import Path
from sqlite3 import Connection

from core.errors import StoreError

_NAME = "SELECT CAST(file AS BLOB) FROM pragma_database_list WHERE name = 'main'"


class Presence:
    """The file of an open library, as it is when this is made."""

    def __init__(self, db: Connection) -> None:
        """Remember which file *db* is; one in memory is always there."""
        # As bytes: a name may be in no encoding at all.
        name: bytes | None = db.execute(_NAME).fetchone()[0]
        self._path = Path(os.fsdecode(name or b""))
        self._file = _identity(self._path) if name else None

    def check(self) -> None:
        """Return if the library is where it was. One look at the file.

        Raises:
            StoreError: it is gone, or another file has its name.
        """
        if self._file is not None and _identity(self._path) != self._file:
            raise StoreError(
                f"The library {self._path} was taken away while Clew used it; what was read before "
                "that is in it, wherever it is. Put it back, or start Clew again to make another."
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
