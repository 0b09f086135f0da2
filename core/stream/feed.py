"""The stream as the rest of Clew has it: turned on and off, given news, asked how it is."""

import asyncio
import logging
import sqlite3
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import CoreError
from core.events import (
    ConversationChanged,
    EngineEvent,
    ImportFinished,
    ImportProgressed,
    ThreadsChanged,
)
from core.stream import address
from core.stream.settings import Choices, Limits
from core.stream.state import FeedState

if TYPE_CHECKING:
    from core.stream.hub import Hub
    from core.stream.running import Running

log = logging.getLogger(__name__)

_TURN_S = 0.0002  # Python's lock goes to the engine after so long while tools are being told


class Feed:
    """The stream of one library, on a thread of its own. `publish` may be called from any thread.

    The other methods belong to the thread that made it. Start it when the library is ready.
    """

    def __init__(
        self, library: Path, choices: Choices | None = None, limits: Limits | None = None
    ) -> None:
        self._library = library
        self._choices = choices or Choices()
        self._limits = limits or Limits()
        self._thread: threading.Thread | None = None
        self._leaving: threading.Thread | None = None  # one that is still saying goodbye
        self._ready = threading.Event()  # of the thread
        self._running: Running | None = None  # while it serves
        self._state = FeedState()

    @property
    def wanted(self) -> bool:
        """Whether it was started and not stopped since, however that went."""
        return self._thread is not None

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        return self._choices

    def choose(self, choices: Choices) -> None:
        """Do as *choices* say from now on, for connected tools as well."""
        self._choices = choices
        if (running := self._running) is not None:
            running.choose(choices)

    def sweep(self) -> None:
        """Remove the address file that a Clew left behind which was killed."""
        address.sweep(address.path(self._library))

    def start(self) -> None:
        """Turn the stream on; returns at once. `wait` and `state` tell how that went."""
        if self._thread is not None:
            return
        self._ready = threading.Event()
        self._state = FeedState()
        self._thread = threading.Thread(
            target=self._run, args=(self._leaving, self._ready), name="stream", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float = 10) -> FeedState:
        """Return the state as soon as the stream is on, or cannot be."""
        self._ready.wait(seconds)
        return self._state

    def leave(self) -> None:
        """Turn the stream off; returns at once. Tools have half a second to answer the goodbye."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._leaving = thread
        self._state = FeedState()
        # One that is not on yet sees, when it is, that it is not wanted any more.
        if (running := self._running) is not None:
            running.end()

    def stop(self) -> None:
        """Turn the stream off: when it returns, tools have been told and the file is gone."""
        self.leave()
        if self._leaving is not None:
            self._leaving.join()
            self._leaving = None

    def publish(self, event: EngineEvent, /) -> None:
        """Take news from the engine. Costs it some microseconds, whatever tools there are."""
        if (running := self._running) is None:
            return
        match event:
            case ConversationChanged():
                running.wake()
            case ThreadsChanged(conversation=key):
                running.rethread(key)
            case ImportProgressed() | ImportFinished():
                running.report(event)
            case _:
                pass

    def disconnect(self, tool: int) -> None:
        """End the connection of the tool with id *tool*."""
        if (running := self._running) is not None:
            running.disconnect(tool)

    def state(self) -> FeedState:
        """Return how the stream was when this was last asked, and look again for the next time."""
        if (running := self._running) is not None:
            running.look(self._look)
        return self._state

    def _run(self, before: threading.Thread | None, ready: threading.Event) -> None:
        if before is not None:
            before.join()  # the address file is its until then
        # What speaks the protocol takes 70 ms and 6 MB: only who wants a stream pays for it.
        from core.stream.running import serve  # noqa: PLC0415  as above

        sys.setswitchinterval(min(_TURN_S, sys.getswitchinterval()))
        try:
            asyncio.run(serve(self._library, self._choices, self._limits, self._note_on))
        except (CoreError, sqlite3.DatabaseError) as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"The stream cannot be served: {error.strerror or error}.")
        except Exception as error:
            log.exception("the stream died")
            self._fail(f"The stream stopped because of a bug: {error!r}.")
        finally:
            self._running = None
            ready.set()

    def _note_on(self, running: "Running", state: FeedState) -> None:
        self._running = running
        if not self._is_wanted():
            running.end()
            return
        self._state = state
        self._ready.set()
        running.wake()

    def _fail(self, trouble: str) -> None:
        log.warning("no stream: %s", trouble)
        if self._is_wanted():
            self._state = FeedState(trouble=trouble)

    def _look(self, hub: "Hub") -> None:
        tools, metrics = hub.look()
        if self._is_wanted():
            self._state = replace(self._state, tools=tools, metrics=metrics)

    def _is_wanted(self) -> bool:
        """Tell whether the thread that asks is the one that is to serve."""
        return threading.current_thread() is self._thread
