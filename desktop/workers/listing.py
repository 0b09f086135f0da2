"""What lies in folders, from their listings alone: nothing is opened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.files.discover import SUFFIXES, SourceFile, find
from desktop.workers.errands import Abandoned, Stale


@dataclass(frozen=True, slots=True)
class Listing:
    """What a look at some paths found."""

    roots: tuple[Path, ...]  # the paths that hold transcripts
    folders: int  # how many of the roots are folders
    files: int  # transcripts
    bytes: int
    refused: tuple[tuple[str, int], ...]  # kind of file that cannot be read, and how many


def look(paths: Sequence[Path], stale: Stale = lambda: False) -> Listing:
    """Return what *paths* hold.

    Raises:
        Abandoned: *stale* said that nobody waits any more.
    """
    roots: list[Path] = []
    files = size = folders = 0
    refused: Counter[str] = Counter()
    for path in paths:
        folder = path.is_dir()
        if not folder and path.suffix not in SUFFIXES:
            refused[path.suffix.removeprefix(".").upper()] += 1
            continue
        before = files
        for found in find((path,)):
            if stale():
                raise Abandoned
            if isinstance(found, SourceFile):
                files += found.path.suffix in SUFFIXES
                size += found.stat.size
        if files > before:
            roots.append(path)
            folders += folder
    return Listing(tuple(roots), folders, files, size, tuple(sorted(refused.items())))
