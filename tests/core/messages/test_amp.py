"""What Amp's threads say."""

from typing import Any

import pytest

from core.messages.amp import FORMAT
from core.messages.format import NO
from core.model import BlockKind, Kind, Outcome, Setting, Usage
from tests import adapters

TREE = {"uri": "file:///home/ada/a%20b", "repository": {"ref": "refs/heads/main"}}
HEAD = {
    "id": "T-1", "created": 1_767_225_600_000, "title": "Look",
    "env": {"initial": {"trees": [TREE]}},
}  # fmt: skip
USAGE = {
    "model": "m", "inputTokens": 9, "outputTokens": 5, "cacheReadInputTokens": 4,
    "cacheCreationInputTokens": 3,
}  # fmt: skip


def user(number: Any, *content: Any) -> dict[str, Any]:
    sent = {"sentAt": 1_767_225_601_000}
    return {"role": "user", "messageId": number, "content": list(content), "meta": sent}


def reply(number: Any, *content: Any, **more: Any) -> dict[str, Any]:
    state = {"type": "complete", "stopReason": "end_turn"}
    return {
        "role": "assistant",
        "messageId": number,
        "content": list(content),
        "state": state,
    } | more


def result(status: str, **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "toolUseID": "t1", "run": {"status": status} | more}


def read(*messages: Any, **more: Any) -> list[Any]:
    return adapters.told(FORMAT, [(HEAD | more, ""), *((one, "messages") for one in messages)])


def test_a_thread_is_linear_and_its_replies_have_tokens() -> None:
    call = {"type": "tool_use", "id": "t1", "name": "Read", "input": {"path": "a"}}
    thought = {"type": "thinking", "thinking": "Hm"}
    facts = read(
        user(0, {"type": "text", "text": "Look"}),
        reply(1, thought, call, usage=USAGE),
        user(2, result("done", result={"output": "hello"})),
    )
    asked, called, answered = adapters.messages(facts)

    assert facts[0].setting == Setting(cwd="/home/ada/a b", git_branch="main", ai_title="Look")
    assert [(one.uuid, one.parent) for one in (asked, called, answered)] == [
        ("0", ""), ("1", "0"), ("2", "1"),
    ]  # fmt: skip
    assert asked.at == 1_767_225_601_000
    assert [block.kind for block in called.blocks] == [BlockKind.THINKING, BlockKind.CALL]
    assert called.reply is not None
    assert (called.reply.usage, called.reply.final) == (Usage(9, 5, 4, 3), True)
    assert (answered.kind, answered.record, answered.blocks[0].text) == (
        Kind.RESULT, "tool", "hello",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("run", "outcome", "said"),
    [
        (result("done", result="x"), Outcome.OK, "x"),
        (result("error", error={"message": "no"}), Outcome.ERROR, "no"),
        (result("cancelled"), Outcome.INTERRUPTED, ""),
        (result("rejected-by-user"), Outcome.DENIED, ""),
    ],
)
def test_a_call_ends_as_its_run_says(run: Any, outcome: Outcome, said: str) -> None:
    (found,) = adapters.messages(read(user(0, run)))

    assert found.blocks[0].result is not None
    assert (found.blocks[0].result.outcome, found.blocks[0].text) == (outcome, said)


def test_a_run_at_work_has_no_result_and_plain_text_is_a_prompt() -> None:
    (working,) = adapters.messages(read(user(0, result("in-progress"))))
    (plain,) = adapters.messages(read({"role": "user", "content": "Look"}))

    assert working.blocks == ()
    assert (plain.kind, plain.uuid) == (Kind.PROMPT, "m0")


def test_the_ledger_tells_times_and_the_tokens_that_a_message_lacks() -> None:
    event = {"toMessageId": 1, "timestamp": "2026-01-01T00:00:05Z", "model": "m"}
    tokens = {"input": 9, "output": 5}
    ledger = {"events": [event | {"tokens": tokens}]}
    (one,) = adapters.messages(read(reply(1, usage=USAGE), usageLedger=ledger))
    (two,) = adapters.messages(read(reply(1), usageLedger=ledger))

    assert (one.at, two.at) == (1_767_225_605_000, 1_767_225_605_000)
    assert one.reply is not None
    assert one.reply.usage == Usage(9, 5, 4, 3)
    assert two.reply is not None
    assert (two.reply.usage, two.reply.model) == (Usage(9, 5), "m")


def test_a_role_that_nobody_knows_is_kept() -> None:
    assert not read({"role": "novel"})[-1].known


def test_files_are_recognised() -> None:
    def points(data: Any) -> int:
        return FORMAT.detect(adapters.sample(FORMAT, "a.json", data)).points

    assert points(HEAD | {"messages": []}) == 92
    assert points({"messages": [user(0)]}) == 70
    assert points({"messages": [{"role": "user", "content": "x"}]}) == 0
    assert FORMAT.detect(adapters.sample(FORMAT, "a.json")) == NO


def test_no_value_makes_the_reader_raise() -> None:
    event = {"toMessageId": 1, "tokens": {"input": 1}}
    text = {"type": "text", "text": "x"}
    for data in (
        HEAD | {"usageLedger": {"events": [event]}},
        reply(1, text, result("done", result={"output": "x"}), usage=USAGE),
        user(1, text, result("error", error={"message": "x"})),
    ):
        for odd in adapters.spoilt(data):
            adapters.told(FORMAT, [(odd, ""), (odd, "messages"), (odd, "messages")])
