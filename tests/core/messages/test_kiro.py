"""What Kiro CLI's conversations say."""

import json
from pathlib import Path
from typing import Any

from core.messages.format import NO
from core.messages.kiro import FORMAT
from core.model import BlockKind, Kind, Outcome, Setting, Usage
from tests import adapters
from tests.independent import kiro


def turn(content: Any, assistant: Any = None, **about: Any) -> dict[str, Any]:
    env = {"env_state": {"current_working_directory": "/home/ada"}}
    user = {"content": content, "env_context": env, "timestamp": "2026-01-01T00:00:00Z"}
    return {"user": user, "assistant": assistant, "request_metadata": about or None}


def results(sort: str, status: str, *content: Any, **more: Any) -> dict[str, Any]:
    one = {"tool_use_id": "t1", "status": status, "content": list(content)}
    return {sort: {"tool_use_results": [one]} | more}


CALLS = {
    "ToolUse": {
        "message_id": "m1", "content": "I look",
        "tool_uses": [{"id": "t1", "name": "fs_read", "args": {"path": "a"}}],
    }
}  # fmt: skip
PROMPT = {"Prompt": {"prompt": "Look"}}
DONE = {"Response": {"message_id": "m2", "content": "Done"}}


def read(*turns: Any) -> list[Any]:
    return adapters.told(FORMAT, [({"conversation_id": "c"}, ""), *((t, "history") for t in turns)])


def test_a_turn_is_a_prompt_and_what_came_back() -> None:
    about = {
        "request_start_timestamp_ms": 1_767_225_600_000, "model_id": "model-1", "output_tokens": 5,
        "stream_end_timestamp_ms": 1_767_225_601_000, "uncached_input_tokens": 9,
    }  # fmt: skip
    facts = read(turn(PROMPT, CALLS, **about), turn(results("ToolUseResults", "Success"), DONE))
    asked, called, answered, done = adapters.messages(facts)

    assert facts[1].setting == Setting(cwd="/home/ada")
    assert [one.kind for one in (asked, called, answered, done)] == [
        Kind.PROMPT, Kind.REPLY, Kind.RESULT, Kind.REPLY,
    ]  # fmt: skip
    assert [one.parent for one in (asked, called, answered, done)] == ["", "0", "m1", "1"]
    assert [block.kind for block in called.blocks] == [BlockKind.REPLY, BlockKind.CALL]
    assert called.reply is not None
    assert (called.reply.model, called.reply.usage) == ("model-1", Usage(9, 5))
    assert called.at == 1_767_225_601_000


def test_a_result_ends_as_its_status_says_and_a_cancelled_one_is_interrupted() -> None:
    found = adapters.messages(
        read(
            turn(results("ToolUseResults", "Error", {"Text": "no"}, {"Json": {"a": 1}}, {"b": 2})),
            turn(results("CancelledToolUses", "Error", prompt="Stop, do this")),
        )
    )

    assert found[0].blocks[0].text == 'no\n{"a":1}\n{"b":2}'
    assert [one.blocks[0].result.outcome for one in found if one.blocks[0].result] == [
        Outcome.ERROR, Outcome.INTERRUPTED,
    ]  # fmt: skip
    assert [one.kind for one in found] == [Kind.RESULT, Kind.PROMPT]


def test_a_turn_without_words_from_the_user_is_the_answer_alone() -> None:
    (found,) = adapters.messages(read(turn(None, DONE)))
    odd = turn({"Novel": 1}) | {"user": {"content": {"Novel": 1}, "additional_context": "env"}}
    (kept,) = adapters.messages(read(odd))

    assert (found.uuid, found.parent) == ("m2", "")
    assert [block.kind for block in kept.blocks] == [BlockKind.NOTE, BlockKind.OTHER]
    assert kept.kind is Kind.NOTICE


def test_the_model_of_the_conversation_is_that_of_its_replies() -> None:
    facts = adapters.told(
        FORMAT, [({"model_info": {"model_id": "m"}}, ""), (turn(PROMPT, DONE), "history")]
    )

    assert [one.reply.model for one in adapters.messages(facts) if one.reply] == ["m"]


def test_a_turn_of_neither_is_kept() -> None:
    assert not read({"novel": 1})[-1].known


def test_files_are_recognised() -> None:
    def points(data: Any) -> int:
        return FORMAT.detect(adapters.sample(FORMAT, "a.json", data)).points

    assert points({"conversation_id": "c", "history": [turn(PROMPT)]}) == 93
    assert points({"history": [turn(PROMPT)]}) == 65
    assert points({"conversation_id": "c", "history": []}) == 60
    assert points({"history": [{"role": "user"}]}) == 0
    assert FORMAT.detect(adapters.sample(FORMAT, "a.json")) == NO


def test_no_value_makes_the_reader_raise() -> None:
    for data in (turn(PROMPT, CALLS), turn(results("ToolUseResults", "x", {"Text": "a"}), DONE)):
        for odd in adapters.spoilt(data):
            adapters.told(FORMAT, [(odd, "history"), (odd, ""), (odd, "history")])


def test_a_conversation_is_counted_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    spent = {"uncached_input_tokens": 9, "output_tokens": 5, "cache_read_input_tokens": 4}
    turns = [turn(PROMPT, CALLS, **spent), turn(results("ToolUseResults", "Success"), DONE)]
    path.write_text(json.dumps({"conversation_id": "c", "history": turns}))

    assert adapters.counted(adapters.read_file(FORMAT, path)) == kiro.count(path)
