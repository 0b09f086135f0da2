"""What the stream has done since it was turned on, in numbers with their definitions."""

from collections import Counter, deque
from dataclasses import dataclass, field

from core.stream.settings import WINDOW


@dataclass(frozen=True, slots=True)
class Metrics:
    """The numbers at one moment. All count from when the stream was turned on."""

    uptime_s: float = 0
    connections: int = 0  # tools connected now
    connections_total: int = 0  # that were let in
    disconnections: int = 0  # of them, that have ended; never more than connections_total
    per_hour: int = 0  # let in during the last 60 minutes; all of them before it is on so long
    subscriptions: int = 0  # of all tools now
    broadcasts: int = 0  # updates that at least one tool had asked for
    delivered: int = 0  # copies of them handed to a tool's connection
    failed: int = 0  # copies that could not be: the tool was gone, or dropped for being slow
    replayed: int = 0  # updates sent again after a `since`
    dropped: int = 0  # tools dropped because 1 MB waited for them
    rate_limited: int = 0  # tools closed because they said too much
    errors: tuple[tuple[str, int], ...] = ()  # refused or failed, by kind, the most frequent first


@dataclass(slots=True)
class Counting:
    """Counts on the feed's thread. Times are seconds of one clock."""

    began: float
    connections_total: int = 0
    disconnections: int = 0
    broadcasts: int = 0
    delivered: int = 0
    failed: int = 0
    replayed: int = 0
    dropped: int = 0
    rate_limited: int = 0
    errors: Counter[str] = field(default_factory=Counter[str])
    _recent: deque[float] = field(default_factory=deque[float])  # when tools were let in

    def connected(self, now: float) -> None:
        """Count a tool that was let in at *now*."""
        self.connections_total += 1
        self._recent.append(now)
        self._forget(now)

    def disconnected(self) -> None:
        """Count a tool that is gone; called once for each that was let in."""
        self.disconnections += 1

    def error(self, kind: str) -> None:
        """Count something refused or failed of *kind*."""
        self.errors[kind] += 1

    def metrics(self, now: float, subscriptions: int) -> Metrics:
        """Return the numbers at *now*."""
        self._forget(now)
        return Metrics(
            uptime_s=max(0.0, now - self.began),
            connections=self.connections_total - self.disconnections,
            connections_total=self.connections_total,
            disconnections=self.disconnections,
            per_hour=len(self._recent),
            subscriptions=subscriptions,
            broadcasts=self.broadcasts,
            delivered=self.delivered,
            failed=self.failed,
            replayed=self.replayed,
            dropped=self.dropped,
            rate_limited=self.rate_limited,
            errors=tuple(self.errors.most_common()),
        )

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0] <= now - WINDOW:
            self._recent.popleft()
