"""What the steps of Antigravity's transcripts say."""

from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import antigravity
from core.model import BlockKind, Kind, Message, Outcome
from tests.adapters import (
    counted,
    fixtures,
    goes_on,
    messages,
    read_file,
    sample,
    spoilt,
    told,
)
from tests.independent.antigravity import count

FORMAT = antigravity.FORMAT


def step(kind: str, source: str = "MODEL", **more: Any) -> dict[str, Any]:
    return {
        "step_index": 3,
        "source": source,
        "type": kind,
        "status": "DONE",
        "created_at": "2026-05-01T09:00:00Z",
        **more,
    }


def asks(*tools: str) -> dict[str, Any]:
    called = [{"name": tool, "args": {"Path": '"/p/a.py"', "Depth": "2"}} for tool in tools]
    return step("PLANNER_RESPONSE", tool_calls=called)


def read(*given: dict[str, Any]) -> list[Message]:
    return messages(told(FORMAT, [(one, "") for one in given]))


def answers(found: list[Message]) -> list[str]:
    return [one.blocks[0].result.key for one in found if one.blocks[0].result]


def test_steps_with_index_source_type_and_status_are_its_own() -> None:
    assert FORMAT.detect(sample(FORMAT, "t.jsonl", step("VIEW_FILE"))).points == 95
    other = {"type": "VIEW_FILE", "status": "DONE"}
    assert FORMAT.detect(sample(FORMAT, "t.jsonl", other)).points == 0


def test_the_session_is_named_three_folders_above() -> None:
    logs = "/home/a/.gemini/antigravity/brain/u1/.system_generated/logs"

    assert antigravity.place(PurePath(f"{logs}/transcript.jsonl")).key == "u1"
    assert antigravity.place(PurePath(f"{logs}/transcript_full.jsonl")).key == "u1-full"
    assert antigravity.place(PurePath("/x/small.jsonl")).key == "small"


def test_only_the_request_of_an_input_was_typed_and_it_may_choose_the_model() -> None:
    chosen = (
        "<USER_REQUEST>\nList files.\n</USER_REQUEST>\n<USER_SETTINGS_CHANGE>\nThe user changed "
        "setting `Model Selection` from None to Flash 3.5 (Low).\n</USER_SETTINGS_CHANGE>"
    )
    asked, said = read(
        step("USER_INPUT", "USER_EXPLICIT", content=chosen), step("PLANNER_RESPONSE", content="ok")
    )

    assert (asked.kind, asked.blocks[0].text) == (Kind.PROMPT, "List files.")
    assert asked.blocks[1].kind is BlockKind.NOTE
    assert said.reply is not None
    assert said.reply.model == "Flash 3.5 (Low)"


def test_a_reply_has_thoughts_text_and_calls_with_plain_arguments() -> None:
    (found,) = read({**asks("view_file"), "thinking": "hm", "content": "Looking."})

    assert [one.kind for one in found.blocks] == [
        BlockKind.THINKING,
        BlockKind.REPLY,
        BlockKind.CALL,
    ]
    assert found.blocks[2].call is not None
    assert found.blocks[2].call.input == '{"Path":"/p/a.py","Depth":2}'


def test_results_answer_the_calls_of_the_last_reply_in_order() -> None:
    found = read(
        asks("a"),
        asks("b", "c"),
        step("VIEW_FILE", content="x"),
        step("RUN_COMMAND", content="y", status="ERROR"),
        step("GENERIC", content="z"),
    )

    keys = [one.call.key for one in found[1].blocks if one.call]
    assert answers(found) == [*keys, ""]
    assert found[3].blocks[0].result is not None
    assert found[3].blocks[0].result.outcome is Outcome.ERROR
    assert {one.record for one in found[2:]} == {"tool"}


@pytest.mark.parametrize(
    ("kind", "told_as"),
    [
        ("CHECKPOINT", Kind.COMPACTION),
        ("SYSTEM_MESSAGE", Kind.META),
        ("ERROR_MESSAGE", Kind.FAILURE),
    ],
)
def test_what_the_program_says_is_told_apart(kind: str, told_as: Kind) -> None:
    (found,) = read(step(kind, "SYSTEM", content="so it is"))

    assert (found.kind, found.record, found.blocks[0].text) == (told_as, "system", "so it is")
    assert read(step(kind, "SYSTEM")) == []


def test_an_unknown_step_of_the_program_is_kept() -> None:
    (fact,) = told(FORMAT, [(step("POEM", "SYSTEM"), "")])

    assert (fact.known, fact.unknown is not None) == (False, True)


def test_a_file_read_in_pieces_is_read_as_a_whole() -> None:
    lines = [(asks("a", "b"), ""), (step("X", content="1"), ""), (step("Y", content="2"), "")]
    for cut in range(len(lines)):
        first, memory = goes_on(FORMAT, lines[:cut], {})
        assert all(answers(messages(first + goes_on(FORMAT, lines[cut:], memory)[0])))


def test_no_odd_value_raises() -> None:
    given = {**asks("a"), "content": "x", "thinking": "y"}
    for kind in ("USER_INPUT", "PLANNER_RESPONSE", "VIEW_FILE", "CHECKPOINT"):
        for odd in spoilt({**given, "type": kind}):
            read(odd, odd)


@pytest.mark.parametrize("path", fixtures("antigravity/*.jsonl"), ids=lambda path: path.stem)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    assert counted(read_file(FORMAT, path)) == count(path)
