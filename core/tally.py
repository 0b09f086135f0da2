"""What reading files came to, added up over all of them."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from core.model import Severity
from core.store.slices import Slice


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file could not be read."""

    reason: str
    may_pass: bool  # it is worth trying again


@dataclass(slots=True)
class Tally:
    """What reading cost, over all files of an import."""

    changed: int = 0  # files with something new
    parsed: int = 0  # files of which any line was decoded
    read: int = 0  # bytes
    logs: int = 0  # files in a known format, whether they had something new or not
    others: int = 0  # files in none
    known: int = 0  # files that had been read before
    again: int = 0  # of these, those that were read from their beginning once more
    written: int = 0  # stretches of files
    added: int = 0  # bytes of these
    problems: int = 0  # of their lines
    formats: Counter[str] = field(default_factory=Counter[str])  # how many of the logs in each
    unread: "dict[Path, Unread]" = field(default_factory=dict[Path, "Unread"])  # could not be read

    def take(self, part: Slice) -> None:
        """Count *part*, which was written."""
        self.read += part.size
        self.added += part.size
        self.written += 1
        self.again += part.again
        if part.problems:
            self.problems += sum(one.severity is not Severity.INFO for one in part.problems)
