"""The talk with one tool: its messages in, answers out, until it ends."""

import asyncio
import contextlib
from collections.abc import Coroutine
from sqlite3 import Connection
from typing import TypeAlias

import orjson
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from core import __version__
from core.queries import conversations, journal
from core.stream import requests
from core.stream.hub import Hub
from core.stream.requests import (
    CONVERSATION,
    NOT_KEPT,
    PROJECT,
    Cursor,
    GetStatus,
    Hello,
    Ping,
    Subscribe,
    Unsubscribe,
    Wrong,
)
from core.stream.settings import SCHEMA, TOPICS
from core.stream.tool import Subscription, Tool

Json: TypeAlias = "dict[str, object]"


class Talk:
    """Serves *tool* until its connection ends."""

    def __init__(self, db: Connection, hub: Hub, tool: Tool) -> None:
        self._db, self._hub, self._tool = db, hub, tool
        self._clock = asyncio.get_running_loop().time
        self._replays: set[asyncio.Task[None]] = set()
        self._in_order = asyncio.Lock()  # one replay at a time

    async def run(self) -> None:
        """Answer what the tool says."""
        with contextlib.suppress(ConnectionClosed):
            await self._say(
                {
                    "type": "hello",
                    "app": "clew",
                    "version": __version__,
                    "schema": SCHEMA,
                    "last_event_id": self._hub.position,
                    "full_text": self._hub.choices.full_text,
                    "redacted": self._hub.choices.redact,
                }
            )
            async for said in self._tool.connection:
                if not await self._hear(said):
                    break
        for task in self._replays:
            task.cancel()
        if code := self._tool.connection.protocol.close_sent:
            self._note_end(code.code)

    def _note_end(self, code: int) -> None:
        kind = _ENDS.get(code)
        if kind:
            self._hub.counting.error(kind)

    async def _hear(self, said: str | bytes) -> bool:
        """Answer *said*; return False when that was the last word."""
        tool, hub = self._tool, self._hub
        tool.received += 1
        if not tool.bucket.take(self._clock()):
            hub.counting.rate_limited += 1
            await self._wrong(Wrong("rate_limited", "Too many messages; connect again later."))
            await tool.connection.close(CloseCode.POLICY_VIOLATION, "too many messages")
            return False
        if isinstance(said, bytes):
            await tool.connection.close(CloseCode.UNSUPPORTED_DATA, "only text is understood")
            return False
        match requests.read(said):
            case Subscribe() as asked:
                await self._subscribe(asked)
            case Unsubscribe(topic, request):
                was = hub.remove(tool, topic)
                await self._say({"type": "unsubscribed", "topic": topic, "was": was}, request)
            case Ping(request):
                await self._say({"type": "pong", "last_event_id": hub.position}, request)
            case GetStatus(request):
                await self._say(self._status(), request)
            case Hello(name, request):
                tool.name = name
                await self._say({"type": "named", "name": name}, request)
            case Wrong() as wrong:
                hub.counting.error(wrong.code)
                await self._wrong(wrong)
        return True

    async def _subscribe(self, asked: Subscribe) -> None:
        tool, hub = self._tool, self._hub
        trouble = self._trouble(asked)
        if trouble is not None:
            hub.counting.error(trouble.code)
            await self._wrong(trouble)
            return
        async with hub.between:
            again = asked.topic in tool.topics
            text = asked.text and hub.choices.full_text
            here = Cursor(hub.position + 1, 0)
            one = Subscription(
                asked.topic, asked.updates, asked.kinds, asked.text, here, live=asked.since is None
            )
            hub.add(tool, one)
            await self._say(
                {
                    "type": "subscribed",
                    "topic": asked.topic,
                    "again": again,
                    "updates": [name for name in requests.UPDATES if name in asked.updates],
                    "kinds": None if asked.kinds is None else sorted(asked.kinds),
                    "text": text,
                    "last_event_id": hub.position,
                },
                asked.request,
            )
        if asked.since is not None:
            self._start(self._replay(one, asked.since, asked.request))

    def _trouble(self, asked: Subscribe) -> Wrong | None:
        """Return why *asked* cannot be granted."""
        topic, request, tool = asked.topic, asked.request, self._tool
        if topic not in tool.topics and len(tool.topics) >= TOPICS:
            return Wrong("too_many", f"A tool may have {TOPICS} subscriptions.", request)
        known = True
        if topic.startswith(PROJECT):
            # A folder told without the home it is in cannot be looked up as it stands.
            name = topic.removeprefix(PROJECT)
            known = name.startswith("~") or journal.has_project(self._db, name)
        elif topic.startswith(CONVERSATION):
            known = conversations.one(self._db, topic.removeprefix(CONVERSATION)) is not None
        if not known:
            return Wrong("not_found", "The library holds nothing of that name.", request)
        since = asked.since
        if since is not None and since.event > self._hub.position + 1:
            sentence = "The library has not come that far: is it another one?"
            return Wrong("invalid_since", sentence, request)
        return None

    async def _replay(self, one: Subscription, since: Cursor, request: object) -> None:
        async with self._in_order:
            oldest = self._hub.gap(since)
            if oldest:
                self._hub.counting.error("gap")
                said: Json = {"type": "gap", "topic": one.topic, "resumes_at": oldest}
                await self._say(said, request)
                since = Cursor(oldest, 0)
            sent = await self._hub.replay(self._tool, one, since)
            not_repeated = [name for name in requests.UPDATES if name in one.updates & NOT_KEPT]
            said = {
                "type": "replayed",
                "topic": one.topic,
                "updates": sent,
                "not_repeated": not_repeated,
            }
            await self._say(said | {"last_event_id": self._hub.position}, request)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        async def quietly() -> None:
            with contextlib.suppress(ConnectionClosed):
                await work

        task = asyncio.create_task(quietly())
        self._replays.add(task)
        task.add_done_callback(self._replays.discard)

    def _status(self) -> Json:
        tool = self._tool
        return {
            "type": "status",
            "name": tool.name,
            "connected_s": round(self._clock() - tool.since, 3),
            "subscriptions": sorted(tool.topics),
            "updates_sent": tool.sent,
            "messages_received": tool.received,
            "bytes_waiting": tool.waiting,
            "last_event_id": self._hub.position,
        }

    async def _wrong(self, wrong: Wrong) -> None:
        said: Json = {"type": "error", "code": wrong.code, "message": wrong.sentence}
        await self._say(said, wrong.request)

    async def _say(self, said: Json, request: object = None) -> None:
        if request is not None:
            said = said | {"request": request}
        await self._tool.connection.send(orjson.dumps(said), text=True)


_ENDS = {  # what our close of a connection counts as; others are no errors
    1002: "protocol",
    1003: "binary",
    1007: "bad_utf8",
    1009: "too_big",
    1011: "no_pong",
}
