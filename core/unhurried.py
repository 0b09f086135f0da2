"""Much work of one kind, during which Python's collector of cycles has nothing to find."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Final

OBJECTS: Final = 50_000  # made before cycles among them are looked for


class _Hurry:
    """How often the process's one collector looks, while any thread is at such work."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = 0  # how many are at it, on whichever threads
        self._before = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            self._busy += 1
            if self._busy == 1:
                self._before = before = gc.get_threshold()
                gc.set_threshold(max(before[0], OBJECTS) if before[0] else 0, *before[1:])

    def end(self) -> None:
        with self._lock:
            self._busy -= 1
            if not self._busy:
                gc.set_threshold(*self._before)


_HURRY: Final = _Hurry()  # one for the process, as the collector is


@contextmanager
def unhurried() -> Generator[None]:
    """Let the collector of cycles look less often during the body. For any thread.

    Reading and analysing make millions of small objects and no cycles. Looking for cycles after
    each 700 of them is a twentieth of what reading takes, and a fourteenth of an analysis. It
    looks as before once the last body that runs at a time has ended.
    """
    _HURRY.begin()
    try:
        yield
    finally:
        _HURRY.end()


def set_aside() -> None:
    """Let the collector pass over all that there is now: much of it has come to stay.

    A full look stops every thread, for 0.2 s with half a million objects. What is let go later is
    let go as ever, but if it is in cycles by then it stays: so only for large things without any,
    and seldom. Takes no time itself.
    """
    gc.collect(0)  # what was just made and is in cycles already
    gc.freeze()
