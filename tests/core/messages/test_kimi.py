"""What Kimi Code's wire log and its session's state say."""

from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import kimi
from core.model import AgentLink, BlockKind, Facts, Kind, Message, Outcome, Usage
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
from tests.independent.kimi import count

WIRE, STATE = kimi.FORMATS
HEADER = {"type": "metadata", "protocol_version": "1.4", "created_at": 1777626000000}
CONFIG = {"type": "config.update", "cwd": "/p", "modelAlias": "k-1"}
USED = {"inputOther": 10, "output": 4, "inputCacheRead": 60, "inputCacheCreation": 2}
SUMS: dict[str, Any] = {
    "title": "Tidy up",
    "isCustomTitle": False,
    "agents": {"main": {"type": "main"}},
    "workDir": "/p",
}


def record(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **more, "time": 1777626001000}


def loop(kind: str, **event: Any) -> dict[str, Any]:
    return record("context.append_loop_event", event={"type": kind, "stepUuid": "p1", **event})


def appends(role: str, said: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": said}]
    return record("context.append_message", message={"role": role, "content": content, **more})


def facts(*given: dict[str, Any]) -> list[Facts]:
    return told(WIRE, [(one, "") for one in given])


def read(*given: dict[str, Any]) -> list[Message]:
    return messages(facts(*given))


def test_the_wire_is_known_by_its_header_and_the_state_by_its_name() -> None:
    assert WIRE.detect(sample(WIRE, "wire.jsonl", HEADER, CONFIG)).points == 95
    assert WIRE.detect(sample(WIRE, "wire.jsonl", HEADER)).points == 60
    assert WIRE.detect(sample(WIRE, "wire.jsonl", appends("user", "x"))).points == 85
    assert WIRE.detect(sample(WIRE, "wire.jsonl", {"type": "metadata"})).points == 0
    assert STATE.detect(sample(STATE, "s/state.json", SUMS)).points == 90
    assert STATE.detect(sample(STATE, "s/other.json", SUMS)).points == 0
    assert STATE.detect(sample(STATE, "s/state.json", {"agents": []})).points == 0


def test_files_are_of_a_session_and_its_agents() -> None:
    home = "/home/a/.kimi-code/sessions/wd_p"
    main = kimi.place(PurePath(f"{home}/s1/agents/main/wire.jsonl"))
    agent = kimi.place(PurePath(f"{home}/s1/agents/agent-0/wire.jsonl"))
    state = kimi.place(PurePath(f"{home}/s1/state.json"))

    assert (main.key, main.agent, main.folder) == ("s1", "", "wd_p")
    assert (agent.key, agent.agent, agent.trunk) == ("s1/agent-0", "agent-0", "s1")
    assert state.key == "s1"
    assert kimi.place(PurePath("/x/a.state.json")).key == "a"
    assert kimi.place(PurePath("/agents/kimi/a.jsonl")).key == "a"


@pytest.mark.parametrize(
    ("origin", "kind", "speaker"),
    [
        ({"kind": "user"}, Kind.PROMPT, "user"),
        ({"kind": "injection", "variant": "plan_mode"}, Kind.META, "system"),
        ({"kind": "system_trigger", "name": "subagent"}, Kind.TASK, "user"),
        ({"kind": "system_trigger", "name": "cron"}, Kind.NOTICE, "system"),
    ],
)
def test_the_origin_tells_who_wrote_a_users_message(
    origin: dict[str, str], kind: Kind, speaker: str
) -> None:
    (found,) = read(appends("user", "go", origin=origin))

    assert (found.kind, found.record, found.at) == (kind, speaker, 1777626001000)


def test_a_prompt_is_told_twice_and_shown_once() -> None:
    prompt = record("turn.prompt", input=[{"type": "text", "text": "go"}])

    assert len(read(prompt, appends("user", "go"))) == 1


def test_the_pieces_of_a_step_share_its_id_and_its_end_tells_the_counts() -> None:
    found = facts(
        CONFIG,
        loop("step.begin", uuid="p1"),
        loop("content.part", part={"type": "think", "think": "hm"}),
        loop("content.part", part={"type": "text", "text": "Reading."}),
        loop("tool.call", toolCallId="Read_0", name="Read", args={"path": "a.py"}),
        loop("step.end", uuid="p1", usage=USED),
        record("usage.record", usage=USED, usageScope="turn"),
    )

    said = messages(found)
    assert [one.blocks[0].kind for one in said] == [
        BlockKind.THINKING,
        BlockKind.REPLY,
        BlockKind.CALL,
    ]
    assert {(one.reply.api_id, one.reply.model) for one in said if one.reply} == {("p1", "k-1")}
    (end,) = [one.reply for one in found if one.reply]
    assert (end.api_id, end.usage) == ("p1", Usage(10, 4, 60, 2))


def test_what_a_compaction_used_is_counted_once_more() -> None:
    (found,) = facts(record("usage.record", usage=USED, usageScope="session", model="k-2"))

    assert found.reply is not None
    assert (found.reply.model, found.reply.usage.total) == ("k-2", 76)


def test_results_answer_their_calls() -> None:
    failed = {"output": "no such file", "isError": True, "note": "see the log"}
    (found,) = read(loop("tool.result", toolCallId="Read_0", result=failed))

    result, note = found.blocks
    assert result.result is not None
    assert (result.result.key, result.result.outcome) == ("Read_0", Outcome.ERROR)
    assert (found.record, note.text) == ("tool", "see the log")


def test_a_call_that_a_person_refused_was_denied() -> None:
    lines = [
        (record("permission.record_approval_result", toolCallId=key, result={"decision": how}), "")
        for key, how in (("A_0", "approved"), ("A_1", "rejected"))
    ]
    first, memory = goes_on(WIRE, lines, {})
    results = [
        (loop("tool.result", toolCallId=key, result={"output": "x"}), "") for key in ("A_0", "A_1")
    ]
    found = messages(first + goes_on(WIRE, results, memory)[0])

    outcomes = [one.blocks[0].result.outcome for one in found if one.blocks[0].result]
    assert outcomes == [Outcome.OK, Outcome.DENIED]


def test_a_result_names_the_agent_that_did_the_work() -> None:
    output = "agent_id: agent-0\nstatus: completed"
    (found,) = facts(loop("tool.result", toolCallId="Agent_3", result={"output": output}))

    assert found.links == (AgentLink("Agent_3", "agent-0"),)


def test_messages_of_the_model_in_the_context_are_read() -> None:
    call = {"id": "c1", "function": {"name": "Read", "arguments": '{"path":"a"}'}}
    said, given = read(
        appends("assistant", "ok", toolCalls=[call]), appends("tool", "x", toolCallId="c1")
    )

    assert said.blocks[1].call is not None
    assert (said.blocks[1].call.tool, said.blocks[1].call.input) == ("Read", '{"path":"a"}')
    assert given.blocks[0].result is not None
    assert given.blocks[0].result.key == "c1"


def test_compactions_interrupts_and_rules_are_shown() -> None:
    compaction = record(
        "context.apply_compaction", contextSummary="so far", tokensBefore=900, tokensAfter=90
    )
    rules = record("config.update", systemPrompt="You are an agent.")
    found = read(compaction, record("turn.cancel"), rules)

    assert [one.kind for one in found] == [Kind.COMPACTION, Kind.INTERRUPT, Kind.META]
    assert (found[0].blocks[0].text, found[0].detail) == (
        "so far",
        '{"preTokens":900,"postTokens":90}',
    )


def test_the_header_and_the_config_tell_version_and_folder() -> None:
    header, config = facts(HEADER, CONFIG)

    assert header.version == "1.4"
    assert config.setting is not None
    assert (config.setting.cwd, config.message) == ("/p", None)


def test_the_state_tells_the_title() -> None:
    for custom, field in ((False, "ai_title"), (True, "custom_title")):
        (fact,) = told(STATE, [({**SUMS, "isCustomTitle": custom}, "")])
        assert (fact.setting and fact.setting.cwd, getattr(fact.setting, field)) == (
            "/p",
            "Tidy up",
        )


def test_the_programs_own_state_is_silent_and_other_kinds_are_kept() -> None:
    for kind in ("plan_mode.enter", "llm.request", "context.clear"):
        (fact,) = facts(record(kind))
        assert (fact.known, fact.message) == (True, None)
    for given in (record("poem"), loop("poem")):
        (fact,) = facts(given)
        assert (fact.known, fact.unknown is not None) == (False, True)
    (fact,) = told(STATE, [({"a": 1}, "")])
    assert not fact.known


def test_no_odd_value_raises() -> None:
    given: tuple[dict[str, Any], ...] = (
        HEADER,
        CONFIG,
        appends("user", "x", origin={"kind": "user"}),
        appends("assistant", "x", toolCalls=[{"function": {"name": "x", "arguments": "{"}}]),
        loop("content.part", part={"type": "think", "think": "x"}),
        loop("tool.call", toolCallId="c", name="x", args={}),
        loop("tool.result", toolCallId="c", result={"output": [{"text": "x"}], "isError": True}),
        loop("step.end", uuid="p", usage=USED),
        record("usage.record", usage=USED, usageScope="session"),
        record("context.apply_compaction", summary="x"),
        record("permission.record_approval_result", toolCallId="c", result={"decision": "no"}),
    )
    for one in given:
        for odd in spoilt(one):
            facts(odd, odd)
    for odd in spoilt(SUMS):
        told(STATE, [(odd, "")])


@pytest.mark.parametrize("path", fixtures("kimi/*.jsonl"), ids=lambda path: path.stem)
def test_public_files_are_counted_as_without_clew(path: Path) -> None:
    assert counted(read_file(WIRE, path)) == count(path)
