"""What the lines of Cursor's transcripts say, and whose they are."""

from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import cursor
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
from tests.independent.cursor import count

FORMAT = cursor.FORMAT
ENDED = {"type": "turn_ended", "status": "success"}


def says(role: str, *content: Any) -> dict[str, Any]:
    return {"role": role, "message": {"content": list(content)}}


def text(said: str) -> dict[str, str]:
    return {"type": "text", "text": said}


def calls(tool: str, **more: Any) -> dict[str, Any]:
    return {"type": "tool_use", "name": tool, "input": {"path": "a.py"}, **more}


def gives(**more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "content": [text("two files")], **more}


def read(*given: dict[str, Any]) -> list[Message]:
    return messages(told(FORMAT, [(one, "") for one in given]))


def test_lines_of_role_and_content_without_ids_are_cursors() -> None:
    plain = sample(FORMAT, "x.jsonl", says("user", text("hi")))
    at_home = sample(FORMAT, "/p/agent-transcripts/x.jsonl", says("user", text("hi")))

    assert FORMAT.detect(plain).points == 65
    assert FORMAT.detect(at_home).points == 90
    assert FORMAT.detect(sample(FORMAT, "x.jsonl", says("user"), ENDED)).points == 90
    for other in ({"role": "user", "content": "hi"}, {"type": "message", **says("user")}, ENDED):
        assert FORMAT.detect(sample(FORMAT, "x.jsonl", other)).points == 0


def test_a_sub_agents_file_lies_under_the_session_that_started_it() -> None:
    home = "/home/a/.cursor/projects/home-a-p/agent-transcripts"
    main = cursor.place(PurePath(f"{home}/u1/u1.jsonl"))
    agent = cursor.place(PurePath(f"{home}/u1/subagents/u2.jsonl"))

    assert (main.key, main.agent, main.folder) == ("u1", "", "home-a-p")
    assert (agent.key, agent.agent, agent.trunk, agent.folder) == ("u2", "u2", "u1", "home-a-p")


def test_only_the_query_of_a_prompt_was_typed() -> None:
    (found,) = read(says("user", text("<user_query>\nfix it\n</user_query>")))

    assert (found.record, found.kind, found.blocks[0].text) == ("user", Kind.PROMPT, "fix it")


def test_a_reply_has_thoughts_texts_and_calls() -> None:
    thought = {"type": "thinking", "thinking": "hm"}
    (found,) = read(says("assistant", thought, text("Reading."), calls("Read")))

    assert [one.kind for one in found.blocks] == [
        BlockKind.THINKING,
        BlockKind.REPLY,
        BlockKind.CALL,
    ]


def test_results_answer_the_calls_that_wait_in_order() -> None:
    found = read(
        says("assistant", calls("Read"), calls("List")),
        says("user", gives(tool_use_id="t1"), gives(tool_use_id="t2", is_error=True)),
    )

    asked = [one.call.key for one in found[0].blocks if one.call]
    answers = [(one.result.key, one.result.outcome) for one in found[1].blocks if one.result]
    assert answers == [(asked[0], Outcome.OK), (asked[1], Outcome.ERROR)]
    assert (found[1].record, found[1].kind) == ("tool", Kind.RESULT)


def test_a_result_that_names_its_call_answers_that_one() -> None:
    found = read(
        says("assistant", calls("Read", id="c1"), calls("Read", id="c2")),
        says("user", gives(tool_use_id="c2")),
        says("user", gives()),
    )

    assert [one.blocks[0].result and one.blocks[0].result.key for one in found[1:]] == ["c2", "c1"]


def test_the_end_of_a_turn_is_silent_unless_it_failed() -> None:
    assert read(ENDED) == []
    (found,) = read({"type": "turn_ended", "status": "error", "error": "no credit"})
    assert (found.kind, found.blocks[0].text) == (Kind.FAILURE, "no credit")


def test_unknown_lines_and_blocks_are_kept() -> None:
    (fact,) = told(FORMAT, [({"type": "poem"}, "")])
    assert (fact.known, fact.unknown is not None) == (False, True)

    (found,) = read(says("assistant", {"type": "poem", "text": "roses"}))
    assert found.blocks[0].kind is BlockKind.OTHER


def test_a_file_read_in_pieces_is_read_as_a_whole() -> None:
    lines = [(says("assistant", calls("A"), calls("B")), ""), (says("user", gives(), gives()), "")]
    first, memory = goes_on(FORMAT, lines[:1], {})
    found = messages(first + goes_on(FORMAT, lines[1:], memory)[0])

    assert all(one.result and one.result.key for one in found[1].blocks)


def test_no_odd_value_raises() -> None:
    given = says("user", text("x"), calls("A", id="c"), gives(tool_use_id="c", is_error=False))
    for odd in [*spoilt(given), *spoilt({**given, "role": "assistant"}), *spoilt({**ENDED})]:
        read(odd)


# Whose prompts those of a sub-agent's file are, the file's place tells and not its reader.
OWN = [path for path in fixtures("cursor/**/*.jsonl") if path.parent.name != "subagents"]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    assert counted(read_file(FORMAT, path)) == count(path)
