"""Messages without Claude Code's envelope, with everything at the top."""

from pathlib import PurePath

import pytest

from core.messages.claude_files import FORMATS
from core.messages.format import Sample
from core.model import Block, BlockKind, Kind, Message, Outcome, Place, Usage
from core.records.decode import Record
from tests import builders as b

FORM = FORMATS[0]


def message(record: b.Record) -> Message:
    (fact,), _ = FORM.read(Record(Place(1, 0, 1), record), {})
    assert fact.message is not None
    assert (fact.known, fact.kind) == (True, record["type"])
    return fact.message


def test_a_prompt_and_its_answer_are_read() -> None:
    asked = message({
        "type": "user", "content": "hello", "timestamp": 1_767_225_605, "session_id": "s1",
        "id": "m1",
    })  # fmt: skip
    answered = message({
        "type": "assistant", "content": [{"type": "text", "text": "Hi."}], "model": "claude-x",
        "usage": {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 5},
        "timestamp": 1_767_225_606.5, "session_id": "s1", "id": "m2", "parent_id": "m1",
    })  # fmt: skip

    assert (asked.kind, asked.uuid, asked.at) == (Kind.PROMPT, "s1/m1", 1_767_225_605_000)
    assert asked.blocks == (Block(BlockKind.PROMPT, "hello"),)
    assert (answered.kind, answered.uuid, answered.parent) == (Kind.REPLY, "s1/m2", "s1/m1")
    assert (answered.session, answered.at) == ("s1", 1_767_225_606_500)
    assert answered.blocks == (Block(BlockKind.REPLY, "Hi."),)
    assert answered.reply is not None
    assert (answered.reply.model, answered.reply.usage) == ("claude-x", Usage(3, 4, 5))


@pytest.mark.parametrize(
    "call",
    [
        {
            "id": "t1",
            "name": "Bash",
            "input": {"command": "ls"},
            "output": "a",
            "status": "success",
        },
        {"id": "t1", "function": {"name": "Bash", "arguments": '{"command":"ls"}'}, "output": "a"},
    ],
)
def test_calls_are_read_in_either_shape_with_what_they_gave_back(call: b.Record) -> None:
    called, answer = message({"type": "assistant", "content": "", "tool_calls": [call]}).blocks

    assert called.call is not None
    assert (called.call.key, called.call.tool) == ("t1", "Bash")
    assert called.call.input == '{"command":"ls"}'
    assert answer.result is not None
    assert (answer.result.key, answer.result.outcome, answer.text) == ("t1", Outcome.OK, "a")


def test_a_result_among_the_content_is_a_result() -> None:
    found = message({"type": "user", "content": [{"type": "tool_result", "tool_use_id": "t1"}]})

    assert found.kind is Kind.RESULT


def test_an_id_that_is_not_unique_in_the_world_is_left_out() -> None:
    found = message({"type": "user", "content": "x", "id": "1", "parent_id": "0"})

    assert (found.uuid, found.parent, found.linked) == ("", "", False)
    long = "0b8d5b1e-5f5e-4a55-9a3f-3f6c9f6f0001"
    assert message({"type": "user", "content": "x", "id": long}).uuid == long


@pytest.mark.parametrize("odd", [None, 5, [], {}, [5], "x"])
def test_nothing_makes_it_raise(odd: object) -> None:
    for kind in ("user", "assistant"):
        message({
            "type": kind, "content": odd, "usage": odd, "tool_calls": [odd], "model": odd,
            "id": odd, "timestamp": odd, "parent_id": odd,
        })  # fmt: skip


def test_it_is_recognised_but_only_when_nothing_else_is() -> None:
    flat = {"type": "user", "content": "x"}
    score = FORM.detect(Sample(PurePath("a.jsonl"), FORM.framing, (flat,)))

    assert 0 < score.points < 30
