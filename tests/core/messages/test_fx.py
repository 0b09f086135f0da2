"""What the three files of an fx session say."""

from pathlib import Path
from typing import Any

import pytest

from core.messages.format import NO
from core.messages.fx import FORMAT
from core.model import BlockKind, Kind, Outcome, Setting, Usage
from tests import adapters
from tests.independent import fx

HEAD = {
    "storage_format": "event_log_v1", "history_len": 1, "workspace_root": "/home/ada",
    "total_input_tokens": 12, "total_output_tokens": 3, "preferences": {"model": "m"},
}  # fmt: skip


def call(key: str) -> dict[str, Any]:
    return {"id": key, "name": "list_files", "arguments_json": '{"path":"."}'}


def result(key: str, status: str) -> dict[str, Any]:
    return {
        "tool_call_id": key, "status": status, "output": "a", "created_at_ms": 1_767_225_601_000,
    }  # fmt: skip


def step(status: str = "success") -> dict[str, Any]:
    return {
        "assistant": "I look",
        "tool_calls": [call("c1")],
        "tool_results": [result("c1", status)],
    }


def turn(kind: str = "assistant", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "user": {"text": "Look", "images": []}, "assistant": None} | more


def checkpoint(*turns: Any) -> dict[str, Any]:
    return {"through_seq": 1, "state": {"created_at_ms": 1_767_225_600_000, "history": list(turns)}}


def said(*turns: Any) -> list[Any]:
    return adapters.messages(adapters.told(FORMAT, [(checkpoint(*turns), "checkpoint")]))


def test_a_turn_is_a_prompt_its_steps_and_the_answer() -> None:
    asked, stepped, done = said(turn(assistant="Done", execution={"tool_steps": [step()]}))

    assert [one.kind for one in (asked, stepped, done)] == [Kind.PROMPT, Kind.REPLY, Kind.REPLY]
    assert [one.parent for one in (asked, stepped, done)] == ["", "0", "0.0"]
    assert [one.at for one in (asked, stepped, done)] == [
        1_767_225_600_000, 1_767_225_601_000, None,
    ]  # fmt: skip
    assert [block.kind for block in stepped.blocks] == [
        BlockKind.REPLY, BlockKind.CALL, BlockKind.RESULT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("success", Outcome.OK), ("failed", Outcome.ERROR), ("cancelled", Outcome.INTERRUPTED)],
)
def test_a_call_ends_as_its_status_says(status: str, outcome: Outcome) -> None:
    _, found = said(turn(execution={"tool_steps": [step(status)]}))

    assert found.blocks[2].result.outcome is outcome


def test_an_interrupted_turn_ends_with_the_call_that_was_cut() -> None:
    asked = {"text": "Go", "images": ["x"]}
    cut = turn("interrupted", user=asked, tool_call=call("c2"), terminal_reason="cancelled")
    prompt, called, stop = said(cut)

    assert [block.kind for block in prompt.blocks] == [BlockKind.PROMPT, BlockKind.IMAGE]
    assert called.blocks[0].call.key == "c2"
    assert (stop.kind, stop.blocks[0].text) == (Kind.INTERRUPT, "cancelled")


def test_a_compacted_history_is_a_summary_and_strangers_are_kept() -> None:
    summary, strange = said({"kind": "compacted_summary", "summary": "So far"}, {"kind": "novel"})

    assert (summary.kind, summary.blocks[0].text) == (Kind.SUMMARY, "So far")
    assert strange.blocks[0].kind is BlockKind.OTHER


def test_the_head_tells_what_the_whole_session_used_and_the_title_is_beside_it() -> None:
    title = {"title": "Look", "preview": "Look", "origin_workspace_root": "/home/ada"}
    head, shown = adapters.told(FORMAT, [(HEAD, "session"), (title, "display")])

    assert head.reply is not None
    assert (head.reply.model, head.reply.usage) == ("m", Usage(12, 3))
    assert shown.setting == Setting(cwd="/home/ada", ai_title="Look")


def test_an_unknown_file_is_kept_and_a_broken_checkpoint_is_not_strange() -> None:
    broken, strange = adapters.told(FORMAT, [({"session_id": "x"}, "checkpoint"), ({"a": 1}, "")])

    assert broken.known
    assert not strange.known


def test_a_session_is_named_after_its_folder() -> None:
    assert FORMAT.place(Path("/x/sessions/17/session.json")).key == "17"
    assert FORMAT.place(Path("/x/sessions/other.json")).key == "other"


def test_files_are_recognised() -> None:
    def points(name: str, data: Any) -> int:
        return FORMAT.detect(adapters.sample(FORMAT, name, data)).points

    assert points("session.json", HEAD) == 92
    assert points("checkpoint.json", checkpoint()) == 85
    assert points("display.json", {"title": "x", "origin_workspace_root": "y"}) == 70
    assert points("display.json", {"title": "x"}) == 0
    assert FORMAT.detect(adapters.sample(FORMAT, "session.json")) == NO


def test_no_value_makes_the_reader_raise() -> None:
    cut = turn("interrupted", tool_call=call("c2"), execution={"tool_steps": [step()]})
    for data in (HEAD, checkpoint(cut, {"kind": "compacted_summary", "summary": "x"})):
        for odd in adapters.spoilt(data):
            adapters.told(FORMAT, [(odd, ""), (odd, "checkpoint")])


@pytest.mark.parametrize(
    "path", adapters.fixtures("fx/*/session.json"), ids=lambda path: path.parent.name
)
def test_public_files_are_counted_alike(path: Path) -> None:
    assert adapters.counted(adapters.read_file(FORMAT, path)) == fx.count(path)
