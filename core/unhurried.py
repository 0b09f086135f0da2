"""Much work of one kind, during which Python's collector of cycles has nothing to find."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

OBJECTS: Final = 50_000  # made before cycles among them are looked for


@contextmanager
def unhurried() -> Generator[None]:
    """Let the collector of cycles look less often during the body.

    Reading and analysing make millions of small objects and no cycles. Looking for cycles after
    each 700 of them is a twentieth of what reading takes, and a fourteenth of an analysis.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], OBJECTS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
