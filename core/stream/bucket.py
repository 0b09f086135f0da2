"""A token bucket: how much a tool may ask, at once and in the long run."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """Holds up to *burst* tokens, and gains *per_minute* of them; times are seconds."""

    burst: int
    per_minute: float
    _level: float = field(init=False)
    _at: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._level = self.burst

    def take(self, now: float) -> bool:
        """Take one token at *now*; return False if there is none."""
        if self._at is not None:
            gained = max(0.0, now - self._at) * self.per_minute / 60
            self._level = min(float(self.burst), self._level + gained)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True
