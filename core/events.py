"""News from the engine: what changed, never the content. One event per commit."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias


class JobState(StrEnum):
    """How an import stands, or how it ended."""

    QUEUED = "queued"  # it waits for another one to end
    RUNNING = "running"
    COMPLETED = "completed"  # files that could not be read are listed with it
    FAILED = "failed"  # the library could not be written
    CANCELLED = "cancelled"  # by a person; what was committed is kept
    INTERRUPTED = "interrupted"  # the program ended; the same roots go on from there


class Outcome(StrEnum):
    """What an import made of a file."""

    NEW = "new"
    GROWN = "grown"  # what came behind what was read was read
    AGAIN = "again"  # it was read before, and from its beginning once more
    UNKNOWN = "unknown"  # it is no log of a known format
    UNREADABLE = "unreadable"
    UNCHANGED = "unchanged"  # it holds nothing that was not read


@dataclass(frozen=True, slots=True)
class LibraryReady:
    """The library is open and migrated; readers may open it now."""

    library: str


@dataclass(frozen=True, slots=True)
class FilesFound:
    """A scan has listed what there is to read; nothing has been read yet."""

    files: int
    bytes: int  # size of all files, known or not


@dataclass(frozen=True, slots=True)
class ImportProgressed:
    """How far an import is. Rates are for the view to compute from *seconds*."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    seconds: float  # since the import began
    current: str  # file being read, for display


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """One commit added to, or regrouped, a conversation."""

    event_id: int  # grows by at least one with every commit, across restarts
    conversation: str  # its id
    session: str  # the session whose file was read
    messages: tuple[str, ...]  # ids of the new messages, in order
    first_block: int  # smallest new block id; 0 when none is new
    regrouped: bool  # sessions were joined or re-counted: read the list again


@dataclass(frozen=True, slots=True)
class ThreadsChanged:
    """The threads of a conversation were made, or made anew."""

    event_id: int  # of the last commit that they know of
    conversation: str  # its id


@dataclass(frozen=True, slots=True)
class AnalysisChanged:
    """What a conversation was about, or what tools did in it, was worked out, or anew."""

    event_id: int  # of the last commit that there was when it was kept
    conversation: str  # its id


@dataclass(frozen=True, slots=True)
class ImportFinished:
    """An import ended: completed, or cancelled with what was committed kept."""

    files: int  # in a known format
    files_changed: int
    problems: int
    bytes_read: int
    seconds: float
    cancelled: bool
    others: int = 0  # files that are no log of a known format
    formats: tuple[tuple[str, int], ...] = ()  # how many of the files in each


@dataclass(frozen=True, slots=True)
class WatchDegraded:
    """Files are now looked at from time to time instead of being watched; says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class WatchRestored:
    """Everything that is followed is watched again."""


@dataclass(frozen=True, slots=True)
class PricesFailed:
    """The person's own prices cannot be read; those of the list are used."""

    reason: str


@dataclass(frozen=True, slots=True)
class PricesRead:
    """Prices were read again: what anything costs may have changed, everywhere."""

    replies: int  # that cost something else now


@dataclass(frozen=True, slots=True)
class UpkeepProgressed:
    """How far the upkeep is that somebody asked for; see core.monitoring.upkeep."""

    task: str
    doing: str  # what comes next, in a few words
    done: int
    total: int  # 0: nobody knows


@dataclass(frozen=True, slots=True)
class UpkeepFinished:
    """Upkeep has ended. What it did before it was cancelled is kept."""

    task: str
    cancelled: bool
    sound: bool  # nothing was found to be wrong
    found: tuple[str, ...]  # one line for each check
    trouble: str  # why it could not go on, or ""
    seconds: float


class RemovalKind(StrEnum):
    """What was ordered about conversations; see core.removal."""

    REMOVED = "removed"
    TAKEN_BACK = "taken back"
    FORGOTTEN = "deleted for good"


@dataclass(frozen=True, slots=True)
class RemovalProgressed:
    """How far an order about conversations is."""

    kind: RemovalKind
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RemovalFinished:
    """Such an order has ended: lists, sums and what is open are to be read again."""

    kind: RemovalKind
    conversations: int  # of which it was done
    cancelled: bool
    trouble: str  # why it could not go on, or ""
    paths: tuple[Path, ...] = ()  # files that may hold more than was read of them
    unmet: int = 0  # conversations that were no longer as the order says: see docs/removing.md


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The engine cannot go on (library unusable) or stopped because of a bug."""

    reason: str


EngineEvent: TypeAlias = (
    LibraryReady
    | FilesFound
    | ImportProgressed
    | ConversationChanged
    | ThreadsChanged
    | AnalysisChanged
    | ImportFinished
    | WatchDegraded
    | WatchRestored
    | PricesFailed
    | PricesRead
    | UpkeepProgressed
    | UpkeepFinished
    | RemovalProgressed
    | RemovalFinished
    | EngineFailed
)


class EventSink(Protocol):
    """Anything that takes events: a list's append in tests, a Qt adapter in the window."""

    def __call__(self, event: EngineEvent, /) -> None:
        """Take *event*. Runs on the engine's thread and must return at once."""
