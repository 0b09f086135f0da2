"""What droid's stored sessions and its stream say."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.messages import droid
from core.model import Kind, Message, Outcome, Usage
from tests.adapters import (
    counted,
    fixtures,
    goes_on,
    messages,
    sample,
    spoilt,
    told,
)
from tests.independent.droid import count

STORE, STREAM = droid.FORMATS
START = {
    "type": "session_start",
    "id": "s1",
    "title": "Tidy up",
    "cwd": "/p",
    "version": "0.9",
}


def stored(role: str, id_: str, parent: str | None, *content: Any) -> dict[str, Any]:
    linked = {} if parent is None else {"parentId": parent}
    message = {"role": role, "content": list(content)}
    return {
        "type": "message",
        "id": id_,
        **linked,
        "timestamp": "2026-05-01T09:00:00.000Z",
        "message": message,
    }


def text(said: str) -> dict[str, str]:
    return {"type": "text", "text": said}


def streamed(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "session_id": "s1", "timestamp": 1777626001000, **more}


def read(form: Any, *given: dict[str, Any]) -> list[Message]:
    return messages(told(form, [(one, "") for one in given]))


def test_the_store_and_the_stream_are_told_apart() -> None:
    store = sample(STORE, "s.jsonl", START, stored("user", "m1", "s1", text("hi")))
    said = streamed("message", role="user", text="hi")
    stream = sample(STREAM, "s.jsonl", said, streamed("completion", finalText="ok"))

    assert (STORE.detect(store).points, STREAM.detect(store).points) == (92, 0)
    assert (STORE.detect(stream).points, STREAM.detect(stream).points) == (0, 88)
    assert STREAM.detect(sample(STREAM, "s.jsonl", said)).points == 0
    cut = sample(STORE, "/home/a/.factory/sessions/s.jsonl", stored("user", "m2", "m1"))
    assert STORE.detect(cut).points == 80


def test_the_start_tells_folder_and_title() -> None:
    (fact,) = told(STORE, [(START, "")])

    assert fact.setting is not None
    assert (fact.setting.cwd, fact.setting.ai_title, fact.version) == ("/p", "Tidy up", "0.9")


def test_the_first_message_is_a_root_and_later_ones_hang_on_it() -> None:
    found = read(
        STORE,
        START,
        stored("user", "m1", "s1", text("hi")),
        stored("assistant", "m2", "m1", text("hello")),
        stored("user", "m3", None, text("bye")),
    )

    assert [(one.uuid, one.parent) for one in found] == [("m1", ""), ("m2", "m1"), ("m3", "m2")]
    assert [one.record for one in found] == ["user", "assistant", "user"]


def test_reminders_are_kept_apart_from_the_prompt() -> None:
    reminder = "<system-reminder>\nbe safe\n</system-reminder>"
    both, alone = read(
        STORE,
        stored("user", "m1", "", text(f"{reminder}\n\nlist files")),
        stored("user", "m2", "m1", text(reminder)),
    )

    assert (both.kind, [one.text for one in both.blocks]) == (Kind.PROMPT, [reminder, "list files"])
    assert (alone.kind, alone.record) == (Kind.META, "system")


def test_results_of_the_store_answer_their_calls() -> None:
    call = {"type": "tool_use", "id": "c1", "name": "Execute", "input": {"command": "ls"}}
    result = {"type": "tool_result", "tool_use_id": "c1", "content": "no", "is_error": True}
    asked, given = read(
        STORE, stored("assistant", "m1", "", call), stored("user", "m2", "m1", result)
    )

    assert asked.blocks[0].call is not None
    assert asked.blocks[0].call.tool == "Execute"
    assert given.blocks[0].result is not None
    assert (given.record, given.blocks[0].result.outcome) == ("tool", Outcome.ERROR)


def test_a_compaction_and_silent_states_are_read() -> None:
    (found,) = read(STORE, {"type": "compaction_state", "id": "k1", "summaryText": "so far"})
    assert (found.kind, found.blocks[0].text) == (Kind.COMPACTION, "so far")

    (fact,) = told(STORE, [({"type": "todo_state"}, "")])
    assert (fact.known, fact.message) == (True, None)


def test_the_stream_tells_a_run() -> None:
    init = streamed("system", model="m-1", cwd="/p")
    facts = told(
        STREAM,
        [
            (one, "")
            for one in (
                init,
                streamed("message", role="user", text="list files"),
                streamed("tool_call", toolCallId="c1", toolName="Shell", parameters={"c": "ls"}),
                streamed("tool_result", toolCallId="c1", value={"stdout": "a", "exitCode": 2}),
                streamed("completion", finalText="One file.", usage={"input_tokens": 3}),
            )
        ],
    )
    found = messages(facts)

    assert facts[0].setting is not None
    assert [one.record for one in found] == ["user", "assistant", "tool", "assistant"]
    assert found[2].blocks[0].result is not None
    assert (found[2].blocks[0].text, found[2].blocks[0].result.outcome) == ("a", Outcome.ERROR)
    assert found[3].reply is not None
    assert (found[3].reply.model, found[3].reply.usage) == ("m-1", Usage(3))


def test_last_words_that_a_message_told_are_not_told_again() -> None:
    said = streamed("message", role="assistant", text="Done.")
    end = streamed("completion", finalText="Done.", usage={"input_tokens": 3, "output_tokens": 1})
    _, fact = told(STREAM, [(said, ""), (end, "")])

    assert fact.message is None
    assert fact.reply is not None
    assert fact.reply.usage == Usage(3, 1)


def test_an_error_of_the_stream_is_a_failure() -> None:
    (found,) = read(STREAM, {"type": "error", "message": "no key", "session_id": "s1"})

    assert (found.kind, found.blocks[0].text) == (Kind.FAILURE, "no key")


@pytest.mark.parametrize("form", droid.FORMATS, ids=lambda form: form.name)
def test_unknown_kinds_are_kept(form: Any) -> None:
    (fact,) = told(form, [({"type": "poem"}, "")])

    assert (fact.known, fact.unknown is not None) == (False, True)


def test_a_file_read_in_pieces_is_read_as_a_whole() -> None:
    lines = [
        (START, ""),
        (stored("user", "m1", "s1", text("a")), ""),
        (stored("assistant", "m2", None, text("b")), ""),
    ]
    whole = messages(told(STORE, lines))
    for cut in range(len(lines)):
        first, memory = goes_on(STORE, lines[:cut], {})
        second, _ = goes_on(STORE, lines[cut:], memory)
        parents = [one.parent for one in messages(first + second)]
        assert parents == [one.parent for one in whole]


def test_no_odd_value_raises() -> None:
    for given in (START, stored("user", "m", "p", text("x")), {"type": "compaction_state"}):
        for odd in spoilt(given):
            read(STORE, odd)
    for kind in ("system", "message", "tool_call", "tool_result", "completion", "error"):
        value = {"stdout": "x", "exitCode": 1}
        for odd in spoilt(streamed(kind, role="user", text="x", value=value, usage={"a": 1})):
            read(STREAM, odd)


@pytest.mark.parametrize("path", fixtures("droid/*.jsonl"), ids=lambda path: path.stem)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    form = STREAM if "stream" in path.stem else STORE

    lines = path.read_text(encoding="utf-8").splitlines()
    found = told(form, [(json.loads(line), "") for line in lines if line.strip()])
    assert counted(found) == count(path)
