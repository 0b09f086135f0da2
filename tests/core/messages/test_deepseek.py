"""What the events of DeepSeek Harness say, and how a streamed reply is put together."""

from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import deepseek
from core.model import BlockKind, Facts, Kind, Message, Outcome, Usage
from tests.adapters import (
    SHARED,
    counted,
    goes_on,
    messages,
    read_file,
    sample,
    spoilt,
    told,
)
from tests.independent.deepseek import count

FORMAT = deepseek.FORMAT
START = {"type": "session", "version": 0, "id": "s1", "createdAt": 1777626000000, "cwd": "/p"}
USED = {"inputTokens": 10, "outputTokens": 4, "cacheReadTokens": 60, "reasoningTokens": 1}
PUBLIC = sorted((SHARED.parent / "deepseek-harness").rglob("*.jsonl"))


def event(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "seq": 3, "time": 1777626001000, "data": {"turn": 1, "step": 1, **data}}


def chunk(kind: str, step: int = 1, **more: Any) -> dict[str, Any]:
    return event("assistant/chunk", step=step, chunk={"type": kind, **more})


def run(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "seq0": 3, "time0": 1777626001000, "data": {"turn": 1, "step": 1, **data}}


def whole(said: str, step: int = 1) -> dict[str, Any]:
    content = [{"type": "text", "text": said}]
    source = {"kind": "model", "model": "d-1"}
    body = {"role": "assistant", "id": "m1", "content": content, "source": source}
    return event("assistant/message", step=step, message=body, usage=USED)


def facts(*given: dict[str, Any]) -> list[Facts]:
    return told(FORMAT, [(one, "") for one in given])


def read(*given: dict[str, Any]) -> list[Message]:
    return messages(facts(*given))


STREAM = (
    event("request/header", header={"config": {"model": "d-1"}}),
    chunk("block-start", index=0, blockType="reasoning"),
    chunk("reasoning-delta", index=0, text="Let me"),
    chunk("reasoning-delta", index=0, text=" look."),
    chunk("text-delta", index=1, text="Read"),
    chunk("text-delta", index=1, text="ing."),
    chunk("tool-call-delta", index=2, id="c1", name="read", argumentsDelta='{"path"'),
    chunk("tool-call-delta", index=2, id="c1", name="read", argumentsDelta=': "a.py"}'),
    chunk("usage", usage=USED),
    chunk("finish", reason={"kind": "tool-calls"}),
)


def test_events_with_sequence_time_and_data_are_its_own() -> None:
    assert FORMAT.detect(sample(FORMAT, "s.jsonl", START, event("turn/start"))).points == 92
    assert FORMAT.detect(sample(FORMAT, "s.jsonl", START)).points == 70
    pi = {"type": "session", "version": 3, "id": "s", "timestamp": "2026", "cwd": "/p"}
    assert FORMAT.detect(sample(FORMAT, "s.jsonl", pi)).points == 0


def test_a_file_whose_name_says_nothing_is_named_after_its_folder() -> None:
    assert deepseek.place(PurePath("/x/s1/session.jsonl")).key == "s1"
    assert deepseek.place(PurePath("/x/s1/s2.jsonl")).key == "s2"


def test_a_streamed_reply_is_one_message_when_it_is_finished() -> None:
    (found,) = read(*STREAM)

    assert [(one.kind, one.text) for one in found.blocks] == [
        (BlockKind.THINKING, "Let me look."),
        (BlockKind.REPLY, "Reading."),
        (BlockKind.CALL, "a.py"),
    ]
    assert found.reply is not None
    assert (found.reply.model, found.reply.usage) == ("d-1", Usage(10, 4, 60))


def test_runs_of_a_stream_are_read_as_its_pieces_are() -> None:
    (found,) = read(
        run("reasoning-chunks", index=0, dt=[1], texts=["Let me", " look."]),
        run("text-chunks", index=1, dt=[1], texts=["Read", "ing."]),
        run("tool-call-chunks", index=2, dt=[1], id="c1", name="read", args=['{"pa', 'th":1}']),
        chunk("finish"),
    )

    assert [one.text for one in found.blocks] == ["Let me look.", "Reading.", "1"]
    assert found.blocks[2].call is not None
    assert found.blocks[2].call.key == "c1"


def test_a_reply_told_whole_after_its_stream_is_shown_once() -> None:
    (found,) = read(*STREAM, whole("Reading."), event("step/end"))

    assert len(found.blocks) == 3


def test_a_reply_that_was_never_streamed_is_told_whole() -> None:
    first, second = read(whole("One."), event("step/end"), whole("Two.", step=2))

    assert (first.uuid, first.blocks[0].text, second.blocks[0].text) == ("m1", "One.", "Two.")
    assert first.reply is not None
    assert (first.reply.model, first.reply.usage) == ("d-1", Usage(10, 4, 60))


def test_the_end_of_a_block_takes_the_place_of_its_pieces() -> None:
    block = {"type": "text", "text": "Reading it."}
    (found,) = read(*STREAM[:5], chunk("block-end", index=1, block=block), STREAM[-1])

    assert [one.text for one in found.blocks] == ["Let me look.", "Reading it."]


@pytest.mark.parametrize("ending", ["turn/end", "turn/start", "step/end", "user/message"])
def test_a_stream_that_breaks_off_is_shown_when_the_log_goes_on(ending: str) -> None:
    found = read(*STREAM[:4], event(ending, content="next", reason={"kind": "completed"}))
    reply = found[-1]

    assert (reply.record, reply.blocks[0].text) == ("assistant", "Let me look.")
    assert reply.reply is not None
    assert not reply.reply.final


def test_a_stream_that_breaks_off_is_shown_when_another_begins() -> None:
    first, second = read(
        chunk("text-delta", index=0, text="One."),
        chunk("text-delta", step=2, index=0, text="Two."),
        chunk("finish", step=2),
    )

    assert (first.blocks[0].text, second.blocks[0].text) == ("One.", "Two.")


def test_a_stream_without_an_end_is_told_by_the_whole_reply() -> None:
    (found,) = read(*STREAM[:4], whole("Reading."))

    assert found.blocks[0].text == "Reading."


def test_what_is_remembered_of_a_stream_is_bounded() -> None:
    long = "x" * 150_000
    lines = [(chunk("text-delta", index=0, text=long), "") for _ in range(5)]
    found, memory = goes_on(FORMAT, lines, {})
    assert len(str(memory)) < 300_000
    assert messages(found) == []

    found, _ = goes_on(FORMAT, [(chunk("finish"), ""), (whole(long * 5), "")], memory)
    (said,) = messages(found)
    assert len(said.blocks[0].text) == 750_000


@pytest.mark.parametrize(
    ("source", "kind", "speaker"),
    [
        ("user", Kind.PROMPT, "user"),
        ("plugin", Kind.META, "system"),
        ("goal", Kind.NOTICE, "system"),
    ],
)
def test_the_source_tells_who_wrote_a_users_message(source: str, kind: Kind, speaker: str) -> None:
    content = [{"type": "text", "text": "go"}]
    (found,) = read(event("user/message", id="u1", content=content, source={"kind": source}))

    assert (found.kind, found.record, found.uuid) == (kind, speaker, "u1")


def test_what_a_person_adds_meanwhile_is_queued() -> None:
    (found,) = read(event("steering/message", content="more", source={"kind": "user"}))

    assert (found.kind, found.record) == (Kind.QUEUED, "user")


def test_results_of_either_shape_answer_their_calls() -> None:
    part = {"type": "tool-result", "toolCallId": "c1", "content": [{"text": "x"}], "isError": True}
    newer, older = read(
        event("tool/result", message={"id": "r1", "content": [part]}),
        event("tool/result", callId="c2", content=[{"type": "text", "text": "y"}], isError=False),
    )

    found = [(one.blocks[0].text, one.blocks[0].result) for one in (newer, older)]
    assert [(said, result and (result.key, result.outcome)) for said, result in found] == [
        ("x", ("c1", Outcome.ERROR)),
        ("y", ("c2", Outcome.OK)),
    ]


def test_a_call_that_a_person_refused_was_denied() -> None:
    (found,) = read(
        event("approval/asked", id="a1", callId="c1"),
        event("approval/asked", id="a2", callId="c2"),
        event("approval/decided", id="a2", outcome="allowed-once"),
        event("approval/decided", id="a1", outcome="denied"),
        event("tool/result", callId="c1", content="no"),
    )

    assert found.blocks[0].result is not None
    assert found.blocks[0].result.outcome is Outcome.DENIED


def test_a_call_of_the_models_own_program_has_its_result_beside_it() -> None:
    (found,) = read(event("tool/code-dispatch", subCallId="c1:1", name="bash", content="x"))

    call, result = found.blocks
    assert call.call is not None
    assert result.result is not None
    assert (call.call.key, result.result.key, result.text) == ("c1:1", "c1:1", "x")


def test_commands_titles_and_ends_are_read() -> None:
    found = facts(
        START,
        event("command/run", name="permission", args=" read-only"),
        event("command/done", text="Set."),
        event("session/title", title="Tidy up", source={"kind": "fallback"}),
        event("session/title", title="Mine", source={"kind": "user"}),
        event("turn/end", reason={"kind": "aborted"}),
        event("turn/end", reason={"kind": "error", "message": "too busy"}),
        event("turn/end", reason={"kind": "completed"}),
    )
    settings = [one.setting for one in found if one.setting]

    assert [(one.kind, one.blocks[0].text) for one in messages(found)] == [
        (Kind.COMMAND, "/permission read-only"),
        (Kind.COMMAND, "Set."),
        (Kind.INTERRUPT, "The turn ended: aborted"),
        (Kind.FAILURE, "too busy"),
    ]
    assert [one.cwd or one.ai_title or one.custom_title for one in settings] == [
        "/p",
        "Tidy up",
        "Mine",
    ]


def test_other_events_are_silent_or_kept() -> None:
    silent, other = facts(event("plan/mode"), event("poem"))

    assert (silent.known, silent.message, other.known) == (True, None, False)
    assert other.unknown is not None


def test_a_file_read_in_pieces_is_read_as_a_whole() -> None:
    lines = [(one, "") for one in (*STREAM, whole("x"), *STREAM[2:4], event("turn/end"))]
    expected = [one.blocks for one in messages(told(FORMAT, lines))]

    assert len(expected) == 2
    for cut in range(len(lines)):
        first, memory = goes_on(FORMAT, lines[:cut], {})
        second, _ = goes_on(FORMAT, lines[cut:], memory)
        assert [one.blocks for one in messages(first + second)] == expected


def test_no_odd_value_raises() -> None:
    given: tuple[dict[str, Any], ...] = (
        START,
        *STREAM,
        chunk("block-end", index=0, block={"type": "text", "text": "x"}),
        run("tool-call-chunks", index=2, id="c1", name="read", args=["{"]),
        whole("x"),
        event("user/message", content=[{"type": "text", "text": "x"}], source={"kind": "user"}),
        event("tool/result", message={"content": [{"toolCallId": "c", "content": [{}]}]}),
        event("tool/code-dispatch", subCallId="c", name="x", arguments={}, content=[]),
        event("approval/asked", id="a", callId="c"),
        event("approval/decided", id="a", outcome="no"),
        event("session/title", title="x", source={"kind": "user"}),
        event("turn/end", reason={"kind": "error", "error": {}}),
    )
    for one in given:
        for odd in spoilt(one):
            facts(STREAM[2], odd, odd, STREAM[-1])


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.parent.name)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    assert counted(read_file(FORMAT, path)) == count(path)
