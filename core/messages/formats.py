"""The table of log formats Clew can read. One module and one row here for each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.messages import claude_code
from core.model import Facts
from core.records.decode import Record

Reader: TypeAlias = Callable[[Record], Facts]


@dataclass(frozen=True, slots=True)
class Format:
    """How the records of one kind of log are read."""

    name: str
    revision: int  # raised when the reader learns something: files are then read again
    read: Reader
    source: str  # what the reader was built from


FORMATS = (
    Format(
        name="claude-code",
        revision=1,
        read=claude_code.read,
        source="measured on public Claude Code transcripts, versions 1.0.17 to 2.1.222",
    ),
)
