"""Imports that were asked for and wait until the one in hand has ended."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from core.store import jobs
from core.store.jobs import label


@dataclass(slots=True)
class _Asked:
    roots: tuple[Path, ...]
    job: int | None = None  # its id, once the library lists it


class Queue:
    """In the order in which they are begun. Any thread may add; the engine's does the rest."""

    def __init__(self) -> None:
        """Begin with none."""
        self._asked: deque[_Asked] = deque()

    def add(self, roots: Sequence[Path]) -> None:
        """Let an import of *roots* wait."""
        self._asked.append(_Asked(tuple(roots)))

    def note(self, db: Connection) -> None:
        """List those in the library *db* that it does not list yet. Not inside a transaction."""
        for one in tuple(self._asked):
            if one.job is None:
                one.job = jobs.queue(db, [label(root) for root in one.roots])

    def take(self) -> int | None:
        """Let the first one begin; return its job, or None if the library does not list it."""
        return self._asked.popleft().job if self._asked else None
