"""How a door ends well when its process is asked to end."""

import signal
from collections.abc import Callable


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
