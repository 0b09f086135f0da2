"""How a door ends well when its process is asked to end."""

import signal
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

T = TypeVar("T")

_LOOK_S: Final = 0.5  # between two looks at whether a signal came


class OnTerminate:
    """Call *then* when the process is asked to end, while the body runs."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then

    def __enter__(self) -> None:
        self._before = {
            number: signal.signal(number, self._handle)
            for number in (signal.SIGTERM, signal.SIGINT)
        }

    def _handle(self, _number: int, _frame: object) -> None:
        self._then()

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def heard(queue: SimpleQueue[T]) -> T:
    """Return what comes next in *queue*, for the main thread while signals end the door.

    Python hears a signal between two of its own steps only. One that comes right before the
    wait begins would not end it: so it begins anew twice a second.
    """
    while True:
        try:
            return queue.get(timeout=_LOOK_S)
        except Empty:
            continue
