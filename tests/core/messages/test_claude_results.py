"""What tools gave back, and how their calls ended."""

from typing import Any

import pytest

from core.messages import claude_code
from core.model import Block, BlockKind, Kind, Outcome, Place
from core.records.decode import Record
from tests import builders as b

DENIED = "The user doesn't want to proceed with this tool use. The tool use was rejected."


def blocks(record: b.Record) -> tuple[Block, ...]:
    found = claude_code.facts(Record(Place(1, 0, 1), record)).message
    assert found is not None
    assert found.kind is Kind.RESULT
    return found.blocks


def outcome(said: object, **more: Any) -> Outcome:
    (block, *_) = blocks(b.answers("r", "t", said, **more))
    assert block.result is not None
    return block.result.outcome


@pytest.mark.parametrize(
    ("said", "more", "expected"),
    [
        ("fine", {}, Outcome.OK),
        ("fine", {"error": False}, Outcome.OK),
        ("exit 1", {"error": True}, Outcome.ERROR),
        ("exit 1", {"error": "true"}, Outcome.OK),
        (DENIED, {"error": True}, Outcome.DENIED),
        (DENIED, {}, Outcome.OK),  # a file that quotes the words is no refusal
        ("The user doesn't want to take this action right now.", {"error": True}, Outcome.DENIED),
        ("Permission to use Bash has been denied.", {"error": True}, Outcome.DENIED),
        ("Claude requested permissions to write", {"error": True}, Outcome.DENIED),
        ("no", {"error": True, "toolDenialKind": "user"}, Outcome.DENIED),
        ("no", {"error": True, "toolUseResult": "User rejected tool use"}, Outcome.DENIED),
        ("no", {"error": True, "toolUseResult": "Error: no"}, Outcome.ERROR),
        ("[Request interrupted by user for tool use]", {"error": True}, Outcome.INTERRUPTED),
        ("half", {"toolUseResult": {"interrupted": True}}, Outcome.INTERRUPTED),
        ("half", {"toolUseResult": {"interrupted": False}}, Outcome.OK),
    ],
)
def test_the_words_tell_how_a_call_ended(said: str, more: b.Record, expected: Outcome) -> None:
    assert outcome(said, **more) is expected


def test_a_result_names_its_call_and_the_agent_that_did_the_work() -> None:
    facts = {"agentId": "ag1", "totalTokens": 5, "content": "long", "prompt": "again"}
    (block,) = blocks(b.answers("r", "t1", "done", toolUseResult=facts))

    assert block.result is not None
    assert (block.result.key, block.result.agent) == ("t1", "ag1")
    assert block.result.detail == '{"agentId":"ag1","totalTokens":5}'


def test_the_full_output_is_kept_when_the_result_is_only_a_preview() -> None:
    facts = {"stdout": "line\n" * 100, "stderr": "warned"}

    (block,) = blocks(b.answers("r", "t", "line\nline…", toolUseResult=facts))

    assert block.text == "line\n" * 100 + "\nwarned"


def test_the_results_own_text_is_kept_when_it_is_the_longer_one() -> None:
    (block,) = blocks(b.answers("r", "t", "exit 1: failed", toolUseResult={"stdout": "x"}))

    assert block.text == "exit 1: failed"


def test_texts_and_unknown_pieces_of_a_result_are_joined_and_pictures_follow() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": b.PNG}
    said = [
        {"type": "text", "text": "one"},
        {"type": "image", "source": source},
        "two",
        {"type": "tool_reference", "tool_name": "X"},
    ]

    result, picture = blocks(b.answers("r", "t", said))

    assert result.text == 'one\ntwo\n{"type":"tool_reference","tool_name":"X"}'
    assert picture.kind is BlockKind.IMAGE


def test_several_results_in_one_record_do_not_share_the_facts_of_one() -> None:
    record = b.answers("r", "t1", "short", toolUseResult={"stdout": "much longer output"})
    record["message"]["content"].append(
        {"type": "tool_result", "tool_use_id": "t2", "content": "other"}
    )

    assert [block.text for block in blocks(record)] == ["short", "other"]


def test_what_stands_beside_a_result_is_kept_as_a_note() -> None:
    record = b.answers("r", "t1", "ok")
    record["message"]["content"].append({"type": "text", "text": "[Request interrupted by user]"})

    assert [block.kind for block in blocks(record)] == [BlockKind.RESULT, BlockKind.NOTE]


@pytest.mark.parametrize("said", [None, 5, {}, []])
def test_a_result_without_text_is_still_a_result(said: object) -> None:
    (block,) = blocks(b.answers("r", "t1", said))

    assert block.text == ""
    assert outcome(said) is Outcome.OK


@pytest.mark.parametrize("extra", [{}, {"toolUseResult": {"agentId": "ag1"}}])
def test_an_agent_is_named_by_the_facts_or_the_end_of_the_text_but_never_by_itself(
    extra: b.Record,
) -> None:
    said = [{"type": "text", "text": "done"}, {"type": "text", "text": "agentId: ag1 (go on)"}]

    (named,) = blocks(b.answers("r", "t1", said, **extra))
    (itself,) = blocks(b.answers("r", "t1", said, **extra) | {"agentId": "ag1"})

    assert named.result is not None
    assert itself.result is not None
    assert (named.result.agent, itself.result.agent) == ("ag1", "")
