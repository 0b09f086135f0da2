"""What the records of CodeBuddy and WorkBuddy say."""

from pathlib import Path
from typing import Any

import pytest

from core.messages import buddy
from core.model import BlockKind, Facts, Kind, Message, Outcome, Usage
from tests.adapters import (
    counted,
    fixtures,
    goes_on,
    messages,
    read_file,
    sample,
    spoilt,
    told,
)
from tests.independent.buddy import count

FORMAT = buddy.FORMAT
START = {
    "type": "session_start",
    "sessionId": "s",
    "timestamp": "2026-05-01T09:00:00Z",
    "cwd": "/p",
    "model": "m-1",
}


def record(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "sessionId": "s", "timestamp": 1777626001000, **more}


def asks(tool: str, **more: Any) -> dict[str, Any]:
    return record("function_call", name=tool, arguments='{"path": "a.py"}', **more)


def gives(tool: str, **more: Any) -> dict[str, Any]:
    return record("function_call_result", name=tool, **more)


def facts(*given: dict[str, Any]) -> list[Facts]:
    return told(FORMAT, [(one, "") for one in given])


def message(*given: dict[str, Any]) -> Message:
    return messages(facts(*given))[-1]


def test_it_is_told_by_its_calls_and_sessions() -> None:
    said = record("message", role="user", content="hi")
    full = sample(FORMAT, "s.jsonl", START, said, asks("read"), gives("read", output="x"))

    assert FORMAT.detect(full).points == 90
    assert FORMAT.detect(sample(FORMAT, "s.jsonl", START, said)).points == 45
    rollout = {"timestamp": "2026", "type": "response_item", "payload": {}}
    assert FORMAT.detect(sample(FORMAT, "s.jsonl", rollout)).points == 0


def test_messages_are_of_a_person_the_model_or_the_program() -> None:
    found = messages(
        facts(
            START,
            record("message", role="user", content=[{"type": "input_text", "text": "go"}]),
            record("message", role="assistant", content=[{"type": "output_text", "text": "ok"}]),
            record("message", role="system", content="rules"),
        )
    )

    assert [(one.record, one.kind, one.blocks[0].text) for one in found] == [
        ("user", Kind.PROMPT, "go"),
        ("assistant", Kind.REPLY, "ok"),
        ("system", Kind.META, "rules"),
    ]
    assert found[1].reply is not None
    assert found[1].reply.model == "m-1"


def test_the_start_tells_the_folder_and_the_model() -> None:
    (found,) = facts(START)

    assert found.setting is not None
    assert (found.setting.cwd, found.message) == ("/p", None)


def test_calls_without_ids_are_answered_in_order() -> None:
    found = messages(
        facts(asks("read"), asks("list"), asks("read"), gives("list"), gives("read", output="x"))
    )

    keys = [one.blocks[0].call.key for one in found if one.blocks[0].call]
    answers = [one.blocks[0].result.key for one in found if one.blocks[0].result]
    assert answers == [keys[1], keys[0]]


def test_ids_of_calls_and_messages_are_kept() -> None:
    asked = message(asks("read", id="f1", parentId="m1", callId="c1"))
    given = message(gives("read", id="r1", parentId="f1", callId="c1", status="failed"))

    assert (asked.uuid, asked.parent) == ("f1", "m1")
    assert asked.blocks[0].call is not None
    assert asked.blocks[0].call.input == '{"path":"a.py"}'
    assert given.blocks[0].result is not None
    assert (given.blocks[0].result.key, given.blocks[0].result.outcome) == ("c1", Outcome.ERROR)


def test_an_output_is_text_or_an_object_of_text() -> None:
    for output in ("two files", {"type": "text", "text": "two files"}, ["two files"]):
        assert message(gives("ls", output=output)).blocks[0].text == "two files"


@pytest.mark.parametrize(
    "provider",
    [
        {
            "usage": {
                "inputTokens": 30,
                "outputTokens": 4,
                "inputTokensDetails": [{"cached_tokens": 20}],
            }
        },
        {
            "rawUsage": {
                "prompt_tokens": 30,
                "completion_tokens": 4,
                "prompt_tokens_details": {"cached_tokens": 20},
                "cache_read_input_tokens": 0,
            }
        },
    ],
)
def test_records_of_one_reply_share_its_counts(provider: dict[str, Any]) -> None:
    provider = {**provider, "messageId": "m1", "model": "m-2"}
    found = facts(
        asks("read", providerData=provider),
        record("message", role="assistant", content="ok", providerData=provider),
    )

    replies = [one.reply for one in messages(found) if one.reply]
    assert {one.api_id for one in replies} == {"m1"}
    assert {one.usage for one in replies} == {Usage(10, 4, 20)}
    assert {one.model for one in replies} == {"m-2"}


def test_thoughts_titles_and_errors_are_read() -> None:
    thought = message(record("reasoning", rawContent=[{"type": "reasoning_text", "text": "hm"}]))
    assert (thought.blocks[0].kind, thought.blocks[0].text) == (BlockKind.THINKING, "hm")
    assert facts(record("reasoning"))[0].message is None

    (found,) = facts(record("ai-title", aiTitle="Tidy up"))
    assert found.setting is not None
    assert found.setting.ai_title == "Tidy up"

    assert message(record("error", message="too busy")).kind is Kind.FAILURE


def test_snapshots_are_known_and_other_kinds_kept() -> None:
    known, other = facts(record("file-history-snapshot"), record("poem"))

    assert (known.known, known.message, other.known) == (True, None, False)
    assert other.unknown is not None


def test_other_names_of_the_same_kinds_are_read() -> None:
    lines = (
        {"event_type": "metadata", "session_id": "s", "workspace": {"path": "/p"}},
        {"event_type": "message", "session_id": "s", "message": {"role": "user", "content": "go"}},
        {"kind": "message", "conversation_id": "s", "author": {"role": "human"}, "content": "go"},
        {"kind": "tool-call", "conversation_id": "s", "function": {"name": "ls"}, "parameters": {}},
        {"event_type": "tool_result", "session_id": "s", "toolName": "ls", "result": ["a"]},
        {"event_type": "assistant_message", "session_id": "s", "message": {"content": "ok"}},
    )

    assert [one.kind for one in messages(facts(*lines))] == [
        Kind.PROMPT,
        Kind.PROMPT,
        Kind.REPLY,
        Kind.RESULT,
        Kind.REPLY,
    ]


def test_times_are_of_any_unit() -> None:
    units = (1777654802, 1777654802000, 1777654802000000, 1777654802000000000, "1777654802")

    for value in units:
        found = message(record("message", role="user", content="x") | {"timestamp": value})
        assert found.at == 1777654802000


def test_a_file_read_in_pieces_is_read_as_a_whole() -> None:
    lines = [(one, "") for one in (START, asks("a"), asks("b"), gives("a"), gives("b"))]

    for cut in range(len(lines)):
        first, memory = goes_on(FORMAT, lines[:cut], {})
        found = messages(first + goes_on(FORMAT, lines[cut:], memory)[0])
        answers = [one.blocks[0].result.key for one in found if one.blocks[0].result]
        assert all(answers)


def test_no_odd_value_raises() -> None:
    provider = {"messageId": "m", "rawUsage": {"prompt_tokens": 1}}
    given: tuple[dict[str, Any], ...] = (
        START,
        record("message", role="user", content=[{"text": {"value": "x"}}], providerData=provider),
        asks("x", providerData={"usage": {"inputTokensDetails": [{"cached_tokens": 1}]}}),
        gives("x", output={"text": "y"}, status="failed"),
        record("reasoning", content=[{"text": "x"}]),
        record("error", error={"a": 1}),
        record("topic", topic="x"),
    )
    for one in given:
        for odd in spoilt(one):
            facts(odd)


@pytest.mark.parametrize("path", fixtures("*buddy/*.jsonl"), ids=lambda path: path.parent.name)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    assert counted(read_file(FORMAT, path)) == count(path)
