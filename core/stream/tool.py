"""One connected tool: what it asked for, and what waits for it."""

from dataclasses import dataclass, field

from websockets.asyncio.server import ServerConnection

from core.stream.bucket import Bucket
from core.stream.requests import Cursor
from core.stream.state import ToolRow
from core.stream.updates import Update


@dataclass(slots=True)
class Subscription:
    """What a tool wants to hear of one topic."""

    topic: str
    updates: frozenset[str]
    kinds: frozenset[str] | None
    text: bool
    start: Cursor  # what is behind it is covered
    live: bool  # False: what was missed is still being sent

    def wants(self, update: Update) -> bool:
        """Tell whether *update*, which is of its topic, is one that was asked for."""
        if update.type not in self.updates:
            return False
        return not update.kind or self.kinds is None or update.kind in self.kinds

    def covers(self, update: Update) -> bool:
        """Tell whether *update* was or will be sent for this, live."""
        if not self.live or self.topic not in update.topics or not self.wants(update):
            return False
        cursor = update.cursor
        return cursor is None or (cursor.event, cursor.part) > (self.start.event, self.start.part)


@dataclass(eq=False, slots=True)
class Tool:
    """One connection and its state. Belongs to the feed's thread."""

    id: int
    connection: ServerConnection
    name: str
    address: str
    since: float  # seconds of the feed's clock
    bucket: Bucket
    topics: dict[str, Subscription] = field(default_factory=dict[str, Subscription])
    sent: int = 0
    received: int = 0
    waited_for: bool = False  # it was given time to catch up, and did not

    @property
    def waiting(self) -> int:
        """How many bytes wait to be taken by the tool."""
        return self.connection.transport.get_write_buffer_size()

    def drop(self) -> None:
        """End the connection at once: the tool takes nothing, so it would not take a close."""
        self.connection.transport.abort()

    def choice(self, update: Update) -> Subscription | None:
        """Return a live subscription for which *update* is sent, one with texts before others."""
        found: Subscription | None = None
        for topic in update.topics:
            one = self.topics.get(topic)
            if one is not None and one.live and one.wants(update) and (not found or one.text):
                found = one
        return found

    def row(self, now: float) -> ToolRow:
        """Return the tool as it is shown at *now*."""
        return ToolRow(
            self.id,
            self.name,
            self.address,
            max(0.0, now - self.since),
            tuple(self.topics),
            self.sent,
            self.received,
            self.waiting,
        )
