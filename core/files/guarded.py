"""Where nothing may be written: at logs, and below the folders that they are read from."""

from collections.abc import Iterable
from pathlib import Path


def is_guarded(path: Path, places: Iterable[Path]) -> bool:
    """Tell whether *path* is one of *places* or below one, links followed; yes if nobody knows."""
    try:
        real = path.resolve()
        return any(real.is_relative_to(place.resolve()) for place in places)
    except (OSError, RuntimeError):
        return True
