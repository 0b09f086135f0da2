"""Rounds through folders that the system does not watch for us."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from core.files.discover import SourceFile, find
from core.files.patience import Patience
from core.files.reaching import found as reachable

_LEAST_S = 2.0  # between the end of a round and the next
_SHARE = 100  # a round may take one part in so many of the time: less than that is for nothing
_BEFORE_S = 3600.0  # what the first round finds changed in the last hour is told
_PATIENCE_S = 1.0  # for a thread that is stuck on a file system, when everything ends


class Rounds:
    """Calls back with files that are new or changed.

    Each folder has a thread of its own: one that hangs on a dead server holds up no other.
    """

    def __init__(self, changed: Callable[[Path], None], patience: Patience | None = None) -> None:
        """Call *changed*, on a thread of the folder, with every file that is not what it was.

        A folder that may not answer is listed with *patience*: so it is found out here, where
        nobody waits for it.
        """
        self._changed = changed
        self._patience = patience
        self._ends: dict[Path, tuple[threading.Event, threading.Thread]] = {}

    def begin(self, root: Path) -> None:
        """Go through *root* again and again; nothing happens if that is done already."""
        if root in self._ends:
            return
        end = threading.Event()
        thread = threading.Thread(target=self._run, args=(root, end), name="rounds", daemon=True)
        self._ends[root] = (end, thread)
        thread.start()

    def end(self, root: Path) -> None:
        """Stop going through *root*."""
        found = self._ends.pop(root, None)
        if found is not None:
            found[0].set()

    def close(self) -> None:
        """Stop all; returns when the threads have ended, or are stuck on a file system."""
        threads = [thread for _, thread in self._ends.values()]
        for root in list(self._ends):
            self.end(root)
        for thread in threads:
            thread.join(_PATIENCE_S)

    def _run(self, root: Path, end: threading.Event) -> None:
        known: dict[int, int] = {}
        since = time.time() - _BEFORE_S
        while not end.is_set():
            began = time.monotonic()
            for path in changed(root, known, since, self._patience):
                self._changed(path)
                if end.is_set():
                    return
            since = 0.0
            end.wait(max(_LEAST_S, (time.monotonic() - began) * _SHARE))


def changed(
    root: Path, known: dict[int, int], since: float = 0.0, patience: Patience | None = None
) -> list[Path]:
    """Return files below *root* that are new or changed, as *known* has it; bring it up to date.

    *known* holds hashes of paths and of facts: two numbers a file. Files that were last
    written before *since* (seconds since the epoch) are only noted.
    """
    found: list[Path] = []
    for one in find((root,)) if patience is None else reachable((root,), patience):
        if not isinstance(one, SourceFile):
            continue
        key, facts = hash(one.path), hash(one.stat)
        if known.get(key) != facts:
            known[key] = facts
            if one.stat.mtime_ns >= since * 1e9:
                found.append(one.path)
    return found
