"""Sessions that are kept as several files: which files belong together, told by their places.

OpenCode keeps a file for every session, message and part in one tree; Cline and its forks a
folder of three files for a task; fx a folder of three files for a session. Each such bundle has
one main file, which stands for the session; the others are read with it. Nothing here follows
a link, and nothing is ever opened but, in OpenCode trees whose files are not named after what
they hold, the one file that tells its id.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

MOST_MEMBERS = 200_000  # files of one bundle that are listed at most
_MOST_BYTES = 1 << 20  # of a file that is opened for its id

_SESSION = "session"  # folders of OpenCode's tree
_MESSAGE = "message"
_PART = "part"
_LEFT = frozenset({"todo", "session_diff", "session_share"})  # said nothing of the conversation
_PREFIX = "ses_"

_TASK = "api_conversation_history.json"  # the main file of Cline, Roo Code and Kilo Code
# Times and costs come before the messages that they are of.
_TASK_FILES = ("task_metadata.json", "claude_messages.json", "ui_messages.json", _TASK)
_TASK_LEFT = frozenset({"context_history.json", "history_item.json", "settings.json"})

_FX = "session.json"  # the main file of fx
_FX_FILES = (_FX, "display.json", "checkpoint.json")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a bundle, and the section its records are of."""

    path: Path
    section: str


def members(path: Path) -> tuple[Member, ...]:
    """Return all files of the bundle whose main file is *path*, in the order they are read.

    A part of an OpenCode message comes before its message, so that a reader can tell the
    message whole. Empty for files that are no main file; at most `MOST_MEMBERS`.
    """
    if _is_session(path):
        found = _opencode(path)
    elif path.name == _TASK:
        found = _beside(path, _TASK_FILES)
    elif path.name == _FX and _has(path.parent, "checkpoint.json"):
        found = _beside(path, _FX_FILES)
    else:
        return ()
    return tuple(islice(found, MOST_MEMBERS))


def main_of(path: Path) -> Path | None:
    """Return the main file that *path* belongs to, itself if it is one; None for other files.

    None too where the main file is not there, or where only the content could tell.
    """
    if _is_session(path):
        return path
    if path.name in _TASK_FILES:
        return _sibling(path, _TASK)
    if path.name in _FX_FILES:
        main = _sibling(path, _FX)
        return main if main and _has(path.parent, "checkpoint.json") else None
    return _main_of_item(path) if path.suffix == ".json" else None


def _main_of_item(path: Path) -> Path | None:
    """Return the session of a file of OpenCode's tree."""
    over = path.parent.parent
    if over.name == _MESSAGE:
        return _session_file(over.parent, path.parent.name)
    if over.name == _PART:
        return _of_part(over.parent, path)
    if path.parent.name in _LEFT:
        return _session_file(over, path.stem)
    return None


def is_member(path: Path) -> bool:
    """Tell whether *path* is a file of a bundle but not its main one, without looking around.

    A search for sessions passes such files over; it is asked for every file of a tree, so it
    looks at no more than whether one folder or file is there.
    """
    if path.name in _TASK_LEFT or (path.name in _TASK_FILES and path.name != _TASK):
        return _has(path.parent, _TASK)
    if path.name in _FX_FILES and path.name != _FX:
        return _has(path.parent, _FX)
    if path.suffix != ".json":
        return False
    for folder in path.parents[:2]:
        if folder.name in {_MESSAGE, _PART, *_LEFT}:
            return (folder.parent / _SESSION).is_dir()
    return False


def _is_session(path: Path) -> bool:
    named = path.suffix == ".json" and path.name.startswith(_PREFIX)
    return named and path.parent.parent.name == _SESSION


def _opencode(main: Path) -> Iterator[Member]:
    yield Member(main, _SESSION)
    storage = main.parent.parent.parent
    folders = (main.stem, main.stem.removeprefix(_PREFIX))
    messages = [found for name in folders for found in _files(storage / _MESSAGE / name)]
    if messages:
        # The oldest trees kept all parts in one folder; the reader picks those of its messages.
        yield from (Member(found, _PART) for found in _files(storage / _PART))
    for message in messages:
        parts = _files(storage / _PART / message.stem)
        if not parts and (id_ := _told(message, "id")):
            parts = _files(storage / _PART / id_)
        yield from (Member(found, _PART) for found in parts)
        yield Member(message, _MESSAGE)


def _beside(main: Path, names: tuple[str, ...]) -> Iterator[Member]:
    for name in names:
        path = main.with_name(name)
        if path == main or _is_file(path):
            yield Member(path, path.stem)


def _sibling(path: Path, name: str) -> Path | None:
    if path.name == name:
        return path
    return path.with_name(name) if _has(path.parent, name) else None


def _of_part(storage: Path, path: Path) -> Path | None:
    name = f"{path.parent.name}.json"
    for folder in _folders(storage / _MESSAGE):
        if _has(folder, name):
            return _session_file(storage, folder.name)
    session = _told(path, "sessionID")
    return _session_file(storage, session) if session else None


def _session_file(storage: Path, session: str) -> Path | None:
    for folder in _folders(storage / _SESSION):
        for name in (f"{session}.json", f"{_PREFIX}{session}.json"):
            if name.startswith(_PREFIX) and _has(folder, name):
                return folder / name
    return None


def _told(path: Path, key: str) -> str:
    """Return the id that the file at *path* tells at *key*, if it can be the name of a file."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return ""
        value = cast("object", json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return ""
    said = cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
    named = isinstance(said, str) and said.replace("_", "").replace("-", "").isalnum()
    return str(said) if named else ""


def _has(folder: Path, name: str) -> bool:
    return _is_file(folder / name)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _files(folder: Path) -> list[Path]:
    """Return the JSON files in *folder* by name, which is the order they were made in."""
    return [Path(e.path) for e in _entries(folder) if e.name.endswith(".json") and _plain(e)]


def _folders(folder: Path) -> list[Path]:
    return [Path(e.path) for e in _entries(folder) if e.is_dir(follow_symlinks=False)]


def _plain(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        if folder.is_symlink():
            return []
        with os.scandir(folder) as entries:
            return sorted(islice(entries, MOST_MEMBERS), key=lambda entry: entry.name)
    except OSError:
        return []
