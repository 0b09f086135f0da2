"""What projects and conversations are called in charts."""

from collections import Counter
from collections.abc import Iterable

from desktop.look import words
from desktop.look.words import translate


def folder(path: str) -> str:
    """Return the name of the folder *path*, whichever system wrote it."""
    name = path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return words.one_line(name, 60) or translate("charts", "(no folder)")


def folders(paths: Iterable[str]) -> dict[str, str]:
    """Return a name for each of *paths*; two of the same name are told apart by their parents."""
    found = {path: folder(path) for path in paths}
    many = Counter(found.values())
    return {path: _with_parent(path) if many[name] > 1 else name for path, name in found.items()}


def conversation(title: str, limit: int = 80) -> str:
    """Return what a conversation with *title* is called."""
    return words.one_line(title, limit) or translate("charts", "Untitled")


def _with_parent(path: str) -> str:
    parts = path.replace("\\", "/").rstrip("/").rsplit("/", 2)[-2:]
    return words.one_line("/".join(parts), 80) or translate("charts", "(no folder)")
