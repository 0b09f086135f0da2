"""What the entries of pi and OpenClaw sessions say, and how they hang together."""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import pytest

from core.messages import pi
from core.messages.format import Framing, Memory, Sample
from core.model import BlockKind, Facts, Hop, Kind, Message, Outcome, Place, Usage
from core.records.decode import Record

OLD = "01980000-0000-7000-8000-000000000001"
Entry = dict[str, Any]


def entry(sort: str, at: int = 30, **more: Any) -> Entry:
    return {"type": sort, "timestamp": f"2026-05-01T09:00:{at:02}.000Z", **more}


def says(role: str, at: int = 30, **body: Any) -> Entry:
    return entry("message", at, id="b2", parentId="a1", message={"role": role, **body})


def facts(entries: Sequence[Entry]) -> list[Facts]:
    memory: Memory = {}
    found: list[Facts] = []
    for number, data in enumerate(entries, 1):
        told, memory = pi.read(Record(Place(number, number * 100, 9), data), memory)
        assert told
        memory = json.loads(json.dumps(memory))
        found.extend(told)
    return found


def message(given: Entry) -> Message:
    (found,) = facts([given])
    assert found.message is not None
    return found.message


def sample(*entries: Entry, path: str = "x.jsonl") -> Sample:
    return Sample(PurePath(path), Framing.LINES, entries)


def test_pi_and_openclaw_are_told_apart_by_name() -> None:
    header, said = entry("session", id="s", version=3), says("user", content="hi")
    claw = entry("model_change", provider="openclaw-model")
    plain, named = sample(header, said), sample(header, claw, said)
    placed = sample(header, said, path="/home/a/.openclaw/agents/main/sessions/s.jsonl")
    assert (pi.detect(plain).points > 80, pi.detect_openclaw(plain).points) == (True, 0)
    for other in (named, placed):
        assert (pi.detect(other).points, pi.detect_openclaw(other).points > 80) == (0, True)


def test_other_messages_are_not_claimed() -> None:
    assert pi.detect(sample(says("user"))).points == 0
    assert pi.detect(sample({"type": "session_start", "id": "x"})).points == 0
    assert pi.detect(sample()).points == 0


def test_a_session_is_named_by_the_uuid_of_its_file() -> None:
    assert pi.FORMATS[0].place(PurePath(f"2026-05-01T09-00-00-000Z_{OLD}.jsonl")).key == OLD


def test_entries_hang_together_by_their_ids() -> None:
    silent = entry("model_change", id="a1", parentId="a0")
    prompt = says("user", content=[{"type": "text", "text": "hi"}])
    first, second = facts([silent, prompt])
    assert first.hop == Hop("a1", "a0")
    assert second.message is not None
    assert (second.message.uuid, second.message.parent) == ("b2", "a1")
    assert second.message.blocks[0].kind is BlockKind.PROMPT


def test_a_reply_has_its_thoughts_calls_tokens_and_cost() -> None:
    content = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "so"},
        {"type": "toolCall", "id": "t", "name": "bash", "arguments": {"command": "ls"}},
        {"type": "dream"},
    ]
    usage = {"input": 1, "output": 2, "cacheRead": 3, "cacheWrite": 4, "cost": {"total": 0.0125}}
    found = message(
        says("assistant", content=content, model="m", usage=usage, stopReason="toolUse")
    )
    kinds = [block.kind for block in found.blocks]
    assert kinds == [BlockKind.THINKING, BlockKind.REPLY, BlockKind.CALL, BlockKind.OTHER]
    assert found.reply is not None
    assert (found.reply.usage, found.reply.stated) == (Usage(1, 2, 3, 4), 12_500)


@pytest.mark.parametrize(
    ("stop", "kind"), [("error", Kind.FAILURE), ("aborted", Kind.INTERRUPT), ("stop", Kind.REPLY)]
)
def test_a_reply_that_never_came_says_why(stop: str, kind: Kind) -> None:
    found = message(says("assistant", content=[], stopReason=stop, errorMessage="why"))
    assert (found.kind, found.blocks[-1].text) == (kind, "why")


def test_a_reply_that_broke_off_keeps_what_was_said() -> None:
    content = [{"type": "text", "text": "half"}]
    found = message(says("assistant", content=content, stopReason="aborted", errorMessage="why"))
    assert found.kind is Kind.REPLY
    assert [block.text for block in found.blocks] == ["half", "why"]


@pytest.mark.parametrize(
    ("said", "failed", "outcome"),
    [
        ("fine", False, Outcome.OK),
        ("Command exited with code 1", True, Outcome.ERROR),
        ("partial\n\nCommand aborted", True, Outcome.INTERRUPTED),
        ("Denied by user", True, Outcome.DENIED),
    ],
)
def test_a_result_tells_how_its_call_ended(said: str, failed: bool, outcome: Outcome) -> None:
    content = [{"type": "text", "text": said}, {"type": "image", "data": "?"}]
    found = message(says("toolResult", toolCallId="t", content=content, isError=failed))
    result, picture = found.blocks
    assert result.result is not None
    assert (result.result.key, result.result.outcome, result.text) == ("t", outcome, said)
    assert picture.kind is BlockKind.IMAGE


def test_a_result_may_be_plain_text() -> None:
    found = message(says("toolResult", toolCallId="t", content="done"))
    assert (found.record, found.blocks[0].text) == ("tool", "done")


def test_a_persons_shell_line_stands_with_its_output() -> None:
    found = message(says("bashExecution", command="ls", output="a\n", exitCode=2))
    assert found.kind is Kind.SHELL
    assert [block.text for block in found.blocks] == ["ls", "a\n"]
    assert found.detail == '{"exitCode":2}'


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (entry("compaction", summary="short", tokensBefore=5), Kind.COMPACTION),
        (entry("branch_summary", summary="short"), Kind.SUMMARY),
        (entry("custom_message", content="short", display=True), Kind.NOTICE),
        (entry("custom_message", content="short", display=False), Kind.META),
        (says("system", content="short"), Kind.META),
    ],
)
def test_entries_that_are_no_messages_are_shown(given: Entry, kind: Kind) -> None:
    found = message(given)
    assert (found.kind, found.blocks[0].text) == (kind, "short")


def test_what_was_copied_from_a_parent_counts_no_tokens() -> None:
    header = entry("session", 20, id="s", branchedFrom=f"/a/2026_{OLD}.jsonl", cwd="/a")
    usage = {"input": 1}
    copied, own = says("assistant", 10, usage=usage), says("assistant", 25, usage=usage)
    first, second, third = facts([header, copied, own])
    assert first.setting is not None
    assert (first.setting.trunk, first.setting.cwd) == (OLD, "/a")
    assert second.message is not None
    assert third.message is not None
    assert (second.message.forked_from, second.message.reply) == (OLD, None)
    assert third.message.reply is not None


def test_a_name_is_a_title_and_the_unknown_is_kept() -> None:
    named, odd, role = facts([entry("session_info", name="n"), entry("dream"), says("ghost")])
    assert named.setting is not None
    assert named.setting.custom_title == "n"
    assert (odd.known, role.known) == (False, False)
    assert role.unknown is not None


@pytest.mark.parametrize("role", ["user", "assistant", "toolResult", "bashExecution", "custom"])
@pytest.mark.parametrize("value", [None, 1, "x", [], [1, None], {}, {"cost": 3}, True, 1e400])
def test_wrong_types_cost_only_themselves(role: str, value: object) -> None:
    names = ("content", "usage", "command", "output", "exitCode", "model")
    body: Entry = dict.fromkeys(names, value)
    sorts = ("session", "compaction", "custom_message", "session_info", "branch_summary")
    given = [{"type": sort, "id": value, "summary": value, "content": value} for sort in sorts]
    cost = says(role, usage={"cost": {"total": value}})
    more: Entry = {"type": "message", "message": value, "timestamp": value}
    assert facts([says(role, **body), cost, *given, more, {"type": value}])
