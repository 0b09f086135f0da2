"""Which transcript files there are: a listing, no content is read."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.files.bundles import is_member, members
from core.files.cursor import Stat
from core.model import Severity

SUFFIXES = (".jsonl", ".ndjson", ".json", ".traj", ".md")  # of files that may be logs
_LOGS = (".jsonl", ".ndjson")  # that are always named as such when they cannot be read
PACKED = (".gz", ".zst", ".zip", ".xz", ".bz2", ".7z", ".tgz")  # nothing is unpacked
_LINKED = "It is a link to a folder. Add that folder itself if it holds transcripts."
_UNPACK = "It is compressed. Unpack it, and add what was in it."
# Folders of other people's programs and of version control: what is JSON there is no log.
_PASSED = frozenset(
    {".git", ".hg", ".svn", ".venv", "node_modules", "site-packages", "__pycache__"}
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file that may hold a transcript."""

    path: Path
    stat: Stat


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was named like a transcript, or may hold some, but is left alone, and why."""

    path: Path
    reason: str
    severity: Severity = Severity.WARNING


def find(roots: Iterable[Path]) -> Iterator[SourceFile | Skipped]:
    """Yield every transcript below *roots* once, in no particular order.

    A root that is a file is taken whatever its name. Paths come resolved. A linked file is
    taken if it is inside its root; linked folders are not entered, which is told. Nothing but
    regular files is ever opened, so a pipe, a device or a loop of links cannot block.
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
    yield from _walked(real)  # one file has one path, however its root was written


def _walked(real: Path) -> Iterator[SourceFile | Skipped]:
    todo = [real]
    while todo:
        folder = todo.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            yield Skipped(folder, f"The folder cannot be listed: {_why(error)}.")
            continue
        for entry in entries:
            path = Path(entry.path)
            if _is_folder(entry):
                if path.suffix in _LOGS:
                    yield Skipped(path, "It is a folder, not a file.")
                if path.name not in _PASSED:
                    todo.append(path)
            elif _is_linked_folder(entry):
                if path.name not in _PASSED:
                    yield Skipped(path, _LINKED, Severity.INFO)
            elif is_wanted(path):
                yield _judged(path, real)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_linked_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:
        return False  # a loop of links, say


def is_wanted(path: Path, inside: Path | None = None) -> bool:
    """Tell whether a search takes the file at *path*, by its name and where it lies.

    Of a file that is *inside* a folder the folders between the two count too.
    """
    if inside is not None and not _PASSED.isdisjoint(path.relative_to(inside).parts[:-1]):
        return False
    packed = path.suffix in PACKED and path.with_suffix("").suffix in _LOGS
    return packed or (path.suffix in SUFFIXES and not is_member(path))


def _judged(path: Path, inside: Path) -> SourceFile | Skipped:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(inside):
            return Skipped(path, "It is a link to a place outside the chosen folder.")
        facts = path.stat()
    except (OSError, RuntimeError) as error:
        return Skipped(path, f"It cannot be opened: {_why(error)}.")
    if not stat.S_ISREG(facts.st_mode):
        return Skipped(path, "It is not a regular file.")
    if path.suffix in PACKED:
        return Skipped(path, _UNPACK)
    return SourceFile(path, _of_all(path, Stat.of(facts)))


def _of_all(path: Path, main: Stat) -> Stat:
    """Return the facts of *path*; of the main file of a bundle those of all its files."""
    size, mtime, ctime = 0, 0, 0
    bundle = members(path)
    for member in bundle:
        try:
            facts = Stat.of(member.path.stat())
        except OSError:
            continue  # gone since it was listed
        size += facts.size
        mtime, ctime = max(mtime, facts.mtime_ns), max(ctime, facts.ctime_ns)
    return replace(main, size=size, mtime_ns=mtime, ctime_ns=ctime) if bundle else main


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "it is a loop of links"
