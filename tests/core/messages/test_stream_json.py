"""What Claude Code prints as stream-json, as lines and as one array."""

import json
from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import stream_json
from core.messages.format import Framing, Memory, Sample
from core.model import BlockKind, Facts, Kind, Message, Place, StatedCost, Usage
from core.records.decode import Record
from tests.independent import stream_json as independent

DATA = Path(__file__).parents[4] / "shared" / "data" / "claude-stream-json"

INIT: dict[str, Any] = {
    "type": "system",
    "subtype": "init",
    "session_id": "s1",
    "cwd": "/sea",
    "model": "m",
    "claude_code_version": "2.1.0",
}
RESULT: dict[str, Any] = {
    "type": "result",
    "subtype": "success",
    "result": "Done.",
    "total_cost_usd": 0.5,
    "duration_ms": 9,
}


def reply(*content: dict[str, Any], api: str = "msg_1", **more: Any) -> dict[str, Any]:
    usage = {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 5}
    body = {"id": api, "model": "m", "content": list(content), "usage": usage}
    return {"type": "assistant", "message": body, "session_id": "s1", **more}


def user(content: object, **more: Any) -> dict[str, Any]:
    return {"type": "user", "message": {"role": "user", "content": content}, **more}


TEXT = {"type": "text", "text": "Done."}
TASK = {"type": "tool_use", "id": "t1", "name": "Task", "input": {"prompt": "look"}}


def read(*records: dict[str, Any]) -> list[Facts]:
    found: list[Facts] = []
    memory: Memory = {}
    for number, data in enumerate(records):
        facts, memory = stream_json.read(Record(Place(number + 1, number, 1), data), memory)
        found.extend(facts)
        memory = json.loads(json.dumps(memory))
    return found


def messages(*records: dict[str, Any]) -> list[Message]:
    return [facts.message for facts in read(*records) if facts.message]


def sample(*records: dict[str, Any]) -> Sample:
    return Sample(PurePath("out.jsonl"), Framing.LINES, records)


def test_the_start_tells_the_setting() -> None:
    (facts,) = read(INIT)

    assert facts.kind == "system/init"
    assert facts.setting is not None
    assert (facts.part, facts.setting.cwd, facts.version) == ("s1", "/sea", "2.1.0")


def test_pieces_follow_one_another_and_count_their_tokens_by_reply() -> None:
    asks, calls, answers, says = messages(
        INIT,
        user("go"),
        reply({"type": "tool_use", "id": "t", "name": "Read", "input": {"f": "x"}}),
        user([{"type": "tool_result", "tool_use_id": "t", "content": "waves"}]),
        reply(TEXT, uuid="u9", api="msg_2"),
    )

    kinds = [m.kind for m in (asks, calls, answers, says)]
    assert kinds == [Kind.PROMPT, Kind.REPLY, Kind.RESULT, Kind.REPLY]
    assert [m.parent for m in (asks, calls, answers, says)] == ["", "s1#0", "s1#1", "s1#2"]
    assert says.uuid == "u9"
    assert calls.reply is not None
    assert (calls.reply.api_id, calls.reply.usage) == ("msg_1", Usage(3, 4, 5))
    assert answers.blocks[0].result is not None
    assert answers.blocks[0].result.key == "t"


def test_a_sub_agent_has_a_lane_of_its_own() -> None:
    found = read(
        reply(TASK), user("look", parent_tool_use_id="t1"), reply(TEXT, parent_tool_use_id="t1")
    )
    trunk, task, answer = (facts.message for facts in found)

    assert trunk is not None
    assert task is not None
    assert answer is not None
    assert (task.kind, task.sidechain, task.agent, task.parent) == (Kind.TASK, True, "t1", "")
    assert (answer.agent, answer.parent) == ("t1", task.uuid)
    assert not trunk.sidechain
    assert [(link.call, link.agent) for link in found[1].links] == [("t1", "t1")]


def test_the_result_states_the_cost_and_does_not_say_the_answer_twice() -> None:
    used = {"m": {"inputTokens": 1, "outputTokens": 2, "cacheReadInputTokens": 3, "costUSD": 0.25}}
    *_, result = read(INIT, reply(TEXT), {**RESULT, "modelUsage": used})

    assert result.message is None
    assert result.cost is not None
    assert (result.cost.micro, result.cost.models[0].micro) == (500_000, 250_000)
    assert result.cost.models[0].usage == Usage(1, 2, 3)


def test_a_result_alone_is_the_answer() -> None:
    (result,) = read({**RESULT, "session_id": "s1", "usage": {"output_tokens": 7}})

    assert result.message is not None
    assert result.message.blocks[0].text == "Done."
    assert result.message.reply is not None
    assert result.message.reply.usage.output == 7


def test_a_run_that_ended_badly_says_so() -> None:
    turns = {"type": "result", "subtype": "error_max_turns", "duration_ms": 1}
    *_, last = messages(reply(TEXT), turns)
    (failed,) = messages({**RESULT, "is_error": True, "result": "No credit."})

    assert (last.kind, last.blocks[0].text) == (Kind.FAILURE, "error max turns")
    assert (failed.kind, failed.blocks[0].kind) == (Kind.FAILURE, BlockKind.NOTE)


def test_other_records_are_silent_compactions_shown_and_strange_ones_kept() -> None:
    event, compaction, odd = read(
        {"type": "stream_event", "event": {}, "session_id": "s1"},
        {"type": "system", "subtype": "compact_boundary", "session_id": "s1"},
        {"type": "aurora"},
    )

    assert event.known
    assert event.message is None
    assert compaction.message is not None
    assert compaction.message.kind is Kind.COMPACTION
    assert not odd.known


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "user", "message": 4},
        {"type": "user", "message": "words"},
        {"type": "assistant", "message": {"content": [None, 3], "usage": "x"}, "error": "e"},
        {"type": "result", "result": 5, "total_cost_usd": "x", "modelUsage": [1]},
        {"type": "result", "result": "a", "total_cost_usd": float("inf"), "modelUsage": {"m": 1}},
        {"type": "result", "subtype": "error_x", "errors": [1]},
        {"type": "system", "subtype": 4, "session_id": []},
    ],
)
def test_wrong_types_never_raise(data: dict[str, Any]) -> None:
    for memory in ({}, {"lanes": 3, "n": "x", "session": 4}):
        facts, _ = stream_json.read(Record(Place(1, 0, 1), data), memory)
        assert facts


def test_detection_tells_it_from_transcripts() -> None:
    lines, document = stream_json.FORMATS
    transcript = user("x", sessionId="s", parentUuid=None, uuid="u")

    assert lines.detect(sample(INIT, user("x"), reply(TEXT))).points >= 85
    assert document.detect(sample({**RESULT})).points >= 85
    assert 60 <= lines.detect(sample(reply(TEXT))).points <= 80
    assert not lines.detect(sample(transcript)).points
    assert not lines.detect(sample({"type": "result", "text": "x"})).points
    assert not lines.detect(sample(user("x"))).points
    assert not lines.detect(sample()).points


@pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not here")
def test_a_real_file_is_counted_as_json_alone_counts_it() -> None:
    for path in DATA.rglob("*.json"):
        records = json.loads(path.read_text("utf-8"))
        assert stream_json.FORMATS[1].detect(sample(*records)).points >= 85
        expected = independent.count(path)
        facts = read(*records)
        found = [one.message for one in facts if one.message]
        replies = {m.reply.api_id: m.reply.usage for m in found if m.reply}
        assert sum(m.record in {"user", "assistant"} for m in found) == expected.messages
        assert sum(m.kind is Kind.PROMPT for m in found) == expected.prompts
        assert sum(b.call is not None for m in found for b in m.blocks) == expected.tool_calls
        assert sum(u.input for u in replies.values()) == expected.input
        assert sum(u.output for u in replies.values()) == expected.output
        assert sum(u.cache_read for u in replies.values()) == expected.cache_read
        assert facts[-1].cost == StatedCost(34_700, complete=True)
