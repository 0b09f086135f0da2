"""Which transcript files there are: a listing, no content is read."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.files.cursor import Stat
from core.files.layout import is_agent_meta

SUFFIXES = (".jsonl",)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file that may hold a transcript."""

    path: Path
    stat: Stat


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was named like a transcript but will not be opened, and why."""

    path: Path
    reason: str


def find(roots: Iterable[Path]) -> Iterator[SourceFile | Skipped]:
    """Yield every transcript below *roots* once, in no particular order.

    A root that is a file is taken whatever its name. Paths come resolved. A linked file is
    taken if it is inside its root; linked folders are not entered. Nothing but regular files
    is ever opened, so a pipe, a device or a loop of links cannot block.
    """
    seen: set[tuple[int, int]] = set()
    for root in roots:
        for entry in _below(root):
            if isinstance(entry, SourceFile):
                identity = (entry.stat.device, entry.stat.inode)
                if identity in seen:
                    continue
                seen.add(identity)
            yield entry


def _below(root: Path) -> Iterator[SourceFile | Skipped]:
    try:
        real = root.resolve(strict=True)
        kind = real.stat()
    except (OSError, RuntimeError) as error:
        yield Skipped(root, f"It cannot be opened: {_why(error)}.")
        return
    if not stat.S_ISDIR(kind.st_mode):
        yield _judged(real, real.parent)
        return
    todo = [real]  # one file has one path, however its root was written
    while todo:
        folder = todo.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            yield Skipped(folder, f"The folder cannot be listed: {_why(error)}.")
            continue
        for entry in entries:
            path = Path(entry.path)
            try:
                if entry.is_dir(follow_symlinks=False):
                    if path.suffix in SUFFIXES:
                        yield Skipped(path, "It is a folder, not a file.")
                    todo.append(path)
                    continue
            except OSError:
                continue
            if path.suffix in SUFFIXES or is_agent_meta(path):
                yield _judged(path, real)


def _judged(path: Path, inside: Path) -> SourceFile | Skipped:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(inside):
            return Skipped(path, "It is a link to a place outside the chosen folder.")
        facts = path.stat()
    except (OSError, RuntimeError) as error:
        return Skipped(path, f"It cannot be opened: {_why(error)}.")
    if not stat.S_ISREG(facts.st_mode):
        return Skipped(path, "It is not a regular file.")
    return SourceFile(path, Stat.of(facts))


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "it is a loop of links"
