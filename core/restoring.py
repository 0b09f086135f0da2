"""Writes a log out of the archive again, byte for byte as it was read."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection
from tempfile import mkstemp

from core.errors import NotArchivedError
from core.queries import archive
from core.queries.archive import ArchivedFile, Damage

_HALF = ".part"


def chosen(files: Sequence[ArchivedFile], source: str) -> list[ArchivedFile]:
    """Return those of *files* that *source* names: by the path, its end, or the file's name."""
    return (
        [one for one in files if one.label in {source, os.path.abspath(source)}]  # noqa: PTH100  links stay
        or [one for one in files if one.label.endswith(f"/{source}")]
        or [one for one in files if Path(one.label).stem == source]
    )


def restore(
    db: Connection, file: ArchivedFile, target: Path, *, partly: bool = False, replace: bool = False
) -> list[Damage]:
    """Write *file* to *target* (mode 0600), with the time of the log; return what is lost of it.

    Nothing is written if anything is lost, unless *partly*: then the rest is. *target* is made
    whole or not at all.

    Raises:
        NotArchivedError: *target* is there already, and is not to be *replaced*.
        OSError: it cannot be written.
    """
    if not replace and os.path.lexists(target):
        raise NotArchivedError(f"{target} is there already; nothing was written.")
    lost: list[Damage] = []
    handle, name = mkstemp(_HALF, f"{target.name}.", target.parent)
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            for found in archive.contents(db, file):
                if isinstance(found, Damage):
                    lost.append(found)
                else:
                    stream.write(found)
        if lost and not partly:
            return lost
        if file.whole:
            os.utime(half, ns=(file.mtime_ns, file.mtime_ns))
        half.replace(target)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()
    return lost
