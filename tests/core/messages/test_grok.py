"""What Grok's chat history and the summary beside it say."""

from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import grok
from core.model import BlockKind, Kind, Message, Outcome
from tests.adapters import counted, fixtures, messages, read_file, sample, spoilt, told
from tests.independent.grok import count

HISTORY, SUMMARY = grok.FORMATS
ASKED: dict[str, Any] = {
    "type": "user",
    "content": [{"type": "text", "text": "count files"}],
    "prompt_index": 0,
}
SAID: dict[str, Any] = {
    "type": "assistant",
    "content": "Counting.",
    "tool_calls": [{"id": "c1", "name": "run", "arguments": '{"command":"ls"}'}],
    "model_id": "g-1",
    "model_fingerprint": "fp",
}
SUMS: dict[str, Any] = {
    "info": {"id": "s1", "cwd": "/p"},
    "generated_title": "Count files",
    "session_summary": "count",
    "head_branch": "main",
    "num_chat_messages": 3,
}


def read(*given: dict[str, Any]) -> list[Message]:
    return messages(told(HISTORY, [(one, "") for one in given]))


def test_the_history_is_known_by_its_name_and_its_fields() -> None:
    assert HISTORY.detect(sample(HISTORY, "s/chat_history.jsonl", ASKED, SAID)).points == 92
    assert HISTORY.detect(sample(HISTORY, "s/other.jsonl", ASKED, SAID)).points == 75
    plain = {"type": "user", "content": "hi"}
    assert HISTORY.detect(sample(HISTORY, "s/chat_history.jsonl", plain)).points == 0
    claude = {"type": "user", "uuid": "u", "message": {"content": "hi"}}
    assert HISTORY.detect(sample(HISTORY, "s/chat_history.jsonl", claude)).points == 0


def test_the_summary_is_known_by_its_fields() -> None:
    assert SUMMARY.detect(sample(SUMMARY, "s/summary.json", SUMS)).points == 92
    assert SUMMARY.detect(sample(SUMMARY, "s/summary.json", {"info": {"id": "s"}})).points == 0
    assert SUMMARY.detect(sample(SUMMARY, "s/summary.json", SUMS, listed=True)).points == 0


def test_both_files_are_of_the_session_their_folder_names() -> None:
    for name in ("chat_history.jsonl", "summary.json"):
        found = grok.place(PurePath(f"/home/a/.grok/sessions/%2Fp/s1/{name}"))
        assert (found.key, found.agent, found.folder) == ("s1", "", "%2Fp")


def test_a_sub_agents_files_lie_under_the_session_that_started_it() -> None:
    found = grok.place(PurePath("/g/sessions/%2Fp/s1/subagents/s2/chat_history.jsonl"))

    assert (found.key, found.agent, found.trunk) == ("s2", "s2", "s1")


def test_prompts_replies_and_results_are_read() -> None:
    result = {"type": "tool_result", "tool_call_id": "c1", "content": "2"}
    asked, said, given = read(ASKED, SAID, result)

    assert (asked.record, asked.kind, asked.blocks[0].text) == ("user", Kind.PROMPT, "count files")
    assert said.reply is not None
    assert said.reply.model == "g-1"
    assert [one.kind for one in said.blocks] == [BlockKind.REPLY, BlockKind.CALL]
    assert (given.record, given.kind, given.blocks[0].text) == ("tool", Kind.RESULT, "2")
    assert given.blocks[0].result is not None
    assert given.blocks[0].result.key == "c1"


def test_what_the_program_put_in_is_no_prompt() -> None:
    synthetic = {**ASKED, "synthetic_reason": "environment_context"}
    rules = {"type": "system", "content": "You are an agent."}

    assert [(one.record, one.kind) for one in read(synthetic, rules)] == [
        ("system", Kind.META),
        ("system", Kind.META),
    ]


def test_thoughts_are_shown_where_they_can_be_read() -> None:
    summary = [{"type": "summary_text", "text": "hm"}]
    (found,) = read({"type": "reasoning", "summary": summary, "encrypted_content": "x"})

    assert (found.blocks[0].kind, found.blocks[0].text) == (BlockKind.THINKING, "hm")
    assert read({"type": "reasoning", "summary": [], "encrypted_content": "x"}) == []


def test_a_call_the_provider_ran_has_its_result_beside_it() -> None:
    action = {"type": "search", "query": "print", "sources": [{"url": "https://example.com"}]}
    for status, outcome in (("completed", Outcome.OK), ("failed", Outcome.ERROR)):
        kind = {"tool_type": "web_search", "action": action, "id": "w1", "status": status}
        (found,) = read({"type": "backend_tool_call", "kind": kind})
        call, result = found.blocks
        assert (call.text, call.call and call.call.key) == ("search\nprint", "w1")
        assert (result.text, result.result and result.result.outcome) == (
            "https://example.com",
            outcome,
        )


def test_pictures_are_kept() -> None:
    item = {"type": "image", "url": "data:image/png;base64,aGk="}
    (found,) = read({"type": "user", "content": [item], "prompt_index": 1})

    assert found.kind is Kind.PROMPT
    assert found.blocks[0].image is not None


def test_the_summary_tells_folder_branch_and_title() -> None:
    (fact,) = told(SUMMARY, [(SUMS, "")])

    assert fact.setting is not None
    found = (fact.setting.cwd, fact.setting.git_branch, fact.setting.ai_title)
    assert found == ("/p", "main", "Count files")


def test_unknown_records_are_kept() -> None:
    for form in grok.FORMATS:
        (fact,) = told(form, [({"type": "poem"}, "")])
        assert (fact.known, fact.unknown is not None) == (False, True)


def test_no_odd_value_raises() -> None:
    kind = {"tool_type": "x", "action": {"sources": [{"url": "u"}]}, "id": "w"}
    given: tuple[dict[str, Any], ...] = (
        ASKED,
        SAID,
        {"type": "backend_tool_call", "kind": kind},
        {"type": "reasoning", "summary": [{"text": "x"}]},
        {"type": "tool_result", "content": ["x"]},
    )
    for one in given:
        for odd in spoilt(one):
            read(odd)
    for odd in spoilt(SUMS):
        told(SUMMARY, [(odd, "")])


@pytest.mark.parametrize("path", fixtures("grok/**/*.jsonl"), ids=lambda path: path.parent.name)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    assert counted(read_file(HISTORY, path)) == count(path)
