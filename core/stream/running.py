"""A stream that is on: what runs on its thread, and how other threads reach it."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from core.errors import CoreError
from core.events import ImportFinished, ImportProgressed
from core.store.connection import open_reader
from core.stream import address
from core.stream.address import Address
from core.stream.hub import Hub
from core.stream.metrics import Counting
from core.stream.serving import listening, serving, urls
from core.stream.settings import Choices, Limits
from core.stream.state import FeedState

log = logging.getLogger(__name__)

Work: TypeAlias = Callable[[Hub], object]  # runs on the stream's thread

_TAKEN = "Another Clew already serves the stream of this library."


async def serve(
    library: Path, choices: Choices, limits: Limits, ready: "Callable[[Running, FeedState], None]"
) -> None:
    """Serve the stream of *library* until it is ended; call *ready* once tools may connect.

    Raises:
        CoreError: the library cannot be read, the address cannot be written, or another
            process serves this library's stream.
        OSError: there is no loopback to listen on.
    """
    file = address.path(library)
    with closing(open_reader(library)) as db:
        if address.sweep(file):
            raise CoreError(_TAKEN)
        loop = asyncio.get_running_loop()
        hub = Hub(db, choices, limits, Counting(loop.time()))
        sockets, port = listening()
        where = Address(urls(sockets, port), port, address.token())
        async with serving(sockets, where, db, hub, limits):
            address.write(file, where)
            try:
                running = Running(loop, hub)
                ready(running, FeedState(on=True, urls=where.urls, file=file, token=where.token))
                await running.until_ended()
            finally:
                address.remove(file, where)


class Running:
    """How other threads reach a stream that is on. Everything returns at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hub: Hub) -> None:
        self._hub = hub
        self._loop = loop
        self._ended = asyncio.Event()
        self._woken = False  # a look at the library is under way already

    def wake(self) -> None:
        """Let the stream look for new commits; many calls before it does cost nothing."""
        if not self._woken:
            self._woken = True
            self._call(self._look_for_news)

    def report(self, event: ImportProgressed | ImportFinished) -> None:
        """Tell tools how an import is going."""
        self._call(lambda hub: hub.report(event))

    def rethread(self, conversation: str) -> None:
        """Tell tools that the threads of *conversation* are others now."""
        self._call(lambda hub: hub.rethread(conversation))

    def disconnect(self, tool: int) -> None:
        """End the connection of *tool*."""
        self._call(lambda hub: hub.disconnect(tool))

    def choose(self, choices: Choices) -> None:
        """Send what *choices* allow, from the next update on."""
        self._call(lambda hub: hub.choose(choices))

    def look(self, tell: Work) -> None:
        """Call *tell* with the hub, on the stream's thread."""
        self._call(tell)

    def end(self) -> None:
        """Let `until_ended` return."""
        self._call(lambda _: self._ended.set())

    async def until_ended(self) -> None:
        """Serve until `end`."""
        work = asyncio.create_task(self._hub.run())
        end = asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait((work, end), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()  # it only ends by a bug
        finally:
            work.cancel()
            end.cancel()

    def _call(self, work: Work) -> None:
        try:
            self._loop.call_soon_threadsafe(work, self._hub)
        except RuntimeError:
            log.debug("the stream is off already")  # its loop was closed meanwhile

    def _look_for_news(self, hub: Hub) -> None:
        self._woken = False  # before the look, so that news during it is not lost
        hub.wake()
