"""What a person may choose about the stream, and the limits that nobody chooses."""

from dataclasses import dataclass
from typing import Final

SCHEMA: Final = 1  # version of what is said on the wire: see docs/stream.md
TOPICS: Final = 256  # subscriptions of one tool
PREVIEW: Final = 200  # characters of a block that every update shows
TEXT: Final = 65_536  # characters of a block that an update has if it may have the text
WINDOW: Final = 3_600  # seconds over which connections are counted "per hour"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chooses; may change while tools are connected."""

    full_text: bool = False  # tools that ask for whole texts get them
    redact: bool = True  # secrets, home folders and addresses are taken out of what is sent


@dataclass(frozen=True, slots=True)
class Limits:
    """What keeps one tool from harming the others, or Clew. Tests and benchmarks have their own."""

    tools: int = 32  # connections at a time; the next one is refused with 503
    waiting: int = 64  # connections that have not said yet what they want
    burst: int = 20  # messages that a tool may send at once
    per_minute: float = 100  # and in the long run
    incoming: int = 64 * 1024  # bytes of a message from a tool
    backlog: int = 1024 * 1024  # bytes that may wait for a tool before it is dropped
    compress_from: int = 1024  # bytes
    open_s: float = 5  # until a handshake is done
    ping_s: float = 20  # between two looks at whether a tool is alive
    pong_s: float = 20  # that it has to answer
    close_s: float = 0.5  # for a tool to answer our close
