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
        raise _taken(target)  # said before all is unpacked; what counts is asked below
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
        if replace:
            half.replace(target)
        else:
            _put(half, target)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()
    return lost


def _put(half: Path, target: Path) -> None:
    """Call the file *half* *target* unless something is called so: in one act of the system."""
    try:
        os.link(half, target)
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError:  # a disk that knows no second names, such as a stick's: the name comes first
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError as error:
            raise _taken(target) from error
        try:
            half.replace(target)
        except OSError:
            target.unlink()
            raise


def _taken(target: Path) -> NotArchivedError:
    return NotArchivedError(f"{target} is there already; nothing was written.")
