"""News from the engine: what changed, never the content. One event per commit."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias


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
class PricesFailed:
    """The person's own prices cannot be read; those of the list are used."""

    reason: str


@dataclass(frozen=True, slots=True)
class PricesRead:
    """Prices were read again: what anything costs may have changed, everywhere."""

    replies: int  # that cost something else now


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The engine cannot go on (library unusable) or stopped because of a bug."""

    reason: str


EngineEvent: TypeAlias = (
    LibraryReady
    | FilesFound
    | ImportProgressed
    | ConversationChanged
    | ImportFinished
    | WatchDegraded
    | PricesFailed
    | PricesRead
    | EngineFailed
)


class EventSink(Protocol):
    """Anything that takes events: a list's append in tests, a Qt adapter in the window."""

    def __call__(self, event: EngineEvent, /) -> None:
        """Take *event*. Runs on the engine's thread and must return at once."""
