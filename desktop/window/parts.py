"""What the window works with, and whoever builds it hands over."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.look.scheme import SystemScheme
from desktop.workers.engine_thread import EngineThread
from desktop.workers.errands import Errands
from desktop.workers.query_runner import QueryRunner


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window works with; none of it is the window's own."""

    engine: EngineThread
    queries: QueryRunner  # charts and totals
    searches: QueryRunner  # so that no chart holds up a search
    errands: Errands
    scheme: SystemScheme
    roots: Callable[[], tuple[Path, ...]]  # where agents keep their transcripts
    set_scale: Callable[[float], None]  # of all text
    version: str
