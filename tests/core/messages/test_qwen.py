"""What the records of Qwen Code say: Claude's envelope, Gemini's parts."""

from typing import Any

import pytest

from core.messages import qwen
from core.model import BlockKind, Facts, Kind, Message, Outcome, Usage
from tests.adapters import counted, fixtures, messages, read_file, sample, spoilt, told
from tests.independent.qwen import count

FORMAT = qwen.FORMAT


def record(kind: str, uuid: str = "u2", parent: str | None = "u1", **more: Any) -> dict[str, Any]:
    return {
        "uuid": uuid,
        "parentUuid": parent,
        "sessionId": "s",
        "timestamp": "2026-05-01T09:00:00.000Z",
        "type": kind,
        "cwd": "/home/a/p",
        "version": "0.3",
        "gitBranch": "main",
        **more,
    }


def says(kind: str, *parts: Any, **more: Any) -> dict[str, Any]:
    return record(kind, message={"role": "x", "parts": list(parts)}, **more)


def facts(given: dict[str, Any]) -> Facts:
    (found,) = told(FORMAT, [(given, "")])
    return found


def message(given: dict[str, Any]) -> Message:
    found = facts(given).message
    assert found is not None
    return found


def test_messages_made_of_parts_tell_it_from_claude_code() -> None:
    given = says("user", {"text": "hi"})

    assert FORMAT.detect(sample(FORMAT, "s.jsonl", given)).points > 90
    plain = record("user", message={"content": "hi"})
    assert FORMAT.detect(sample(FORMAT, "s.jsonl", plain)).points == 0
    assert FORMAT.detect(sample(FORMAT, "s.jsonl")).points == 0


def test_a_prompt_is_kept_apart_from_what_a_hook_added() -> None:
    added = "<qwen:user-prompt-submit-context>\nbe brief\n</qwen:user-prompt-submit-context>"
    found = message(says("user", {"text": "count the files"}, {"text": added}))

    assert (found.kind, found.record, found.uuid, found.parent) == (Kind.PROMPT, "user", "u2", "u1")
    assert [(one.kind, one.text) for one in found.blocks] == [
        (BlockKind.PROMPT, "count the files"),
        (BlockKind.NOTE, added),
    ]


@pytest.mark.parametrize(
    ("subtype", "kind", "speaker"),
    [
        ("mid_turn_user_message", Kind.QUEUED, "user"),
        ("notification", Kind.NOTICE, "system"),
        ("cron", Kind.NOTICE, "system"),
        ("goal_runtime", Kind.META, "system"),
    ],
)
def test_the_subtype_tells_who_wrote_a_user_record(subtype: str, kind: Kind, speaker: str) -> None:
    found = message(says("user", {"text": "go on"}, subtype=subtype))

    assert (found.kind, found.record) == (kind, speaker)


def test_what_an_agent_was_asked_is_a_task_in_its_lane() -> None:
    found = message(says("user", {"text": "look"}, agentId="scout-1"))

    assert (found.kind, found.sidechain, found.agent) == (Kind.TASK, True, "scout-1")


def test_a_prompt_that_no_person_wrote_is_a_notice() -> None:
    found = message(says("user", {"text": "retry"}, provenance="hook"))

    assert (found.kind, found.record) == (Kind.NOTICE, "system")


def test_a_reply_has_thoughts_calls_and_counts() -> None:
    found = message(
        says(
            "assistant",
            {"text": "hm", "thought": True},
            {"text": "Reading."},
            {"functionCall": {"id": "c1", "name": "read_file", "args": {"path": "a.py"}}},
            model="m-1",
            usageMetadata={
                "promptTokenCount": 100,
                "cachedContentTokenCount": 60,
                "candidatesTokenCount": 7,
                "thoughtsTokenCount": 3,
            },
        )
    )

    kinds = [one.kind for one in found.blocks]
    assert kinds == [BlockKind.THINKING, BlockKind.REPLY, BlockKind.CALL]
    assert found.reply is not None
    assert (found.reply.model, found.reply.usage) == ("m-1", Usage(40, 10, 60))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("success", Outcome.OK), ("error", Outcome.ERROR), ("cancelled", Outcome.INTERRUPTED)],
)
def test_a_result_answers_its_call(status: str, outcome: Outcome) -> None:
    response = {"functionResponse": {"id": "c1", "name": "ls", "response": {"output": "a.py"}}}
    found = message(says("tool_result", response, toolCallResult={"status": status}))

    (block,) = found.blocks
    assert block.result is not None
    assert (found.record, block.text) == ("tool", "a.py")
    assert (block.result.key, block.result.outcome) == ("c1", outcome)


def test_a_result_without_a_response_is_told_by_what_was_shown() -> None:
    shown = {"callId": "c1", "status": "success", "resultDisplay": "done"}
    (block,) = message(says("tool_result", toolCallResult=shown)).blocks

    assert (block.text, block.result and block.result.key) == ("done", "c1")


def test_titles_are_given_by_a_person_or_made_up() -> None:
    for source, field in (("manual", "custom_title"), ("auto", "ai_title")):
        payload = {"customTitle": "Tidy up", "titleSource": source}
        setting = facts(record("system", subtype="custom_title", systemPayload=payload)).setting
        assert getattr(setting, field) == "Tidy up"


def test_slash_commands_and_what_they_print_are_shown() -> None:
    asked = {"phase": "invocation", "rawCommand": "/about"}
    given = {"phase": "result", "outputHistoryItems": [{"type": "info", "text": "version 1"}]}
    said = [
        message(record("system", subtype="slash_command", systemPayload=one))
        for one in (asked, given)
    ]

    assert [(one.kind, one.record) for one in said] == [
        (Kind.COMMAND, "user"),
        (Kind.COMMAND, "system"),
    ]
    assert [one.blocks[0].text for one in said] == ["/about", "version 1"]


def test_compactions_and_errors_of_the_api_are_shown() -> None:
    info = {"info": {"originalTokenCount": 900, "newTokenCount": 90}}
    found = message(record("system", subtype="chat_compression", systemPayload=info))
    assert (found.kind, found.detail) == (Kind.COMPACTION, '{"preTokens":900,"postTokens":90}')

    event = {"uiEvent": {"event.name": "qwen-code.api_error", "error_message": "too busy"}}
    found = message(record("system", subtype="ui_telemetry", systemPayload=event))
    assert (found.kind, found.blocks[0].text) == (Kind.FAILURE, "too busy")


def test_other_system_records_are_links_of_the_chain() -> None:
    found = facts(record("system", subtype="rewind", systemPayload={"targetUuid": "u1"}))

    assert found.known
    assert (found.message, found.hop and found.hop.parent) == (None, "u1")


def test_an_unknown_type_is_kept() -> None:
    found = facts(record("poem"))

    assert (found.known, found.kind) == (False, "poem")
    assert found.unknown is not None


def test_no_odd_value_raises() -> None:
    parts = [{"text": "a", "thought": True}, {"functionCall": {"args": {}}}, {"inlineData": {}}]
    for kind in ("user", "assistant", "tool_result"):
        for odd in spoilt(says(kind, *parts, toolCallResult={"status": "x"}, usageMetadata={})):
            told(FORMAT, [(odd, "")])
    for subtype in ("slash_command", "ui_telemetry", "chat_compression", "custom_title"):
        payload = {"info": {}, "uiEvent": {}, "phase": "result", "outputHistoryItems": [{}]}
        for odd in spoilt(record("system", subtype=subtype, systemPayload=payload)):
            told(FORMAT, [(odd, "")])


@pytest.mark.parametrize("path", fixtures("qwen/*1.jsonl"), ids=lambda path: path.stem)
def test_public_files_are_counted_as_without_clew(path: Any) -> None:
    found = read_file(FORMAT, path)

    assert counted(found) == count(path)
    assert messages(found)
