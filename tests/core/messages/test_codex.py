"""What the lines of a Codex rollout say, and that no token or text is counted twice."""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import pytest

from core.messages import codex, codex_history
from core.messages.format import Framing, Memory, Sample
from core.model import AgentLink, Block, BlockKind, Facts, Kind, Message, Outcome, Place, Usage
from core.records.decode import Record

OWN = "01990000-0000-7000-8000-000000000002"
PARENT = "01980000-0000-7000-8000-000000000001"
Line = dict[str, Any]
LOOKED_AT = (
    *("id", "content", "message", "text", "output", "arguments", "call_id", "info", "source"),
    *("role", "summary", "action", "model", "name", "namespace", "thread_settings", "turn_id"),
    *("timestamp", "git", "reason", "thread_name", "num_turns", "forked_from_id", "error"),
)


def line(kind: str, at: int = 0, **body: Any) -> Line:
    return {"timestamp": f"2026-03-01T10:00:{at:02}.000Z", "type": kind, "payload": body}


def item(sort: str, **body: Any) -> Line:
    return line("response_item", type=sort, **body)


def event(sort: str, at: int = 0, **body: Any) -> Line:
    return line("event_msg", at, type=sort, **body)


def asks(said: str, role: str = "user") -> Line:
    sort = "output_text" if role == "assistant" else "input_text"
    return item("message", role=role, content=[{"type": sort, "text": said}])


def tokens(given: int, cached: int, out: int, last: tuple[int, int, int] | None = None) -> Line:
    names = ("input_tokens", "cached_input_tokens", "output_tokens")
    info = {"total_token_usage": dict(zip(names, (given, cached, out), strict=True))}
    if last:
        info["last_token_usage"] = dict(zip(names, last, strict=True))
    return event("token_count", info=info)


def facts(lines: Sequence[Line], memory: Memory | None = None) -> list[Facts]:
    memory = memory or {}
    found: list[Facts] = []
    for number, data in enumerate(lines, 1):
        told, memory = codex.read(Record(Place(number, number * 100, 9), data), memory)
        assert told
        memory = json.loads(json.dumps(memory))
        found.extend(told)
    return found


def messages(*lines: Line) -> list[Message]:
    return [fact.message for fact in facts(lines) if fact.message]


def used(*lines: Line) -> list[Usage]:
    return [fact.reply.usage for fact in facts(lines) if fact.reply]


def result(*lines: Line) -> Block:
    (block,) = messages(*lines)[-1].blocks
    return block


def sample(*lines: Line) -> Sample:
    return Sample(PurePath("rollout.jsonl"), Framing.LINES, lines)


def test_a_rollout_is_known_by_its_envelope() -> None:
    assert codex.detect(sample(line("session_meta", id=OWN), asks("hi"))).points > 85
    assert codex.detect(sample({"type": "user", "message": {}})).points == 0
    assert codex.detect(sample()).points == 0


def test_an_early_rollout_is_known_by_its_header_and_items() -> None:
    header = {"id": OWN, "timestamp": "2025-05-01T10:00:00Z", "instructions": None}
    said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}
    assert codex.detect(sample(header, said, {"record_type": "state"})).points == 80
    found = facts([header, {"record_type": "state"}, said])
    assert [fact.known for fact in found] == [True] * 3
    assert found[2].message is not None
    assert found[2].message.kind is Kind.PROMPT


def test_a_session_is_named_by_the_uuid_at_the_end_of_its_file() -> None:
    name = f"rollout-2026-03-01T10-00-00-{OWN}.jsonl"
    assert codex.FORMAT.place(PurePath("01") / name).key == OWN
    assert codex.FORMAT.place(PurePath("saved.jsonl")).key == "saved"


def test_the_header_tells_folder_branch_and_version() -> None:
    meta = line("session_meta", id=OWN, cwd="/a", cli_version="0.99", git={"branch": "main"})
    (found,) = facts([meta])
    assert found.setting is not None
    assert (found.setting.cwd, found.setting.git_branch, found.version) == ("/a", "main", "0.99")


def test_a_copy_for_the_screen_is_silent_and_one_without_its_item_is_not() -> None:
    said = messages(
        asks("first"),
        event("user_message", message="first"),
        event("agent_message", message="done"),
        asks("done", "assistant"),
        asks("first"),
        event("user_message", message="first"),
        event("user_message", message="only here"),
    )
    texts = [message.blocks[0].text for message in said]
    assert texts == ["first", "done", "first", "only here"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("fix it", Kind.PROMPT),
        ("<environment_context>\n", Kind.META),
        ("# AGENTS.md instructions for /a", Kind.META),
        ("<turn_aborted>\nstopped", Kind.INTERRUPT),
        ("<user_shell_command>ls", Kind.SHELL),
        ("<subagent_notification>", Kind.NOTICE),
    ],
)
def test_most_user_items_are_written_by_the_program(said: str, kind: Kind) -> None:
    (message,) = messages(asks(said))
    assert message.kind is kind


def test_what_an_editor_adds_is_apart_from_what_was_typed() -> None:
    said = "# Context from my IDE setup:\n\n## Open: a.py\n\n## My request for Codex:\nwhy?"
    (message,) = messages(asks(said))
    kinds = [(block.kind, block.text) for block in message.blocks]
    assert kinds[1] == (BlockKind.PROMPT, "why?")
    assert kinds[0][0] is BlockKind.NOTE


def test_thoughts_are_shown_where_they_can_be_read() -> None:
    sealed = item("reasoning", summary=[], encrypted_content="x")
    said = item("reasoning", summary=[{"type": "summary_text", "text": "hm"}])
    (message,) = messages(sealed, said, event("agent_reasoning", text="hm"))
    assert [block.kind for block in message.blocks] == [BlockKind.THINKING]


def test_totals_that_grow_are_counted_once_and_repeated_ones_not() -> None:
    found = used(
        asks("a", "assistant"),
        tokens(100, 40, 10),
        tokens(100, 40, 10),
        asks("b"),
        asks("c", "assistant"),
        tokens(300, 140, 30),
        event("token_count", info=None),
    )
    assert found == [Usage(60, 10, 40), Usage(100, 20, 100)]


def test_the_last_call_is_preferred_and_a_total_set_back_counts_whole() -> None:
    found = used(tokens(100, 0, 10, (70, 20, 7)), tokens(50, 0, 5))
    assert found == [Usage(50, 7, 20), Usage(50, 5, 0)]


@pytest.mark.parametrize("early", [True, False])
def test_tokens_belong_to_the_items_of_their_call(early: bool) -> None:
    call = item("function_call", name="shell", call_id="c", arguments="{}")
    output = item("function_call_output", call_id="c", output="ok")
    reply = asks("done", "assistant")
    context = line("turn_context", model="gpt-x")
    lines = [context, call, output, tokens(10, 0, 1), context, reply, tokens(30, 0, 2)]
    if early:
        lines = [context, tokens(10, 0, 1), call, output, context, tokens(30, 0, 2), reply]
    found = facts(lines)
    pieces = [f.message.reply.api_id for f in found if f.message and f.message.reply]
    told = [(f.reply.api_id, f.reply.model) for f in found if f.reply]
    assert told == [(pieces[0], "gpt-x"), (pieces[1], "gpt-x")]
    assert pieces[0] != pieces[1]


@pytest.mark.parametrize(
    ("output", "outcome"),
    [
        ("Exit code: 0\nOutput:\nfine", Outcome.OK),
        ("Exit code: 2\nOutput:\nbad", Outcome.ERROR),
        ("Chunk ID: 1\nWall time: 1 s\nProcess exited with code 1\nOutput:", Outcome.ERROR),
        ('{"output":"x","metadata":{"exit_code":127}}', Outcome.ERROR),
        ('{"output":"x","metadata":{"exit_code":0}}', Outcome.OK),
        ({"content": "no", "success": False}, Outcome.ERROR),
        ("exec command rejected by user", Outcome.DENIED),
        ("aborted by user after 3.1s", Outcome.INTERRUPTED),
        ("apply_patch verification failed: no such lines", Outcome.ERROR),
        ([{"type": "input_text", "text": "seen"}], Outcome.OK),
    ],
)
def test_an_output_tells_how_its_call_ended(output: object, outcome: Outcome) -> None:
    block = result(item("function_call_output", call_id="c1", output=output))
    assert block.result is not None
    assert (block.result.key, block.result.outcome) == ("c1", outcome)


def test_a_call_has_its_arguments_out_of_the_string() -> None:
    given = '{"command":"ls"}'
    call = item("function_call", name="_run", namespace="mcp__x", call_id="c", arguments=given)
    patch = item("custom_tool_call", name="apply_patch", call_id="d", input="*** Begin Patch")
    first, second = messages(call, patch)
    assert first.blocks[0].text == "ls"
    assert first.blocks[0].call is not None
    assert first.blocks[0].call.tool == "mcp__x__run"
    assert second.blocks[0].text == "*** Begin Patch"


def test_a_web_search_is_a_call_with_its_end_and_counted() -> None:
    action = {"type": "search", "query": "weather"}
    (message,) = messages(item("web_search_call", status="completed", action=action))
    assert [block.kind for block in message.blocks] == [BlockKind.CALL, BlockKind.RESULT]
    assert message.reply is not None
    assert message.reply.searches == 1


def test_a_compaction_does_not_repeat_the_history() -> None:
    old = [{"type": "message", "role": "user", "content": [{"text": "old"}]}]
    (message,) = messages(line("compacted", message="in short", replacement_history=old))
    assert (message.kind, message.blocks[0].text) == (Kind.COMPACTION, "in short")


def test_an_interrupt_is_told_once() -> None:
    stop = event("turn_aborted", reason="interrupted")
    assert len(messages(asks("<turn_aborted>\nstopped"), stop)) == 1
    assert len(messages(stop)) == 1
    assert not messages(event("turn_aborted", reason="replaced"))


def test_an_agents_session_names_its_parent_and_prompts_are_tasks() -> None:
    source = {"subagent": {"thread_spawn": {"parent_thread_id": PARENT}}}
    found = facts([line("session_meta", id=OWN, source=source), asks("look")])
    assert found[0].setting is not None
    assert found[0].setting.trunk == PARENT
    assert found[1].message is not None
    assert (found[1].message.kind, found[1].message.agent) == (Kind.TASK, OWN)


def test_a_fork_counts_no_tokens_of_what_it_copied() -> None:
    found = facts(
        [
            line("session_meta", id=OWN, forked_from_id=PARENT),
            line("session_meta", id=PARENT),
            line("turn_context", turn_id=PARENT),
            asks("old"),
            tokens(100, 0, 10),
            line("turn_context", turn_id=OWN[:-1] + "9"),
            asks("new"),
            tokens(150, 0, 20),
        ]
    )
    origins = [fact.message.forked_from for fact in found if fact.message]
    assert origins == [PARENT, ""]
    assert [fact.reply.usage for fact in found if fact.reply] == [Usage(50, 10)]


def test_what_an_agent_inherited_stays_with_its_parent() -> None:
    found = facts(
        [
            line("session_meta", id=OWN, source={"subagent": "x"}, forked_from_id=PARENT),
            asks("old"),
            event("task_started", 30),
            asks("task"),
        ]
    )
    assert [fact.message.blocks[0].text for fact in found if fact.message] == ["task"]


def test_a_call_is_linked_to_the_agent_it_started() -> None:
    spawned = event("collab_agent_spawn_end", call_id="c", new_thread_id="t")
    answered = item("function_call_output", call_id="d", output='{"agent_id":"u"}')
    links = [link for fact in facts([spawned, answered]) for link in fact.links]
    assert links == [AgentLink("c", "t"), AgentLink("d", "u")]


def test_other_events_that_say_something_are_shown() -> None:
    said = messages(
        event("error", message="overloaded"),
        event("entered_review_mode", user_facing_hint="changes"),
        event("thread_rolled_back", num_turns=2),
    )
    assert [message.kind for message in said] == [Kind.FAILURE, Kind.NOTICE, Kind.NOTICE]
    (named,) = facts([event("thread_name_updated", thread_name="tidy")])
    assert named.setting is not None
    assert named.setting.custom_title == "tidy"


def test_a_faster_tier_is_remembered() -> None:
    tier = event("thread_settings_applied", thread_settings={"service_tier": "priority"})
    (message,) = messages(tier, asks("x", "assistant"))
    assert message.reply is not None
    assert message.reply.fast


def test_an_unknown_kind_is_kept_as_it_is() -> None:
    (found,) = facts([item("dream", text="x")])
    assert (found.kind, found.known) == ("response_item/dream", False)
    assert found.unknown is not None
    assert '"dream"' in found.unknown.raw


@pytest.mark.parametrize("kind", ["session_meta", "turn_context", "compacted", *codex.KINDS])
@pytest.mark.parametrize("value", [None, 1, "x", [], [1, None], {}, {"text": 3}, True])
def test_wrong_types_cost_only_themselves(kind: str, value: object) -> None:
    outer, _, inner = kind.partition("/")
    body: Line = dict.fromkeys(LOOKED_AT, value)
    data: Line = {"type": outer, "timestamp": value, "payload": {**body, "type": inner}}
    assert facts([data, {"payload": value}, {"type": value}, body])


def test_a_rollout_read_in_pieces_says_what_it_says_whole() -> None:
    lines = [
        line("session_meta", id=OWN),
        asks("go"),
        event("user_message", message="go"),
        tokens(10, 0, 1),
        asks("ok", "assistant"),
        tokens(10, 0, 1),
    ]
    memory: Memory = {}
    found: list[Facts] = []
    for number, data in enumerate(lines, 1):
        told, memory = codex.read(Record(Place(number, number * 100, 9), data), memory)
        found.extend(told)
    assert found == facts(lines)


def test_the_prompt_history_tells_the_session_of_each_prompt() -> None:
    data: Line = {"session_id": OWN, "ts": 1_760_000_000, "text": "hello"}
    assert codex_history.detect(sample(data)).points == 85
    assert codex_history.detect(sample({**data, "more": 1})).points == 0
    (found,), _ = codex_history.read(Record(Place(1, 0, 9), data), {})
    assert found.part == OWN
    assert found.message is not None
    assert (found.message.kind, found.message.at) == (Kind.PROMPT, 1_760_000_000_000)
    (odd,), _ = codex_history.read(Record(Place(1, 0, 9), {"text": 3}), {})
    assert not odd.known
