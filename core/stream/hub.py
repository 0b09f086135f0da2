"""Who is told what: takes the library's events to the tools that asked for them, once each.

Everything here runs on the feed's thread. Where the hub is in the library's journal is its only
memory of what was sent: an event is read from there when it is sent, to one tool or to many.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from sqlite3 import Connection

from websockets.asyncio.server import broadcast
from websockets.frames import CloseCode
from websockets.protocol import State

from core.events import ImportFinished, ImportProgressed
from core.queries import journal, totals
from core.stream import updates
from core.stream.metrics import Counting, Metrics
from core.stream.requests import Cursor
from core.stream.settings import Choices, Limits
from core.stream.state import ToolRow
from core.stream.tool import Subscription, Tool
from core.stream.updates import Update, Updates

log = logging.getLogger(__name__)

_OFTEN = 0.1  # seconds between two reports of an import's progress
_PATIENCE = 0.05  # seconds that all wait for one tool to take what it has, once


class Hub:
    """Sends every event behind *position* to the tools that want it."""

    def __init__(
        self, db: Connection, choices: Choices, limits: Limits, counting: Counting
    ) -> None:
        self.choices = choices
        self.tools: dict[int, Tool] = {}
        self.counting = counting
        self._db = db
        self._limits = limits
        self._updates = Updates(db)
        self._by_topic: dict[str, set[Tool]] = {}
        self.position = totals.last_event(db)
        self.between = asyncio.Lock()  # free when no event is half sent
        self._news = asyncio.Event()
        self._reports: deque[ImportProgressed | ImportFinished] = deque()
        self._threads: deque[str] = deque()  # conversations whose threads are others now
        self._reported = 0.0
        self._clock: Callable[[], float] = asyncio.get_running_loop().time

    def choose(self, choices: Choices) -> None:
        """Send what *choices* allow, from the next update on."""
        self.choices = choices

    def wake(self) -> None:
        """Look for something new soon."""
        self._news.set()

    def report(self, event: ImportProgressed | ImportFinished) -> None:
        """Tell of *event* soon; of reports that nobody has been told of, the last one counts."""
        if self._reports and isinstance(self._reports[-1], ImportProgressed):
            self._reports.pop()
        self._reports.append(event)
        self._news.set()

    def rethread(self, key: str) -> None:
        """Tell soon that the threads of conversation *key* are others."""
        if key not in self._threads:
            self._threads.append(key)
        self._news.set()

    async def run(self) -> None:
        """Send what is new, whenever there is something, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._advance()
            await self._tell_threads()
            await self._tell_reports()

    def add(self, tool: Tool, one: Subscription) -> None:
        """Let *tool* have the subscription *one*, in the place of its older one of that topic."""
        tool.topics[one.topic] = one
        self._by_topic.setdefault(one.topic, set()).add(tool)

    def remove(self, tool: Tool, topic: str) -> bool:
        """End what *tool* has of *topic*; return whether there was anything."""
        tools = self._by_topic.get(topic)
        if tools is not None:
            tools.discard(tool)
            if not tools:
                del self._by_topic[topic]
        return tool.topics.pop(topic, None) is not None

    def join(self, tool: Tool) -> None:
        """Note that *tool* has connected."""
        self.tools[tool.id] = tool
        self.counting.connected(self._clock())

    def leave(self, tool: Tool) -> None:
        """Note that *tool* is gone; to be called once for each."""
        for topic in tuple(tool.topics):
            self.remove(tool, topic)
        del self.tools[tool.id]
        self.counting.disconnected()

    def look(self) -> tuple[tuple[ToolRow, ...], Metrics]:
        """Return the connected tools, and the numbers of now."""
        now = self._clock()
        rows = tuple(tool.row(now) for tool in self.tools.values())
        return rows, self.counting.metrics(now, sum(len(row.topics) for row in rows))

    def disconnect(self, number: int) -> None:
        """End the connection of the tool *number*, if it is still there."""
        tool = self.tools.get(number)
        if tool is not None:
            closing = tool.connection.close(CloseCode.GOING_AWAY, "disconnected by the person")
            self._closing = asyncio.ensure_future(closing)  # kept until it is done

    async def replay(self, tool: Tool, one: Subscription, since: Cursor) -> int:
        """Send *tool* what *one* has missed since *since*, then let it be live; return how much.

        Reads the library page by page, at the tool's pace. What another subscription of the
        tool's covers is not sent again.
        """
        sent, done = 0, since.event - 1
        while tool.topics.get(one.topic) is one:
            async with self.between:
                entries = journal.after(self._db, done, self.position, 20)
                if not entries:
                    one.start, one.live = since, True  # what comes next is sent live
                    break
            for entry in entries:
                for update in self._updates.of(entry, self.choices, text=one.text):
                    if self._missed(tool, one, update, since):
                        await tool.connection.send(
                            update.whole if one.text else update.short, text=True
                        )
                        sent += 1
                        tool.sent += 1
                done = entry.event_id
                await asyncio.sleep(0)  # others want to be told of what happens now
        self.counting.replayed += sent
        return sent

    def gap(self, since: Cursor) -> int:
        """Return the first event that can still be told of, if it is behind *since*; else 0."""
        oldest = journal.oldest(self._db) or self.position + 1
        return oldest if since.event < oldest else 0

    async def _advance(self) -> None:
        until = totals.last_event(self._db)
        if not self._by_topic:
            self.position = until
        while self.position < until:
            entries = journal.after(self._db, self.position, until)
            if not entries:
                self.position = until
            for entry in entries:
                text = any(one.text for tool in self.tools.values() for one in tool.topics.values())
                async with self.between:
                    for update in self._updates.of(entry, self.choices, text=text):
                        await self._broadcast(update)
                    # Only now: a replay goes as far as this, and no farther.
                    self.position = entry.event_id
                await asyncio.sleep(0)  # tools that speak are heard during an import

    async def _tell_threads(self) -> None:
        while self._threads:
            key = self._threads.popleft()
            if self._by_topic:
                update = self._updates.thread(key, self.position, self.choices)
                if update is not None:
                    await self._broadcast(update)

    async def _tell_reports(self) -> None:
        while self._reports:
            report = self._reports[0]
            now = self._clock()
            if isinstance(report, ImportProgressed) and now - self._reported < _OFTEN:
                asyncio.get_running_loop().call_later(_OFTEN, self.wake)
                return
            self._reports.popleft()
            self._reported = now
            await self._advance()  # what was committed before the report comes before it
            if self._by_topic:
                await self._broadcast(updates.progress(report, self.position))

    async def _broadcast(self, update: Update) -> None:
        short: list[Tool] = []
        whole: list[Tool] = []
        seen: set[Tool] = set()
        for topic in update.topics:
            for tool in self._by_topic.get(topic, ()):
                if tool in seen:
                    continue
                seen.add(tool)
                one = tool.choice(update)
                if one is not None:
                    (whole if one.text else short).append(tool)
        if not short and not whole:
            return
        self.counting.broadcasts += 1
        slow = self._send(short, update.short) + self._send(whole, update.whole)
        if slow:
            await self._let_catch_up(slow)

    def _send(self, tools: Sequence[Tool], data: bytes) -> list[Tool]:
        """Hand *data* to *tools*; return those for which much waits by now."""
        chosen = [tool for tool in tools if tool.connection.state is State.OPEN]
        self.counting.failed += len(tools) - len(chosen)
        broadcast([tool.connection for tool in chosen], data, text=True)
        slow: list[Tool] = []
        much = self._limits.backlog // 2
        for tool in chosen:
            waiting = tool.waiting
            if waiting > self._limits.backlog:
                log.warning("tool %d was dropped: it does not read", tool.id)
                self.counting.dropped += 1
                self.counting.failed += 1
                tool.drop()
                continue
            tool.sent += 1
            self.counting.delivered += 1
            if waiting > much:
                slow.append(tool)
            else:
                tool.waited_for = False
        return slow

    async def _let_catch_up(self, slow: list[Tool]) -> None:
        """Give tools a moment to take what waits; who does not use it is not waited for again."""
        end = self._clock() + _PATIENCE
        while slow := [tool for tool in slow if _may_wait(tool, self._limits)]:
            if self._clock() >= end:
                for tool in slow:
                    tool.waited_for = True
                return
            await asyncio.sleep(_PATIENCE / 10)

    @staticmethod
    def _missed(tool: Tool, one: Subscription, update: Update, since: Cursor) -> bool:
        cursor = update.cursor
        if cursor is None or one.topic not in update.topics or not one.wants(update):
            return False
        if (cursor.event, cursor.part) <= (since.event, since.part):
            return False
        return not any(other.covers(update) for other in tool.topics.values())


def _may_wait(tool: Tool, limits: Limits) -> bool:
    return not tool.waited_for and tool.waiting > limits.backlog // 2
