"""Role messages of any program: one a line, a conversation a line, or one document."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import chat
from core.messages.format import Framing, Memory, Sample
from core.model import BlockKind, Facts, Kind, Message, Outcome, Place, Role
from core.records.decode import Record
from tests.independent import chat as independent

DATA = Path(__file__).parents[4] / "shared" / "data"
MESSAGES, DOCUMENT, RESULTS, TEXTS = chat.FORMATS


def read(
    *records: dict[str, Any], sections: Sequence[str] = (), memory: Memory | None = None
) -> list[Facts]:
    found: list[Facts] = []
    state: Memory = memory or {}
    for number, data in enumerate(records):
        section = sections[number] if sections else ""
        facts, state = chat.read(Record(Place(number + 1, number * 100, 9), data, section), state)
        found.extend(facts)
        state = json.loads(json.dumps(state))
    return found


def messages(*records: dict[str, Any], sections: Sequence[str] = ()) -> list[Message]:
    return [facts.message for facts in read(*records, sections=sections) if facts.message]


def sample(*records: dict[str, Any], framing: Framing = Framing.LINES) -> Sample:
    return Sample(PurePath("chat.jsonl"), framing, records)


CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at":"sea"}'}}
TALK: tuple[dict[str, Any], ...] = (
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "What do you see?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "name": "look", "content": "waves"},
    {
        "role": "assistant",
        "content": "Waves.",
        "usage": {"prompt_tokens": 9, "completion_tokens": 2},
    },
)


def test_each_role_becomes_what_it_is() -> None:
    found = messages(*TALK)

    assert [(m.record, m.kind, m.role) for m in found] == [
        ("system", Kind.META, Role.SYSTEM),
        ("user", Kind.PROMPT, Role.USER),
        ("assistant", Kind.REPLY, Role.ASSISTANT),
        ("tool", Kind.RESULT, Role.USER),
        ("assistant", Kind.REPLY, Role.ASSISTANT),
    ]
    assert [m.parent for m in found] == ["", "0", "1", "2", "3"]


def test_a_call_is_answered_by_the_result_with_its_id() -> None:
    _, _, asks, answers, _ = messages(*TALK)

    assert asks.blocks[0].call is not None
    assert (asks.blocks[0].call.key, asks.blocks[0].call.tool) == ("c1", "look")
    assert asks.blocks[0].call.input == '{"at":"sea"}'
    assert answers.blocks[0].result is not None
    assert answers.blocks[0].result.key == "c1"
    assert answers.blocks[0].text == "waves"


def test_a_result_whose_call_is_not_there_is_still_shown() -> None:
    (orphan,) = messages({"role": "tool", "tool_call_id": "gone", "content": "lost"})

    assert orphan.blocks[0].text == "lost"
    assert orphan.blocks[0].result is not None
    assert orphan.blocks[0].result.key == "gone"


def test_a_result_of_the_agents_sdk_answers_by_its_call_id() -> None:
    (inside, beside) = messages(
        {"function_call_result": {"callId": "a", "output": "one"}},
        {"type": "function_call_result", "callId": "b", "output": "two"},
    )

    assert [(m.blocks[0].text, m.record) for m in (inside, beside)] == [
        ("one", "tool"),
        ("two", "tool"),
    ]
    assert [m.blocks[0].result and m.blocks[0].result.key for m in (inside, beside)] == ["a", "b"]


def test_calls_without_ids_are_answered_in_their_order() -> None:
    call, result, reply = messages(
        {"type": "tool_call", "function": {"name": "git"}, "arguments": "status"},
        {"type": "tool_result", "name": "git", "result": "clean"},
        {"role": "assistant", "content": "Clean."},
    )

    assert call.blocks[0].call is not None
    assert result.blocks[0].result is not None
    assert call.blocks[0].call.tool == "git"
    assert call.blocks[0].call.input == '"status"'
    assert result.blocks[0].result.key == call.blocks[0].call.key
    assert reply.blocks[0].text == "Clean."


def test_a_call_may_carry_its_own_output() -> None:
    one = {"name": "run", "input": {"x": 1}, "output": "done", "status": "completed"}
    two = {"id": "k", "name": "run", "input": "odd", "error": "no such tool", "execution_time": 12}
    three = {"name": "run", "status": "pending"}
    (reply,) = messages({"role": "assistant", "content": "", "tool_calls": [one, two, three]})

    kinds = [block.kind for block in reply.blocks]
    results = [block.result for block in reply.blocks if block.result]
    pair = [BlockKind.CALL, BlockKind.RESULT]
    assert kinds == [*pair, *pair, BlockKind.CALL]
    assert [(r.key, r.outcome, r.detail) for r in results] == [
        ("0.0", Outcome.OK, ""),
        ("k", Outcome.ERROR, '{"durationMs":12}'),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, Outcome.OK),
        ({"is_error": True}, Outcome.ERROR),
        ({"status": "FAILED"}, Outcome.ERROR),
        ({"status": "denied"}, Outcome.DENIED),
        ({"status": "cancelled"}, Outcome.INTERRUPTED),
        ({"exit_code": 2}, Outcome.ERROR),
        ({"exit_code": 0}, Outcome.OK),
        ({"exit_code": True}, Outcome.OK),
        ({"success": False}, Outcome.ERROR),
        ({"error": None}, Outcome.OK),
        ({"error": {"message": "bad"}}, Outcome.ERROR),
    ],
)
def test_every_sign_of_failure_counts(more: dict[str, Any], expected: Outcome) -> None:
    (message,) = messages({"role": "tool", "tool_call_id": "c", "content": "x", **more})

    assert message.blocks[0].result is not None
    assert message.blocks[0].result.outcome is expected


def test_arguments_that_are_no_json_are_kept_as_they_are() -> None:
    broken = {"id": "c", "function": {"name": "f", "arguments": '{"half": '}}
    (message,) = messages({"role": "assistant", "content": "", "tool_calls": [broken]})

    assert message.blocks[0].text == '{"half": '


def test_cached_tokens_are_taken_out_of_the_input() -> None:
    used = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 60},
    }
    other = {"input_tokens": 5, "output_tokens": 6, "cache_read_input_tokens": 70}
    one, two = messages(
        {"role": "assistant", "content": "a", "usage": used, "model": "m1"},
        {"role": "assistant", "content": "b", "usage": other},
    )

    assert one.reply is not None
    assert two.reply is not None
    assert (one.reply.usage.input, one.reply.usage.cache_read, one.reply.usage.output) == (
        40,
        60,
        7,
    )
    assert (two.reply.usage.input, two.reply.usage.cache_read, two.reply.usage.output) == (5, 70, 6)
    assert [one.reply.model, two.reply.model] == ["m1", "m1"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-02T03:04:05Z",
        1_767_323_045,
        1_767_323_045.0,
        1_767_323_045_000,
        1_767_323_045_000_000,
        "1767323045",
    ],
)
def test_times_may_be_iso_or_count_from_the_epoch(written: object) -> None:
    (message,) = messages({"role": "user", "content": "x", "timestamp": written})

    assert message.at == 1_767_323_045_000


@pytest.mark.parametrize("written", ["soon", "12 o'clock", True, float("1e30"), -5.0, [], "1e999"])
def test_what_is_no_time_is_left_out(written: object) -> None:
    (message,) = messages({"role": "user", "content": "x", "timestamp": written})

    assert message.at is None


def test_conversations_that_alternate_in_a_file_keep_their_own_order() -> None:
    def said(role: str, where: str) -> dict[str, Any]:
        return {"role": role, "content": "x", "conversation_id": where}

    found = read(said("user", "a"), said("user", "b"), said("assistant", "a"), said("user", "b"))

    assert [facts.part for facts in found] == ["a", "b", "a", "b"]
    assert [facts.message and facts.message.parent for facts in found] == ["", "", "0", "1"]


def test_a_parent_that_is_named_is_the_parent() -> None:
    found = messages(
        {"id": "m1", "role": "user", "content": "x"},
        {"id": "m2", "role": "assistant", "content": "y"},
        {"id": "m3", "role": "assistant", "content": "z", "parent_message_id": "m1"},
        {"id": "m4", "role": "user", "content": "again", "parent_message_id": None},
    )

    assert [(m.uuid, m.parent) for m in found] == [
        ("m1", ""),
        ("m2", "m1"),
        ("m3", "m1"),
        ("m4", ""),
    ]


def test_a_line_may_hold_a_whole_conversation() -> None:
    sharegpt = {
        "id": "x1",
        "conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}],
    }
    found = read({"messages": list(TALK)}, sharegpt)

    assert [facts.part for facts in found] == ["#1"] * 6 + ["#2"] * 3
    assert [facts.kind for facts in found if facts.kind] == ["conversation", "conversation"]
    told = [facts.message for facts in found if facts.message]
    assert len({m.uuid for m in told}) == 7
    assert [m.parent for m in told] == ["", "0", "1", "2", "3", "", "5"]


def test_sharegpts_calls_are_json_in_a_text() -> None:
    turns = [
        {"from": "function_call", "value": '{"name": "look", "arguments": {"at": "sea"}}'},
        {"from": "observation", "value": "waves"},
        {"from": "function_call", "value": "no json"},
    ]
    call, result, odd = messages({"conversations": turns})

    assert call.blocks[0].call is not None
    assert result.blocks[0].result is not None
    assert (call.blocks[0].call.tool, call.blocks[0].text) == ("look", "sea")
    assert result.blocks[0].result.key == call.blocks[0].call.key
    assert odd.blocks[0].text == "no json"


def test_a_printed_conversation_is_taken_apart() -> None:
    shown = "user: hi\nthere\nassistant: None\ntool: 42\nassistant: It is 42."
    asks, calls, answers, says = messages({"messages_display": shown})

    assert asks.blocks[0].text == "hi\nthere"
    assert calls.blocks[0].call is not None
    assert answers.blocks[0].result is not None
    assert answers.blocks[0].result.key == calls.blocks[0].call.key
    assert says.blocks[0].text == "It is 42."


def test_a_trajectory_is_told_by_its_history() -> None:
    head: dict[str, Any] = {
        "environment": "box",
        "trajectory": [{"action": "ls", "observation": "a"}],
        "info": {},
    }
    history: list[dict[str, Any]] = [
        {"role": "system", "content": "You fix bugs.", "message_type": "system_prompt"},
        {"role": "user", "content": "An example.", "message_type": "demonstration"},
        {"role": "assistant", "content": "I list.", "thought": "I list.", "action": "ls"},
        {"role": "user", "content": "a.py", "message_type": "observation"},
    ]
    found = messages(head, *history, sections=["", *["history"] * 4])

    assert [m.kind for m in found] == [Kind.META, Kind.META, Kind.REPLY, Kind.RESULT]
    call, result = found[2].blocks[1].call, found[3].blocks[0].result
    assert call is not None
    assert result is not None
    assert (call.tool, call.input, result.key) == ("action", '"ls"', call.key)
    whole = messages({**head, "history": history})
    assert [m.kind for m in whole] == [m.kind for m in found]


def test_a_second_list_of_the_same_document_is_not_told_again() -> None:
    said = {"role": "user", "content": "x"}
    found = read({"model": "m"}, said, said, sections=["", "messages", "history"])

    assert [facts.kind for facts in found] == ["header", "message/user", "history (again)"]
    assert all(facts.known for facts in found)


def test_the_fields_around_a_conversation_tell_its_setting() -> None:
    head = {"session_id": "s1", "model": "m", "title": "Sea", "model_config": {"cwd": "/sea"}}
    header, reply = read(head, {"role": "assistant", "content": "x"}, sections=["", "messages"])

    assert header.setting is not None
    assert (header.setting.cwd, header.setting.ai_title) == ("/sea", "Sea")
    assert reply.part == "s1"
    assert reply.message is not None
    assert reply.message.reply is not None
    assert reply.message.reply.model == "m"


def test_content_may_be_a_list_of_items() -> None:
    content = [
        {"type": "text", "text": "see"},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
        {"type": "hologram", "size": 3},
    ]
    user, reply, result = messages(
        {"role": "user", "content": content},
        {
            "role": "assistant",
            "reasoning_content": "hm",
            "content": [{"type": "tool_use", "id": "t", "name": "look", "input": {}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "ok"}]},
    )

    assert [b.kind for b in user.blocks] == [BlockKind.PROMPT, BlockKind.NOTE, BlockKind.OTHER]
    assert [b.kind for b in reply.blocks] == [BlockKind.THINKING, BlockKind.CALL]
    assert (result.record, result.kind) == ("tool", Kind.RESULT)


def test_text_that_nobody_signed_is_shown_and_noted_once() -> None:
    one, two = read({"content": "first"}, {"content": ""})

    assert one.message is not None
    assert (one.message.kind, one.message.blocks[0].text) == (Kind.NOTICE, "first")
    assert len(one.notes) == 1
    assert not two.notes


def test_a_record_that_is_no_message_is_kept_as_unknown() -> None:
    _, odd = read({"role": "user", "content": "x"}, {"type": "weather", "sky": "blue"})

    assert not odd.known
    assert odd.unknown is not None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"role": 5, "content": {"a": [1]}},
        {"role": "assistant", "tool_calls": "no", "function_call": 3, "usage": [], "content": [1]},
        {"role": "assistant", "tool_calls": [None, 1, {"function": "f", "id": 3}]},
        {"role": "tool", "content": [{"type": "image_url", "image_url": 4}, None], "error": [1]},
        {"messages": [None, 3, {"role": "user"}], "id": 4},
        {"conversations": {"from": "human"}, "conversation_id": []},
        {"messages_display": 7},
        {"function_call_result": "text"},
        {"role": "user", "content": [{"type": "tool_result", "content": {"a": 1}}]},
        {"type": "tool_call", "function": [], "arguments": None},
        {"tool_call_ids": [3], "role": "tool"},
    ],
)
def test_wrong_types_never_raise(data: dict[str, Any]) -> None:
    for section in ("", "messages"):
        for memory in ({}, {"parts": 3, "n": "x", "part": 1}, {"parts": {"": {"open": 3}}}):
            facts, _ = chat.read(Record(Place(1, 0, 1), data, section), memory)
            assert facts


def test_a_file_read_in_pieces_says_the_same() -> None:
    lines = [{"type": "tool_call", "function": {"name": "f"}}, *TALK, {"content": "?"}]
    whole: list[Facts] = []
    memory: Memory = {}
    for number, data in enumerate(lines):
        facts, memory = chat.read(Record(Place(number + 1, number * 100, 9), data), memory)
        whole.extend(facts)

    assert read(*lines) == whole  # `read` writes the memory out and in after each line


def test_a_thousand_conversations_do_not_fill_the_memory() -> None:
    memory: Memory = {}
    for number in range(1000):
        data = {"role": "user", "content": "x", "conversation_id": f"c{number}"}
        _, memory = chat.read(Record(Place(1, 0, 1), data), memory)

    assert len(json.dumps(memory)) < 10_000


def test_detection_gives_way_to_formats_with_marks_of_their_own() -> None:
    results = [{"tool_call_id": "c", "role": "tool", "content": "x", "timestamp": 1, "model": "m"}]

    assert 30 <= MESSAGES.detect(sample(*TALK)).points <= 45
    assert 30 <= MESSAGES.detect(sample({"messages": list(TALK)})).points <= 45
    assert RESULTS.detect(sample(*results)).points > MESSAGES.detect(sample(*results)).points
    assert 0 < TEXTS.detect(sample({"content": "x"}, {"content": ""})).points < 30
    assert not TEXTS.detect(sample({"content": "x", "type": "y"})).points
    assert not TEXTS.detect(sample(*TALK)).points
    assert not MESSAGES.detect(sample({"content": "x"})).points
    for one in chat.FORMATS:
        assert not one.detect(sample()).points


tau = pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not here")


@tau
@pytest.mark.parametrize(
    "name", ["openai-tool-calls/**/*.jsonl", "fixtures/**/session_[bst]*l.jsonl"]
)
def test_real_files_are_counted_as_json_alone_counts_them(name: str) -> None:
    paths = [path for path in DATA.glob(name) if "stage0" not in path.parts]
    assert paths
    for path in paths:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        assert MESSAGES.detect(sample(*lines[:50])).points >= 38
        found = messages(*lines)
        told = Counter(m.record for m in found)
        expected = independent.count(path)
        assert told["user"] + told["assistant"] == expected.messages
        assert sum(m.kind is Kind.PROMPT for m in found) == expected.prompts
        assert sum(b.call is not None for m in found for b in m.blocks) == expected.tool_calls
