"""Session keys inside file names: many agents write ``<time>-<uuid>.jsonl``."""

import re
from pathlib import PurePath

from core.files.layout import Layout

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


def uuid_in(name: str) -> str:
    """Return the uuid that *name*, a path of either kind of slash, ends with; "" if none."""
    stem = re.split(r"[\\/]", name)[-1].partition(".")[0]
    found = _UUID.search(stem)
    return found.group() if found else ""


def uuid_last(path: PurePath) -> Layout:
    """Return the session of a file whose name ends with its uuid, else its whole stem."""
    return Layout(uuid_in(path.name) or path.stem, folder=path.parent.name)
