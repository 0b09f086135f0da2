"""A library that grows, its stream, and tools that listen to it: all real."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from websockets.asyncio.client import ClientConnection, connect

from core.config import Config
from core.engine import AddRoots, Engine, FileTouched
from core.events import ConversationChanged, EngineEvent, EngineFailed, ImportFinished, LibraryReady
from core.stream.feed import Feed
from core.stream.settings import Choices, Limits
from tests import builders as b

PATIENCE = 20.0  # seconds; only a failing test waits as long


class Tool:
    """A client that keeps what it hears."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []

    async def ask(self, type_: str, **more: Any) -> None:
        await self.connection.send(json.dumps({"type": type_, **more}))

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            said: dict[str, Any] = json.loads(await self.connection.recv())
        self.heard.append(said)
        return said

    async def until(self, *types: str) -> dict[str, Any]:
        """Listen until something of one of *types* is said; return it."""
        while True:
            said = await self.next()
            if said["type"] in types:
                return said

    async def subscribed(self, topic: str = "*", **more: Any) -> dict[str, Any]:
        await self.ask("subscribe", topic=topic, **more)
        return await self.until("subscribed")

    def of(self, type_: str) -> list[dict[str, Any]]:
        return [one for one in self.heard if one["type"] == type_]


class Stage:
    """An engine that follows a folder, and the stream of its library."""

    def __init__(self, folder: Path, choices: Choices, limits: Limits) -> None:
        self.logs = folder / "logs"
        self.logs.mkdir(exist_ok=True)
        self.library = folder / "library.clew"
        self.file = folder / "library.stream.json"
        self.feed = Feed(self.library, choices, limits)
        self.events: list[EngineEvent] = []
        self._news = threading.Condition()
        self.engine = Engine(Config(self.library), self._publish)
        self._thread = threading.Thread(target=self.engine.run)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait(lambda events: any(isinstance(event, LibraryReady) for event in events))
        return self

    def __exit__(self, *_error: object) -> None:
        self.feed.stop()
        self.engine.stop()
        self._thread.join(PATIENCE)

    def _publish(self, event: EngineEvent, /) -> None:
        self.feed.publish(event)
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, found: Callable[[list[EngineEvent]], bool]) -> None:
        def done() -> bool:
            return found(self.events) or any(
                isinstance(event, EngineFailed) for event in self.events
            )

        with self._news:
            self._news.wait_for(done, PATIENCE)
            assert found(self.events), self.events

    def on(self) -> "Stage":
        self.feed.start()
        assert self.feed.wait().on, self.feed.wait().trouble
        return self

    def imports(self) -> None:
        """Read what is in the folder, and wait until that is done."""
        before = sum(isinstance(event, ImportFinished) for event in self.events)
        self.engine.submit(AddRoots((self.logs,), watch=False))
        self.wait(
            lambda events: sum(isinstance(event, ImportFinished) for event in events) > before
        )

    def says(self, *records: Any, session: str = b.SESSION) -> None:
        """Append *records* to a session's file, and have it read."""
        path = b.append(self.logs / f"{session}.jsonl", *b.of(session, *records))
        self.engine.submit(FileTouched(path))

    def committed(self, uuid: str) -> None:
        """Wait until the message *uuid* is in the library."""
        self.wait(
            lambda events: any(
                uuid in event.messages for event in events if isinstance(event, ConversationChanged)
            )
        )

    @property
    def port(self) -> int:
        return int(self.feed.wait().urls[0].rsplit(":", 1)[1].rstrip("/"))

    @property
    def token(self) -> str:
        return self.feed.wait().token

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def looked(self, found: Callable[[Any], bool]) -> Any:
        """Return the stream's state as soon as *found* holds for it."""
        end = time.monotonic() + PATIENCE
        while not found(state := self.feed.state()):
            assert time.monotonic() < end, state
            time.sleep(0.01)
        return state

    @asynccontextmanager
    async def tool(self, **more: Any) -> AsyncIterator[Tool]:
        async with connect(
            f"ws://127.0.0.1:{self.port}/", additional_headers=self.headers(), proxy=None, **more
        ) as connection:
            made = Tool(connection)
            assert (await made.next())["type"] == "hello"
            yield made


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Makes a stage; what it opened is closed in the end."""
    made: list[Stage] = []

    def make(choices: Choices | None = None, **limits: Any) -> Stage:
        stage = Stage(tmp_path, choices or Choices(), Limits(**limits))
        made.append(stage.__enter__())
        return stage

    yield make
    for stage in made:
        stage.__exit__()


@pytest.fixture
def stage(staged: Callable[..., Stage]) -> Stage:
    """A library with one conversation, and its stream turned on."""
    made = staged()
    b.write(made.logs / f"{b.SESSION}.jsonl", *b.of(b.SESSION, b.prompt("p1", "hello there")))
    made.imports()
    return made.on()
