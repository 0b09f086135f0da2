"""What the events of a Copilot CLI session say, and that calls and tokens count once."""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import pytest

from core.messages import copilot
from core.messages.format import Framing, Memory, Sample
from core.model import AgentLink, BlockKind, Facts, Hop, Kind, Message, Outcome, Place, Usage
from core.records.decode import Record

Event = dict[str, Any]


def event(sort: str, **data: Any) -> Event:
    at = "2026-07-01T08:00:00.000Z"
    return {"type": sort, "data": data, "id": "e2", "timestamp": at, "parentId": "e1"}


def facts(events: Sequence[Event]) -> list[Facts]:
    memory: Memory = {}
    found: list[Facts] = []
    for number, data in enumerate(events, 1):
        told, memory = copilot.read(Record(Place(number, number * 100, 9), data), memory)
        assert told
        memory = json.loads(json.dumps(memory))
        found.extend(told)
    return found


def messages(*events: Event) -> list[Message]:
    return [fact.message for fact in facts(events) if fact.message]


def asks(key: str, tool: str = "bash", **data: Any) -> Event:
    request = {"toolCallId": key, "name": tool, "arguments": {"command": "ls"}}
    return event("assistant.message", content="", toolRequests=[request], **data)


def outcome(*events: Event) -> Outcome:
    result = messages(*events)[-1].blocks[-1].result
    assert result is not None
    return result.outcome


def test_a_session_is_known_by_its_chained_events() -> None:
    events = (event("session.start"), event("hook.start"), event("user.message"))
    assert copilot.detect(Sample(PurePath("x"), Framing.LINES, events)).points > 85
    other = ({"type": "user", "message": {}},)
    assert copilot.detect(Sample(PurePath("x"), Framing.LINES, other)).points == 0
    assert copilot.detect(Sample(PurePath("x"), Framing.LINES)).points == 0


def test_a_session_is_named_by_its_folder_or_by_its_file() -> None:
    assert copilot.place(PurePath("session-state/abc/events.jsonl")).key == "abc"
    assert copilot.place(PurePath("session-state/abc.jsonl")).key == "abc"


def test_the_start_tells_where_the_session_runs() -> None:
    context = {"cwd": "/a", "branch": "main"}
    (found,) = facts([event("session.start", copilotVersion="1.2", context=context)])
    assert found.setting is not None
    assert (found.setting.cwd, found.setting.git_branch, found.version) == ("/a", "main", "1.2")
    assert found.hop == Hop("e2", "e1")


def test_a_prompt_is_what_was_typed_and_not_what_was_sent() -> None:
    sent = "<current_datetime>now</current_datetime>\n\nhello"
    files = [{"type": "file", "path": "/a/b.py"}]
    prompt = event("user.message", content="hello", transformedContent=sent, attachments=files)
    queued = event("user.message", content="also", delivery="queued")
    skill = event("user.message", content="how to", source="skill-x")
    first, second, third = messages(prompt, queued, skill)
    assert [block.text for block in first.blocks] == ["hello", "/a/b.py"]
    assert [first.kind, second.kind, third.kind] == [Kind.PROMPT, Kind.QUEUED, Kind.META]


def test_a_call_that_a_message_asked_for_is_shown_once() -> None:
    start = event("tool.execution_start", toolCallId="c", toolName="bash", arguments={})
    for events in ((asks("c"), start), (start, asks("c"))):
        said = messages(*events)
        assert sum(block.call is not None for m in said for block in m.blocks) == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"success": True, "result": {"content": "x"}}, Outcome.OK),
        ({"success": False, "error": {"message": "no", "code": "failure"}}, Outcome.ERROR),
        ({"success": False, "error": {"message": "no", "code": "denied"}}, Outcome.DENIED),
        ({"success": False, "error": {"code": "aborted"}}, Outcome.INTERRUPTED),
        ({"result": "odd"}, Outcome.ERROR),
    ],
)
def test_the_end_of_a_call_tells_how_it_went(data: Event, expected: Outcome) -> None:
    assert outcome(event("tool.execution_complete", toolCallId="c", **data)) is expected


def test_a_refused_permission_is_a_denial() -> None:
    result = {"kind": "denied-interactively-by-user"}
    refused = event("permission.completed", toolCallId="c", result=result)
    ended = event("tool.execution_complete", toolCallId="c", success=False)
    assert outcome(refused, ended) is Outcome.DENIED


def test_totals_at_the_end_leave_out_what_messages_told() -> None:
    told = {"inputTokens": 100, "cacheReadTokens": 60, "cacheWriteTokens": 10, "outputTokens": 9}
    found = facts(
        [
            event("assistant.message", messageId="m", model="gpt", content="hi", outputTokens=7),
            event("assistant.message", messageId="m", model="gpt", content="..", outputTokens=7),
            event("session.shutdown", modelMetrics={"gpt": {"usage": told}, "none": {}}),
            event("session.shutdown", modelMetrics={"gpt": {"usage": told}}),
        ]
    )
    replies = [fact.reply for fact in found if fact.reply]
    assert replies[0].usage == Usage(30, 2, 60, 10)
    assert replies[0].model == "gpt"
    assert replies[1].usage.output == 9
    assert [fact.kind for fact in found[2:4]] == ["session.shutdown", ""]


def test_tokens_of_a_message_without_words_are_kept() -> None:
    (found,) = facts([event("assistant.message", messageId="m", content="", outputTokens=5)])
    assert found.message is None
    assert found.reply is not None
    assert found.reply.usage.output == 5


def test_an_agents_events_are_apart_and_linked_to_its_call() -> None:
    started = event("subagent.started", toolCallId="c", agentName="explore")
    inner = event("user.message", content="look", parentToolCallId="c")
    found = facts([started, inner])
    assert found[0].links == (AgentLink("c", "c"),)
    assert found[1].message is not None
    assert (found[1].message.kind, found[1].message.agent) == (Kind.TASK, "c")


def test_a_thought_told_before_its_message_is_shown_once() -> None:
    before = event("assistant.reasoning", content="hm")
    after = event("assistant.message", content="so", reasoningText="hm")
    kinds = [block.kind for message in messages(before, after) for block in message.blocks]
    assert kinds == [BlockKind.THINKING, BlockKind.REPLY]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (event("abort", reason="user_initiated"), Kind.INTERRUPT),
        (event("session.error", message="bad"), Kind.FAILURE),
        (event("session.info", message="trusted"), Kind.NOTICE),
        (event("system.notification", content="done"), Kind.NOTICE),
        (event("system.message", content="You are"), Kind.META),
        (event("session.truncation", preTruncationTokensInMessages=9), Kind.COMPACTION),
        (event("session.compaction_complete", success=True), Kind.COMPACTION),
        (event("session.compaction_complete", success=False, error="x"), Kind.FAILURE),
    ],
)
def test_what_the_program_says_has_its_own_kinds(given: Event, kind: Kind) -> None:
    (message,) = messages(given)
    assert message.kind is kind


def test_silent_and_unknown_events_keep_their_place_in_the_chain() -> None:
    silent, strange = facts([event("hook.end", success=True), event("session.dream")])
    assert (silent.known, strange.known) == (True, False)
    assert silent.hop == strange.hop == Hop("e2", "e1")
    assert strange.unknown is not None


@pytest.mark.parametrize("kind", copilot.KINDS)
@pytest.mark.parametrize("value", [None, 1, "x", [], [1, None], {}, {"usage": 3}, True])
def test_wrong_types_cost_only_themselves(kind: str, value: object) -> None:
    names = ("content", "toolRequests", "toolCallId", "result", "error", "modelMetrics", "context")
    more = ("attachments", "outputTokens", "model", "message", "messageId", "source", "newModel")
    body = dict.fromkeys((*names, *more), value)
    assert facts([event(kind, **body), {"type": kind, "data": value, "id": value}, {"type": value}])
