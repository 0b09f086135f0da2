"""How the stream is, for who shows it."""

from dataclasses import dataclass, field
from pathlib import Path

from core.stream.metrics import Metrics


@dataclass(frozen=True, slots=True)
class ToolRow:
    """A connected tool."""

    id: int
    name: str  # as it calls itself
    address: str  # of its end of the connection
    since_s: float  # seconds since it was let in
    topics: tuple[str, ...]
    sent: int  # updates
    received: int  # messages
    waiting: int  # bytes that it has not taken yet


@dataclass(frozen=True, slots=True)
class FeedState:
    """The stream at the moment it was last looked at."""

    on: bool = False
    trouble: str = ""  # why it is not on, although it was asked for
    urls: tuple[str, ...] = ()
    file: Path | None = None  # that has the address and the token
    token: str = ""
    tools: tuple[ToolRow, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
