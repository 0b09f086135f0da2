"""What the folder of a Cline task says."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.messages.cline import FORMAT
from core.messages.format import NO
from core.model import BlockKind, Kind, Outcome, Setting, Usage
from tests import adapters
from tests.independent import cline

STATE = (
    "<environment_details>\n# Current Working Directory (/home/ada/clew) Files\na.txt"
    "\n</environment_details>"
)
MAIN = "api_conversation_history"


def user(*texts: str, **more: Any) -> tuple[Any, str]:
    return {"role": "user", "content": [{"type": "text", "text": t} for t in texts]} | more, MAIN


def reply(*content: Any, **more: Any) -> tuple[Any, str]:
    return {"role": "assistant", "content": list(content)} | more, MAIN


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def shown(at: int, index: int | None, say: str, said: str = "") -> tuple[Any, str]:
    data = {"ts": 1_767_225_600_000 + at, "type": "say", "say": say, "text": said}
    return (data if index is None else data | {"conversationHistoryIndex": index}), "ui_messages"


def spent(**more: Any) -> str:
    return json.dumps({"tokensIn": 10, "tokensOut": 5, "cacheReads": 3, "cacheWrites": 2} | more)


def said(*records: tuple[Any, str]) -> list[Any]:
    return adapters.messages(adapters.told(FORMAT, records))


def test_a_task_is_a_prompt_and_the_state_of_the_editor_is_not() -> None:
    facts = adapters.told(FORMAT, [user("<task>\nMend it\n</task>", STATE)])
    (found,) = adapters.messages(facts)

    assert (found.kind, found.record) == (Kind.PROMPT, "user")
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.PROMPT, "Mend it"), (BlockKind.NOTE, STATE),
    ]  # fmt: skip
    assert facts[0].setting == Setting(cwd="/home/ada/clew")


def test_times_and_costs_come_from_what_was_shown() -> None:
    asked, answered, again = said(
        ({"model_usage": [{"model_id": "model-1"}]}, "task_metadata"),
        shown(0, -1, "task", "Mend it"),
        shown(1, -1, "api_req_started", spent(cost=0.5)),
        shown(2, 0, "text", "I mend"),
        shown(3, 0, "reasoning"),
        user("<task>Mend it</task>"),
        reply(text("I mend")),
        user("[ERROR] You did not use a tool"),
    )

    assert (asked.at, answered.at, again.at) == (1_767_225_600_000, 1_767_225_600_002, None)
    assert answered.reply.usage == Usage(10, 5, 3, 2)
    assert (answered.reply.stated, answered.reply.model) == (500_000, "model-1")
    assert (asked.parent, answered.parent, again.kind) == ("", "0", Kind.NOTICE)


def test_a_request_that_was_made_again_is_paid_for_again() -> None:
    request = shown(1, -1, "api_req_started", spent(cost=0.5))
    *_, found = said(request, request, user("<task>x</task>"), reply(text("y")))

    assert found.reply.usage == Usage(20, 10, 6, 4)
    assert found.reply.stated == 1_000_000


def test_requests_without_an_index_belong_to_the_replies_in_order() -> None:
    found = said(
        shown(1, None, "api_req_started", spent()),
        shown(2, None, "api_req_started", spent(tokensIn=20, apiProtocol="openai")),
        shown(2, None, "text"),
        user("<task>x</task>"), reply(text("y")), user("<answer>z</answer>"), reply(text("w")),
    )  # fmt: skip

    assert [one.reply.usage.input for one in found if one.reply] == [10, 15]
    assert found[1].at == 1_767_225_600_001


def test_newer_messages_have_times_models_and_tokens_of_their_own() -> None:
    metrics = {"tokens": {"prompt": 7, "completion": 3, "cached": 1}, "cost": 0.001}
    (found,) = said(
        reply(text("x"), ts=1_767_225_609_000, modelInfo={"modelId": "m2"}, metrics=metrics)
    )

    assert found.at == 1_767_225_609_000
    assert found.reply.usage == Usage(7, 3, 1)
    assert (found.reply.model, found.reply.stated) == ("m2", 1000)


def test_a_call_of_the_api_is_answered_by_a_result() -> None:
    call = {"type": "tool_use", "id": "t1", "name": "read_file", "input": {"path": "a"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "hello"}
    denied = result | {
        "content": "The user denied this operation.\n<feedback>\nNot that\n</feedback>"
    }
    _, good = said(reply(call), ({"role": "user", "content": [result]}, MAIN))
    _, bad = said(reply(call), ({"role": "user", "content": [denied]}, MAIN))

    assert (good.kind, good.record) == (Kind.RESULT, "tool")
    assert good.blocks[0].result.outcome is Outcome.OK
    assert (bad.kind, bad.record, bad.blocks[1].text) == (Kind.PROMPT, "user", "Not that")
    assert bad.blocks[0].result.outcome is Outcome.DENIED


def test_a_call_written_as_xml_is_answered_by_the_text_that_names_it() -> None:
    asked = "<thinking>Look</thinking>\nI read.\n<read_file>\n<path>a.txt</path>\n</read_file>"
    called, answered = said(
        reply(text(asked)), user("[read_file for 'a.txt'] Result:", "hello", STATE)
    )

    assert [(block.kind, block.text) for block in called.blocks] == [
        (BlockKind.THINKING, "Look"), (BlockKind.REPLY, "I read."), (BlockKind.CALL, "a.txt"),
    ]  # fmt: skip
    assert called.blocks[2].call.tool == "read_file"
    assert answered.kind is Kind.RESULT
    assert answered.blocks[0].result.key == called.blocks[2].call.key
    assert [block.kind for block in answered.blocks] == [BlockKind.RESULT, BlockKind.NOTE]


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (["[list_files] Result:\na.txt"], Outcome.OK),
        (["[list_files] Result:"], Outcome.OK),
        (["[list_files] Result:", "[read_file for 'a'] Result:", "x"], Outcome.OK),
        (["[list_files] Result:\nThe user denied this operation."], Outcome.DENIED),
        (["[list_files] Result:\nThe tool execution failed with the following error:"],
         Outcome.ERROR),
    ],
)  # fmt: skip
def test_a_result_in_text_ends_as_it_says(texts: list[str], outcome: Outcome) -> None:
    _, found = said(reply(text("<list_files>all</list_files>")), user(*texts))

    assert found.blocks[0].result.outcome is outcome
    assert found.blocks[0].result.key == "0.0:list_files"


def test_words_beside_tags_are_the_programs_and_a_summary_is_marked() -> None:
    (resumed,) = said(user("[TASK RESUMPTION] Before.\n<user_message>Go on</user_message>"))
    (plain,) = said(({"role": "user", "content": "Just this"}, MAIN))
    (summary,) = said(reply(text("So far"), isSummary=True))
    (replaced,) = said(user("So far", isSummary=True))

    assert [block.text for block in resumed.blocks] == ["Go on", "[TASK RESUMPTION] Before."]
    assert (plain.kind, plain.blocks[0].text) == (Kind.PROMPT, "Just this")
    assert (summary.kind, replaced.kind) == (Kind.SUMMARY, Kind.SUMMARY)


def test_what_was_shown_is_silent_and_strangers_are_kept() -> None:
    (seen,) = adapters.told(FORMAT, [shown(0, 1, "tool")])
    (alone,) = adapters.told(FORMAT, [({"files_in_context": []}, "")])
    (strange,) = adapters.told(FORMAT, [({"role": "novel"}, MAIN)])

    assert (seen.kind, seen.known, seen.message) == ("ui/say/tool", True, None)
    assert alone.kind == "task_metadata"
    assert not strange.known


def test_a_task_is_named_after_its_folder() -> None:
    place = FORMAT.place(Path("/x/saoudrizwan.claude-dev/tasks/17/api_conversation_history.json"))
    other = FORMAT.place(Path("/x/y/other.json"))

    assert (place.key, place.folder) == ("17", "saoudrizwan.claude-dev")
    assert (other.key, other.folder) == ("other", "y")


def test_files_are_recognised() -> None:
    main = adapters.sample(FORMAT, f"17/{MAIN}.json", user("x")[0], listed=True)
    assert FORMAT.detect(main).points == 95
    assert FORMAT.detect(adapters.sample(FORMAT, "ui_messages.json", {}, listed=True)).points == 70
    assert FORMAT.detect(adapters.sample(FORMAT, f"{MAIN}.json", {"a": 1}, listed=True)) == NO
    assert FORMAT.detect(adapters.sample(FORMAT, "a.json", user("x")[0], listed=True)) == NO


def test_no_value_makes_the_reader_raise() -> None:
    call = {"type": "tool_use", "id": "t1", "name": "read_file", "input": {"path": "a"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [text("x")]}
    records = [
        shown(1, -1, "api_req_started", spent()), shown(1, None, "api_req_started", spent()),
        reply(call, text("<list_files>x</list_files>"), metrics={"tokens": {"prompt": 1}}),
        ({"role": "user", "content": [result, text("[list_files] Result:")]}, MAIN),
        ({"model_usage": [{"model_id": "m"}]}, "task_metadata"),
    ]  # fmt: skip
    for data, section in records:
        for odd in adapters.spoilt(data):
            adapters.told(FORMAT, [(odd, section), *records])
            adapters.told(FORMAT, [(odd, "")])


def test_a_task_is_counted_alike(tmp_path: Path) -> None:
    call = {"type": "tool_use", "id": "t1", "name": "read_file", "input": {"path": "a"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "hello"}
    history = [
        user("<task>x</task>", STATE)[0], reply(call)[0], {"role": "user", "content": [result]},
        reply(text("Done"))[0],
    ]  # fmt: skip
    ui = [shown(1, -1, "api_req_started", spent())[0], shown(2, 1, "api_req_started", spent())[0]]
    path = tmp_path / f"{MAIN}.json"
    path.write_text(json.dumps(history))
    path.with_name("ui_messages.json").write_text(json.dumps(ui))

    assert adapters.counted(adapters.read_file(FORMAT, path)) == cline.count(path)
