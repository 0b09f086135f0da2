"""One thread that runs errands in order; on each channel only the newest is answered."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)

T = TypeVar("T")
Stale: TypeAlias = Callable[[], bool]  # asked by long work: is nobody waiting any more?
Failed: TypeAlias = Callable[[Exception], None]


class Abandoned(Exception):  # noqa: N818  no error: it says that work was stopped halfway
    """Work noticed that nobody waits for its answer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    channel: str
    work: Callable[[Stale], object]
    answered: Callable[[object], None]
    failed: Failed | None
    stale: threading.Event


@dataclass(frozen=True, slots=True)
class _Answer:
    ticket: _Ticket
    value: object
    error: Exception | None


class Errands(QObject):
    """Runs what it is asked to on one thread; answers on the thread that it lives on."""

    settled = Signal()  # the last one who waited has been answered
    _done = Signal(object)  # _Answer, from the errands' thread

    def __init__(
        self,
        name: str,
        parent: QObject | None = None,
        *,
        leave: Callable[[], None] | None = None,
    ) -> None:
        """Start a thread called *name*; it calls *leave* as its last act."""
        super().__init__(parent)
        self._leave = leave
        self._newest: dict[str, _Ticket] = {}
        self._queue: SimpleQueue[_Ticket | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._closed = False
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether somebody still waits for an answer."""
        return bool(self._newest)

    def ask(
        self,
        channel: str,
        work: Callable[[Stale], T],
        answered: Callable[[T], None],
        failed: Failed | None = None,
    ) -> None:
        """Run *work* and give what it returns to *answered*, unless *channel* is asked again.

        An error goes to *failed*, or without one is raised where answers arrive. Nothing is
        delivered to a widget that is gone.
        """
        if self._closed:
            return
        self.forget(channel)
        # The queue cannot know T; `work` and `answered` were checked against each other above.
        ticket = _Ticket(channel, work, answered, failed, threading.Event())  # type: ignore[arg-type]  # see above
        self._newest[channel] = ticket
        self._queue.put(ticket)

    def forget(self, channel: str) -> None:
        """Stop what *channel* asked for; nobody is answered."""
        old = self._newest.pop(channel, None)
        if old is not None:
            old.stale.set()

    def close(self) -> None:
        """Stop everything and end the thread; returns when it has ended."""
        if self._closed:
            return
        self._closed = True
        for channel in list(self._newest):
            self.forget(channel)
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (ticket := self._queue.get()) is not None:
            if ticket.stale.is_set():
                continue
            try:
                answer = _Answer(ticket, ticket.work(ticket.stale.is_set), None)
            except Abandoned:
                continue
            except Exception as error:  # noqa: BLE001  top of a thread: the asker is told
                answer = _Answer(ticket, None, error)
            if not ticket.stale.is_set():
                self._done.emit(answer)
        if self._leave is not None:
            self._leave()

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        ticket = answer.ticket
        if self._newest.get(ticket.channel) is not ticket:
            return
        del self._newest[ticket.channel]
        try:
            _tell(answer)
        finally:
            if not self._newest:
                self.settled.emit()


def _tell(answer: _Answer) -> None:
    ticket = answer.ticket
    if answer.error is None:
        if _alive(ticket.answered):
            ticket.answered(answer.value)
    elif ticket.failed is None:
        raise answer.error
    elif _alive(ticket.failed):
        ticket.failed(answer.error)


def _alive(callback: Callable[..., object]) -> bool:
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
