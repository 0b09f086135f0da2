"""What a tool hears: every change once, in order, in the shape that is promised."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from core.events import ThreadsChanged
from core.stream.settings import Choices
from tests import builders as b
from tests.core.stream.conftest import Stage, Tool
from tests.core.stream.schema import SCHEMA, trouble

Work = Callable[[Tool], Awaitable[object]]
DOCS = Path(__file__).parents[3] / "docs" / "stream.md"


def heard(stage: Stage, work: Work, **more: Any) -> Tool:
    """Run *work* with a connected tool; return the tool."""

    async def run() -> Tool:
        async with stage.tool(**more) as tool:
            await work(tool)
            return tool

    return asyncio.run(run())


def cursors(tool: Tool) -> list[tuple[int, int]]:
    found = [one["cursor"].split(".") for one in tool.heard if one.get("cursor")]
    return [(int(event), int(part)) for event, part in found]


def test_a_line_becomes_a_message_and_its_conversation_is_updated(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        await tool.subscribed()
        stage.says(b.says("r1", "Good day.", "p1", at=4))
        await tool.until("conversation_updated")

    tool = heard(stage, work)

    (message,) = tool.of("new_message")
    assert (message["message"], message["kind"], message["at"]) == ("r1", "reply", b.moment(4))
    assert message["blocks"] == [{"kind": "reply", "size": 9, "preview": "Good day."}]
    (conversation,) = tool.of("conversation_updated")
    assert (conversation["conversation"], conversation["messages"]) == (b.SESSION, 2)
    assert conversation["event_id"] == message["event_id"] == tool.heard[0]["last_event_id"] + 1


def test_a_result_updates_the_message_of_its_call(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        await tool.subscribed()
        stage.says(b.calls("c1", "k1", "Bash", parent="p1"))
        await tool.until("conversation_updated")
        stage.says(b.answers("a1", "k1", "boom", "c1", error=True))
        await tool.until("conversation_updated")

    tool = heard(stage, work)

    (updated,) = tool.of("message_updated")
    assert updated["message"] == "c1"
    assert updated["blocks"][0]["tool"] == "Bash"
    assert updated["blocks"][0]["outcome"] == "error"
    assert [one["message"] for one in tool.of("new_message")] == ["c1", "a1"]


def test_every_update_comes_once_and_in_order_during_an_import(stage: Stage) -> None:
    many = [b.prompt(f"m{n}", f"line {n}", at=n) for n in range(1_200)]
    b.write(stage.logs / "second.jsonl", *b.of("second", *many))

    async def work(tool: Tool) -> None:
        await tool.subscribed()
        stage.imports()
        while (await tool.until("import_progress"))["state"] != "finished":
            pass

    tool = heard(stage, work)

    assert [one["message"] for one in tool.of("new_message")] == [f"m{n}" for n in range(1_200)]
    assert cursors(tool) == sorted(set(cursors(tool)))
    assert [one["event_id"] for one in tool.heard[2:]] == sorted(
        one["event_id"] for one in tool.heard[2:]
    )
    assert tool.heard[-1]["files_changed"] == 1


def test_changed_threads_are_told_of(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        await tool.subscribed("conversation:" + b.SESSION)
        stage.feed.publish(ThreadsChanged(1, b.SESSION))
        stage.feed.publish(ThreadsChanged(1, "another"))
        await tool.until("thread_updated")

    tool = heard(stage, work)

    assert tool.of("thread_updated")[0]["conversation"] == b.SESSION


def test_a_tool_hears_of_its_topics_types_and_kinds_only(stage: Stage) -> None:
    other = b.of("other", b.prompt("o1", "elsewhere", cwd="/srv/other"))
    b.write(stage.logs / "other.jsonl", *other)
    stage.imports()

    async def work(tool: Tool) -> None:
        await tool.subscribed("project:/srv/other", updates=["new_message"], kinds=["reply"])
        stage.says(b.says("r1", "not this", "p1"))
        stage.says(b.prompt("o2", "nor this", "o1", cwd="/srv/other"), session="other")
        stage.says(b.says("o3", "this", "o2", cwd="/srv/other"), session="other")
        await tool.until("new_message")
        await tool.ask("ping")
        await tool.until("pong")

    tool = heard(stage, work)

    assert [one["message"] for one in tool.heard if "message" in one] == ["o3"]


def test_unsubscribing_ends_it_and_both_are_idempotent(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        assert not (await tool.subscribed())["again"]
        assert (await tool.subscribed(request=7))["again"]
        for was in (True, False):
            await tool.ask("unsubscribe", topic="*", request="bye")
            said = await tool.until("unsubscribed")
            assert (said["was"], said["request"]) == (was, "bye")
        stage.says(b.says("r1", "unheard", "p1"))
        stage.committed("r1")
        await tool.ask("get_status")
        await tool.until("status")

    tool = heard(stage, work)

    assert tool.of("new_message") == []
    assert tool.of("status")[0]["subscriptions"] == []


def test_a_tool_that_comes_back_misses_nothing_and_hears_nothing_twice(stage: Stage) -> None:
    async def work() -> tuple[list[str], list[str]]:
        async with stage.tool() as tool:
            await tool.subscribed()
            stage.says(b.says("r1", "one", "p1"), b.says("r2", "two", "r1"))
            first = await tool.until("new_message")
        stage.says(b.says("r3", "three", "r2"))
        stage.says(b.says("r4", "four", "r3"))
        stage.feed.stop()
        stage.on()
        async with stage.tool() as tool:
            await tool.subscribed(since=first["cursor"])
            stage.says(b.says("r5", "five", "r4"))
            while not tool.of("new_message") or tool.of("new_message")[-1]["message"] != "r5":
                await tool.next()
            await tool.until("conversation_updated")
        return [first["message"]], [one["message"] for one in tool.of("new_message")]

    before, after = asyncio.run(work())

    assert before + after == ["r1", "r2", "r3", "r4", "r5"]


def test_a_second_subscription_does_not_repeat_what_the_first_one_covers(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        start = (await tool.subscribed())["last_event_id"]
        stage.says(b.says("r1", "one", "p1"))
        await tool.until("conversation_updated")
        await tool.subscribed("conversation:" + b.SESSION, since=start - 1)
        await tool.until("replayed")

    tool = heard(stage, work)

    assert [one["message"] for one in tool.of("new_message")] == ["r1", "p1"]


def test_a_replay_says_which_updates_are_never_repeated(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        await tool.subscribed(since=0)
        await tool.until("replayed")
        await tool.subscribed(since=0, updates=["new_message"])
        await tool.until("replayed")

    everything, messages = heard(stage, work).of("replayed")

    assert everything["not_repeated"] == ["thread_updated", "import_progress"]
    assert messages["not_repeated"] == []


def test_what_is_no_longer_kept_is_told_as_a_gap(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        await tool.subscribed(since="0.0")
        await tool.until("replayed")
        await tool.subscribed(since=0)
        await tool.until("replayed")
        await tool.ask("subscribe", topic="*", since=1_000)
        await tool.until("error")

    tool = heard(stage, work)

    assert [one["resumes_at"] for one in tool.of("gap")] == [1]
    assert tool.of("error")[0]["code"] == "invalid_since"


@pytest.mark.parametrize("choices", [Choices(full_text=True, redact=False), Choices()])
def test_whole_texts_are_for_who_asks_and_is_allowed(
    staged: Callable[..., Stage], choices: Choices
) -> None:
    stage = staged(choices)
    long = "word " * 20_000
    b.write(stage.logs / f"{b.SESSION}.jsonl", b.prompt("p1", long))
    stage.imports()
    stage.on()

    async def work(tool: Tool) -> None:
        await tool.subscribed(since=0, updates=["new_message"])
        await tool.until("replayed")
        assert (await tool.subscribed(since=0, include=["text"]))["text"] is choices.full_text
        await tool.until("replayed")

    tool = heard(stage, work)

    short, whole = (one["blocks"][0] for one in tool.of("new_message"))
    assert (short["preview"], short["size"]) == (long[:200], len(long))
    assert "text" not in short
    if choices.full_text:
        assert (len(whole["text"]), whole["truncated"]) == (65_536, True)
    else:
        assert "text" not in whole


def test_everything_that_is_said_fits_the_schema(stage: Stage) -> None:
    async def work(tool: Tool) -> None:
        await tool.ask("hello", name="tester")
        await tool.subscribed(since=0, request="r")
        await tool.until("replayed")
        await tool.ask("subscribe", topic="*", since="0.0")
        await tool.until("gap")
        stage.says(b.calls("c1", "k1", parent="p1"))
        stage.committed("c1")  # else both lines are one commit, and nothing is updated
        stage.says(b.answers("a1", "k1", "fine", "c1"))
        await tool.until("message_updated")
        stage.feed.publish(ThreadsChanged(1, b.SESSION))
        await tool.until("thread_updated")
        stage.imports()
        await tool.until("import_progress")
        for asked in ("ping", "get_status", "nonsense"):
            await tool.ask(asked)
        await tool.ask("unsubscribe", topic="*")
        await tool.until("unsubscribed")

    tool = heard(stage, work)

    assert [said for one in tool.heard if (said := trouble(one))] == []
    assert {one["type"] for one in tool.heard} == {
        part["$ref"].rsplit("/", 1)[1] for part in SCHEMA["oneOf"]
    }
    assert trouble({"type": "pong"})


def test_the_client_in_the_docs_works_as_it_stands(stage: Stage, tmp_path: Path) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    script = tmp_path / "client.py"
    script.write_text(source, encoding="utf-8")
    command = [sys.executable, "-W", "error", str(script), str(stage.file)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["type"] == "hello"
            assert process.stdout.readline().startswith("subscribed")
            stage.says(b.says("r1", "Good day.", "p1"))
            said = process.stdout.readline()
        finally:
            process.kill()

    assert said == "new_message ['Good day.']\n"
    assert len(source.strip().splitlines()) <= 24


def test_fifty_tools_hear_a_hundred_events_each_in_order(staged: Callable[..., Stage]) -> None:
    stage = staged(tools=60)
    b.write(stage.logs / f"{b.SESSION}.jsonl", b.prompt("p1"))
    stage.imports()
    stage.on()

    async def work() -> list[list[str]]:
        async with asyncio.TaskGroup() as group, asyncio.timeout(60):
            tools = [group.create_task(listen()) for _ in range(50)]
            await asyncio.to_thread(stage.looked, lambda state: state.metrics.subscriptions == 50)
            for n in range(100):
                await asyncio.to_thread(stage.says, b.says(f"r{n}", f"{n}", "p1"))
        return [task.result() for task in tools]

    async def listen() -> list[str]:
        async with stage.tool() as tool:
            await tool.subscribed(updates=["new_message"])
            return [(await tool.until("new_message"))["message"] for _ in range(100)]

    heard_by_each = asyncio.run(work())

    assert heard_by_each == [[f"r{n}" for n in range(100)]] * 50
