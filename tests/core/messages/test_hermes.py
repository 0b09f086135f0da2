"""What Hermes Agent's sessions say."""

from pathlib import Path
from typing import Any

import pytest

from core.messages.format import NO
from core.messages.hermes import FORMAT
from core.model import BlockKind, Kind, Outcome, Setting
from tests import adapters
from tests.independent import hermes

HEAD = {
    "session_id": "s", "session_start": "2026-01-01T00:00:00Z", "platform": "cli", "model": "m",
    "cwd": "/home/ada",
}  # fmt: skip


def read(*messages: Any, **more: Any) -> list[Any]:
    return adapters.told(FORMAT, [(HEAD | more, ""), *((one, "messages") for one in messages)])


def test_a_conversation_is_linear_and_begins_when_the_session_did() -> None:
    facts = read(
        {"role": "user", "content": "Look"},
        {"role": "assistant", "content": "I looked", "reasoning": "Hm", "reasoning_content": "Hm"},
        {"role": "session_meta"},
        {"role": "user", "content": "More", "timestamp": 1_767_225_700.5},
    )
    asked, answered, more = adapters.messages(facts)

    assert facts[0].setting == Setting(cwd="/home/ada")
    assert [one.parent for one in (asked, answered, more)] == ["", "0", "1"]
    assert [one.at for one in (asked, answered, more)] == [
        1_767_225_600_000, None, 1_767_225_700_500,
    ]  # fmt: skip
    assert [block.kind for block in answered.blocks] == [BlockKind.THINKING, BlockKind.REPLY]
    assert answered.reply is not None
    assert answered.reply.model == "m"


@pytest.mark.parametrize(
    ("ended", "outcome"), [("stop", Outcome.OK), ("error", Outcome.ERROR), (None, Outcome.OK)]
)
def test_a_call_is_answered_by_a_record_of_its_own(ended: Any, outcome: Outcome) -> None:
    function = {"name": "shell", "arguments": '{"command":"ls"}'}
    facts = read(
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "function": function}]},
        {"role": "tool", "tool_call_id": "c", "content": "a.txt", "finish_reason": ended},
    )
    called, answered = adapters.messages(facts)

    assert called.blocks[0].call is not None
    assert (called.blocks[0].call.tool, called.blocks[0].text) == ("shell", "ls")
    assert (answered.record, answered.kind) == ("tool", Kind.RESULT)
    assert answered.blocks[0].result is not None
    assert answered.blocks[0].result.outcome is outcome


def test_what_the_program_put_in_is_no_prompt() -> None:
    facts = read({"role": "developer", "content": "Be brief"}, system_prompt="You are Hermes.")
    first, second = adapters.messages(facts)

    assert [one.kind for one in (first, second)] == [Kind.META, Kind.META]
    assert second.parent == first.uuid
    assert adapters.counted(facts).messages == 0


def test_a_role_that_nobody_knows_is_kept() -> None:
    assert not read({"role": "novel"})[-1].known


def test_files_are_recognised() -> None:
    whole: dict[str, Any] = {**HEAD, "messages": []}
    assert FORMAT.detect(adapters.sample(FORMAT, "a.json", whole)).points == 90
    assert FORMAT.detect(adapters.sample(FORMAT, "a.json", {"messages": []})) == NO
    assert FORMAT.detect(adapters.sample(FORMAT, "a.json", whole, listed=True)) == NO


def test_no_value_makes_the_reader_raise() -> None:
    call = {"id": "c", "function": {"name": "x", "arguments": '{"a":'}}
    said = [{"type": "text", "text": "x"}]
    for data in (
        HEAD | {"model_config": {"cwd": "x"}, "system_prompt": "y"},
        {"role": "assistant", "content": said, "tool_calls": [call], "reasoning": "r"},
        {"role": "tool", "content": said, "tool_call_id": "c"},
    ):
        for odd in adapters.spoilt(data):
            adapters.told(FORMAT, [(odd, ""), (odd, "messages"), (odd, "messages")])


@pytest.mark.parametrize("path", adapters.fixtures("hermes/*.json"), ids=lambda path: path.name)
def test_public_files_are_counted_alike(path: Path) -> None:
    assert adapters.counted(adapters.read_file(FORMAT, path)) == hermes.count(path)
