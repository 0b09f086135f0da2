"""What imports alone and beside readers have shown, and how it is told."""

import statistics
from dataclasses import dataclass, field

from core.store.timing import at_share


@dataclass(slots=True)
class Readings:
    """How long reads took, in ms, and what went wrong."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import took."""

    seconds: float
    processor: float  # seconds of its thread
    wal_mb: float  # the largest that the write-ahead log became


@dataclass(frozen=True, slots=True)
class Outcome:
    """What imports in turns have shown."""

    name: str
    reads: Readings
    alone: tuple[Imported, ...]
    beside: tuple[Imported, ...]  # the readers


def told(one: Outcome) -> str:
    """Return *one* in some lines."""
    ordered = sorted(one.reads.times)
    shares = ", ".join(
        f"{name} {at_share(ordered, share):.1f}"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    errors = f"{len(one.reads.errors)} errors {sorted(set(one.reads.errors))[:3]}"
    largest = max(each.wal_mb for each in one.beside)
    seconds = _compared([each.seconds for each in one.alone], [each.seconds for each in one.beside])
    processor = _compared(
        [each.processor for each in one.alone], [each.processor for each in one.beside]
    )
    return (
        f"{one.name}:\n  {len(ordered)} reads, {errors}; ms {shares}\n"
        f"  import, s: {seconds}\n  processor time of its thread, s: {processor}\n"
        f"  write-ahead log at most {largest:.0f} MB"
    )


def _compared(alone: list[float], beside: list[float]) -> str:
    before, after = statistics.median(alone), statistics.median(beside)
    single = ["/".join(f"{each:.2f}" for each in sorted(some)) for some in (alone, beside)]
    return (
        f"{after:.2f} ({single[1]}), alone {before:.2f} ({single[0]}): "
        f"{100 * (after / before - 1):+.0f} %"
    )
