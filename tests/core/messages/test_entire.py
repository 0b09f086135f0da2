"""Entire's compact transcripts."""

import json
from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import entire
from core.messages.format import Framing, Memory, Sample
from core.model import BlockKind, Facts, Kind, Message, Outcome, Place, Usage
from core.records.decode import Record
from tests.independent import entire as independent

DATA = Path(__file__).parents[4] / "shared" / "data" / "entire-compact-transcript"


def record(type_: str, *content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "agent": "claude-code",
        "cli_version": "0.9.0",
        "type": type_,
        "ts": "2026-01-01T00:00:00Z",
        "content": list(content),
        **more,
    }


ASK = record("user", {"id": "p1", "text": "look"})
ASKED = "p1#2026-01-01T00:00:00Z"
SAY = {"type": "text", "text": "I look."}
LOOK = {
    "type": "tool_use",
    "id": "t1",
    "name": "Read",
    "input": {"f": "sea"},
    "result": {"output": "waves", "status": "success", "file": {"lines": 2}},
}


def read(*records: dict[str, Any]) -> list[Facts]:
    found: list[Facts] = []
    memory: Memory = {}
    for number, data in enumerate(records):
        facts, memory = entire.read(Record(Place(number + 1, number, 1), data), memory)
        found.extend(facts)
        memory = json.loads(json.dumps(memory))
    return found


def messages(*records: dict[str, Any]) -> list[Message]:
    return [facts.message for facts in read(*records) if facts.message]


def test_a_reply_holds_its_calls_and_what_they_gave() -> None:
    counts = {"input_tokens": 2, "output_tokens": 9}
    ask, reply = messages(ASK, record("assistant", SAY, LOOK, id="m1", **counts))

    assert (ask.kind, ask.uuid, ask.blocks[0].text) == (Kind.PROMPT, ASKED, "look")
    assert [b.kind for b in reply.blocks] == [BlockKind.REPLY, BlockKind.CALL, BlockKind.RESULT]
    result = reply.blocks[2].result
    assert result is not None
    assert (result.key, result.outcome) == ("t1", Outcome.OK)
    assert reply.parent == ask.uuid
    assert reply.reply is not None
    assert (reply.reply.api_id, reply.reply.usage) == ("m1", Usage(2, 9))


def test_the_lines_of_one_reply_are_pieces_of_it() -> None:
    one, two = record("assistant", SAY, id="m1", ts="10:00"), record("assistant", LOOK, id="m1")
    found = messages(ASK, one, record("assistant", LOOK, id="m2"), two)

    assert [m.uuid for m in found] == [ASKED, "m1#10:00", "m2#t1", "m1#t1"]
    assert [m.parent for m in found] == ["", ASKED, "m1#10:00", "m2#t1"]
    assert [m.reply and m.reply.api_id for m in found] == [None, "m1", "m2", "m1"]


def test_words_of_the_program_are_no_prompts() -> None:
    said = {"id": "p1", "text": "[Request interrupted by user for tool use]"}
    asked, stopped = messages(ASK, record("user", said, ts="2026-01-01T00:00:09Z"))

    assert stopped.kind is Kind.INTERRUPT
    assert stopped.uuid != asked.uuid


def test_a_call_without_a_result_has_none() -> None:
    (reply,) = messages(record("assistant", {"type": "tool_use", "id": "t", "name": "Read"}))

    assert [b.kind for b in reply.blocks] == [BlockKind.CALL]


def test_a_failed_call_is_an_error() -> None:
    bad = {**LOOK, "result": {"output": "no", "status": "error"}}
    (reply,) = messages(record("assistant", bad))

    assert reply.blocks[1].result is not None
    assert reply.blocks[1].result.outcome is Outcome.ERROR


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "user", "content": 3},
        {"type": "user", "content": [None, 4, {"id": 3}]},
        {"type": "assistant", "content": "words", "id": 4, "input_tokens": -3},
        {"type": "assistant", "content": [{"type": "tool_use", "result": [1]}, 3]},
    ],
)
def test_wrong_types_never_raise(data: dict[str, Any]) -> None:
    for memory in ({}, {"last": 3, "n": "x"}):
        facts, _ = entire.read(Record(Place(1, 0, 1), data), memory)
        assert facts


def test_a_kind_nobody_knows_is_kept() -> None:
    (odd,) = read(record("weather"))

    assert not odd.known
    assert odd.unknown is not None


def test_the_folders_name_the_checkpoint() -> None:
    assert entire.place(PurePath("/r/0f/09027/2/transcript.jsonl")).key == "0f09027-2"
    assert entire.place(PurePath("other.jsonl")).key == "other"


def test_detection_asks_for_the_whole_envelope() -> None:
    def points(*records: dict[str, Any]) -> int:
        return entire.detect(Sample(PurePath("t.jsonl"), Framing.LINES, records)).points

    assert points(ASK, record("assistant")) >= 85
    assert not points({"type": "user", "content": [], "ts": 1})
    assert not points()


@pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not here")
def test_real_files_are_counted_as_json_alone_counts_them() -> None:
    for path in DATA.rglob("*.jsonl"):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        expected = independent.count(path)
        found = messages(*lines)
        replies = {m.reply.api_id: m.reply.usage for m in found if m.reply}
        assert len(found) == len({m.uuid for m in found}) == expected.messages
        assert sum(m.kind is Kind.PROMPT for m in found) == expected.prompts
        assert sum(b.call is not None for m in found for b in m.blocks) == expected.tool_calls
        assert sum(u.input for u in replies.values()) == expected.input
        assert sum(u.output for u in replies.values()) == expected.output
        assert all(b.kind is not BlockKind.OTHER for m in found for b in m.blocks)
