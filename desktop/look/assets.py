"""The only place that knows where the files shipped with the app are."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath


def path(name: str) -> Traversable:
    """Return the shipped file or folder *name*, such as ``icons/search.svg``.

    Raises:
        ValueError: *name* is absolute or leaves the folder of shipped files.
    """
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise ValueError(f"not the name of a shipped file: {name!r}")
    found: Traversable = files("resources")
    for part in parts.parts:
        found = found / part
    return found


def text(name: str) -> str:
    """Return the text of the shipped file *name*.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return path(name).read_text(encoding="utf-8")


def data(name: str) -> bytes:
    """Return the bytes of the shipped file *name*.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return path(name).read_bytes()


def names(folder: str, suffix: str) -> tuple[str, ...]:
    """Return the names of the files in *folder* that end in *suffix*, sorted."""
    place = path(folder)
    if not place.is_dir():
        return ()
    return tuple(sorted(item.name for item in place.iterdir() if item.name.endswith(suffix)))
