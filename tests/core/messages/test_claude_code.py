"""What every kind of Claude Code record says."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import claude_code
from core.messages.formats import FORMATS
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Call,
    Facts,
    Hop,
    Kind,
    LeafSummary,
    Message,
    Place,
    PromptKind,
    Role,
    Setting,
    Usage,
)
from core.records.decode import Record
from tests import builders as b

PLACE = Place(4, 40, 400)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "content", "id", "source", "data", "input", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


def read(record: b.Record) -> Facts:
    return claude_code.facts(Record(PLACE, record))


def message(record: b.Record) -> Message:
    found = read(record).message
    assert found is not None
    return found


def test_the_name_of_the_format_is_kept_and_its_revision_says_that_more_is_read() -> None:
    assert [form.revision for form in FORMATS if form.name == "claude-code"] == [2]


def test_a_line_of_a_reply_is_one_piece_of_it() -> None:
    found = message(b.thinks("a", "first I look", "u", api="m1", request="r1", stop="end_turn"))

    assert (found.kind, found.role, found.parent) == (Kind.REPLY, Role.ASSISTANT, "u")
    assert found.blocks == (Block(BlockKind.THINKING, "first I look"),)
    assert found.reply is not None
    assert (found.reply.api_id, found.reply.request, found.reply.final) == ("m1", "r1", True)
    assert found.reply.usage == Usage(10, 5, 100, 20, 20, 0)
    assert found.reply.usage.total == 135


def test_a_call_has_its_input_as_json_and_as_words() -> None:
    (block,) = message(b.calls("a", "t1", "Edit", {"file_path": "/a", "n": 3})).blocks

    assert block.call == Call("t1", "Edit", '{"file_path":"/a","n":3}')
    assert block.text == "/a\n3"


@pytest.mark.parametrize("given", ["not a dict", None, 5, [1, "x"], {}])
def test_a_call_may_have_any_input(given: object) -> None:
    record = b.calls("a", "t1")
    record["message"]["content"][0]["input"] = given

    (block,) = message(record).blocks

    assert block.call is not None
    assert json.loads(block.call.input) == given


def test_a_call_without_a_name_gets_one() -> None:
    record = b.reply("a", [{"type": "tool_use"}])

    assert message(record).blocks[0].call == Call("", "(no name)", "null")


def test_thinking_that_is_empty_or_encrypted_is_left_out() -> None:
    content = [{"type": "thinking", "thinking": ""}, {"type": "redacted_thinking", "data": "x"}]

    assert message(b.reply("a", content)).blocks == ()


def test_calls_and_results_on_the_server_are_calls_and_results() -> None:
    content = [
        {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}},
        {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"url": "y"}]},
    ]

    called, answered = message(b.reply("a", content)).blocks

    assert called.call is not None
    assert called.call.key == "s1"
    assert answered.result is not None
    assert answered.result.key == "s1"


def test_a_block_of_an_unknown_kind_is_kept() -> None:
    (block,) = message(b.reply("a", [{"type": "new_block_2031", "x": 1}])).blocks

    assert block == Block(BlockKind.OTHER, '{"type":"new_block_2031","x":1}')


def test_an_error_of_the_api_is_a_failure_and_no_models_words() -> None:
    text = [{"type": "text", "text": "API Error: 529 overloaded"}]
    found = message(b.reply("a", text, model="<synthetic>", isApiErrorMessage=True))

    assert found.kind is Kind.FAILURE
    assert found.blocks == (Block(BlockKind.NOTE, "API Error: 529 overloaded"),)
    assert found.reply is not None
    assert found.reply.model == ""


def test_a_reply_that_is_synthetic_has_no_model() -> None:
    found = message(b.says("a", "No response requested.", model="<synthetic>"))

    assert found.reply is not None
    assert found.reply.model == ""


@pytest.mark.parametrize("odd", [None, "text", [], {"input_tokens": -5, "output_tokens": 2**70}])
def test_usage_of_any_shape_is_counted_as_far_as_it_goes(odd: object) -> None:
    found = message(b.says("a", usage=odd))

    assert found.reply is not None
    assert found.reply.usage == Usage()


def test_a_compaction_keeps_how_it_came_and_what_it_continues() -> None:
    found = message(b.boundary("c1", "a9"))

    assert (found.kind, found.role, found.logical_parent) == (Kind.COMPACTION, Role.SYSTEM, "a9")
    assert json.loads(found.detail) == {"trigger": "auto", "preTokens": 155_000}
    assert found.blocks == (Block(BlockKind.NOTE, "Conversation compacted"),)


def test_a_compaction_without_facts_is_one_all_the_same() -> None:
    bare = {"type": "system", "subtype": "compact_boundary", "uuid": "c1"}

    assert message(bare).kind is Kind.COMPACTION
    assert message(bare).blocks[0].text == "Conversation compacted"


def test_a_small_compaction_is_told_apart() -> None:
    record = b.record("system", "c1", subtype="microcompact_boundary")
    record["microcompactMetadata"] = {"trigger": "auto", "preTokens": 5, "tokensSaved": 3}

    assert json.loads(message(record).detail) == {"trigger": "micro", "preTokens": 5}


def test_the_summary_of_a_compaction_is_not_a_prompt() -> None:
    found = message(b.compacted("c2", "c1"))

    assert found.kind is Kind.SUMMARY
    assert found.blocks[0].kind is BlockKind.NOTE


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"message": "overloaded"}, "overloaded"),
        ({"error": {"message": "inner"}}, "inner"),
        ({"status": 529}, "529"),
        ({}, "API error"),
        ("text", "API error"),
    ],
)
def test_an_api_error_says_its_cause(error: object, said: str) -> None:
    found = message(b.record("system", "e1", subtype="api_error", error=error))

    assert (found.kind, found.blocks[0].text) == (Kind.FAILURE, said)


def test_a_local_command_of_the_system_is_a_command() -> None:
    said = "<command-name>/model</command-name><command-args>opus</command-args>"
    found = message(b.record("system", "l1", subtype="local_command", content=said))

    assert (found.kind, found.role) == (Kind.COMMAND, Role.SYSTEM)
    assert found.blocks[0].text == "/model opus"


@pytest.mark.parametrize("subtype", ["turn_duration", "stop_hook_summary", "brand_new"])
def test_other_system_records_are_counted_and_keep_the_chain(subtype: str) -> None:
    facts = read(b.record("system", "y1", "u1", subtype=subtype))

    assert (facts.kind, facts.known, facts.message) == (f"system/{subtype}", True, None)
    assert facts.hop == Hop("y1", "u1")


@pytest.mark.parametrize(
    ("subtype", "more", "who"),
    [
        ("away_summary", {"content": "While you were away"}, PromptKind.SYSTEM),
        ("informational", {"content": "A newer version is there"}, PromptKind.SYSTEM),
        ("scheduled_task_fire", {"content": "Nightly check"}, PromptKind.SYSTEM),
        ("agents_killed", {"content": "2 agents were stopped"}, PromptKind.SYSTEM),
        ("brand_new", {"content": "Something to read"}, PromptKind.SYSTEM),
        ("stop_hook_summary", {"hookErrors": ["lint: failed", 5]}, PromptKind.HOOK),
        ("stop_hook_summary", {"preventedContinuation": True, "stopReason": "no"}, PromptKind.HOOK),
    ],
)
def test_what_the_program_wants_a_person_to_read_is_a_notice(
    subtype: str, more: b.Record, who: PromptKind
) -> None:
    found = message(b.record("system", "y1", "u1", subtype=subtype, **more))

    assert (found.kind, found.role, found.prompt) == (Kind.NOTICE, Role.SYSTEM, who)
    assert found.blocks[0].kind is BlockKind.NOTE
    assert found.blocks[0].text


@pytest.mark.parametrize(
    ("sort", "said", "kind"),
    [
        ("hook_additional_context", {"content": ["be", "brief"]}, Kind.META),
        ("hook_system_message", {"content": "be brief"}, Kind.NOTICE),
        ("hook_non_blocking_error", {"stderr": "be brief"}, Kind.NOTICE),
        ("hook_blocking_error", {"blockingError": {"blockingError": "be brief"}}, Kind.NOTICE),
        ("hook_stopped_continuation", {"message": "be brief"}, Kind.NOTICE),
    ],
)
def test_what_a_hook_says_is_shown_as_a_hooks_words(sort: str, said: b.Record, kind: Kind) -> None:
    found = message(b.record("attachment", "h1", attachment={"type": sort, **said}))

    assert (found.kind, found.prompt) == (kind, PromptKind.HOOK)
    assert found.blocks[0].text in {"be brief", "be\nbrief"}


def test_a_hook_without_words_keeps_the_chain() -> None:
    facts = read(b.record("attachment", "h1", "u1", attachment={"type": "hook_cancelled"}))

    assert (facts.message, facts.hop) == (None, Hop("h1", "u1"))


def test_progress_tells_which_agent_a_call_started() -> None:
    facts = read(b.progress("g1", "a1", type="agent_progress", agentId="ag1", call="t1"))

    assert facts.kind == "progress/agent_progress"
    assert facts.links == (AgentLink("t1", "ag1"),)
    assert facts.hop == Hop("g1", "a1")


def test_an_attachment_keeps_the_chain() -> None:
    facts = read(b.attachment("h1", "u1"))

    assert (facts.kind, facts.message, facts.hop) == (
        "attachment/hook_success",
        None,
        Hop("h1", "u1"),
    )


def test_a_summary_names_the_session_of_its_leaf() -> None:
    assert read(b.summary("What we did", "a9")).summary == LeafSummary("a9", "What we did")
    assert read({"type": "summary", "summary": "x"}).summary is None


@pytest.mark.parametrize(
    ("record", "setting"),
    [
        (b.title("custom-title", "Mine"), Setting(custom_title="Mine")),
        (b.title("ai-title", "Its"), Setting(ai_title="Its")),
        (b.title("agent-name", "Bot"), Setting(agent_name="Bot")),
        ({"type": "last-prompt", "leafUuid": "a9"}, Setting(leaf="a9")),
        ({"type": "continued-in", "continuedInSessionId": "s2"}, Setting(continued_in="s2")),
        ({"type": "relocated", "relocatedCwd": "/new"}, Setting(moved_to="/new")),
        ({"type": "custom-title", "customTitle": 5}, None),
        ({"type": "relocated", "relocatedCwd": None}, None),
    ],
)
def test_a_record_may_set_one_thing_of_its_session(
    record: b.Record, setting: Setting | None
) -> None:
    assert read(record).setting == setting


def test_a_session_in_a_worktree_works_there_until_it_is_left() -> None:
    state = {"originalCwd": "/repo", "worktreePath": "/repo/trees/x"}
    entered: b.Record = {"type": "worktree-state", "worktreeSession": state}

    (inside,), memory = claude_code.read(Record(PLACE, entered), {})
    (outside,), _ = claude_code.read(Record(PLACE, entered | {"worktreeSession": None}), memory)
    (unknown,), _ = claude_code.read(Record(PLACE, entered | {"worktreeSession": None}), {})

    assert inside.setting == Setting(moved_to="/repo/trees/x")
    assert outside.setting == Setting(moved_to="/repo")
    assert unknown.setting is None


def test_what_a_reply_was_charged_for_besides_tokens_is_kept() -> None:
    use = b.usage() | {"speed": "fast", "server_tool_use": {"web_search_requests": 2}}
    found = message(b.says("a", usage=use)).reply
    plain = message(b.says("a", usage=b.usage() | {"speed": "standard"})).reply

    assert found is not None
    assert plain is not None
    assert (found.fast, found.searches) == (True, 2)
    assert (plain.fast, plain.searches) == (False, 0)


def test_a_piece_of_a_reply_tells_which_one_it_is() -> None:
    assert message(b.says("a", apiBlockIndex=1)).index == 1
    assert message(b.says("a", apiBlockIndex="x")).index == 0
    assert message(b.says("a")).index is None


def test_no_parent_is_a_root_but_to_say_nothing_of_one_is_not() -> None:
    bare = b.prompt("u")
    del bare["parentUuid"]

    assert message(b.prompt("u")).linked
    assert not message(bare).linked


def test_every_record_tells_where_its_session_works() -> None:
    assert read(b.prompt("u")).setting == Setting(cwd=b.CWD, git_branch="main", version="2.1.50")


def test_a_copied_record_tells_where_it_came_from() -> None:
    found = message(b.prompt("u", forkedFrom={"sessionId": "s0", "messageUuid": "u"}))

    assert found.forked_from == "s0"


def test_a_record_of_an_unknown_kind_is_kept_as_it_is() -> None:
    facts = read({"type": "brand-new-2031", "uuid": "n1", "x": [1]})

    assert (facts.kind, facts.known) == ("brand-new-2031", False)
    assert facts.unknown is not None
    assert json.loads(facts.unknown.raw) == {"type": "brand-new-2031", "uuid": "n1", "x": [1]}
    assert facts.hop == Hop("n1", "")


@pytest.mark.parametrize("record", [{}, {"type": 5}, {"type": None}, {"type": ""}])
def test_a_record_without_a_kind_is_unknown(record: b.Record) -> None:
    facts = read(record)

    assert (facts.kind, facts.known) == ("(none)", False)


@pytest.mark.parametrize("kind", ["file-history-snapshot", "queue-operation", "mode", "pr-link"])
def test_records_that_say_nothing_are_known(kind: str) -> None:
    facts = read({"type": kind})

    assert (facts.known, facts.unknown, facts.message, facts.hop) == (True, None, None, None)


@given(st.dictionaries(st.text(max_size=9), JSON, max_size=6))
def test_no_object_makes_it_raise(record: b.Record) -> None:
    read(record)


@given(st.sampled_from(sorted(claude_code._READERS)), st.dictionaries(st.text(), JSON), JSON, JSON)
def test_no_object_of_a_known_kind_makes_it_raise(
    kind: str, record: b.Record, first: object, second: object
) -> None:
    content = {"content": first, "usage": second, "model": first, "id": second}
    inner = {"message": content, "attachment": first, "data": second, "error": first}
    read(record | inner | {"type": kind, "toolUseResult": second, "compactMetadata": first})


REAL: list[b.Record] = [
    b.prompt("u1", [{"type": "text", "text": "hi"}, {"type": "image", "source": {"data": b.PNG}}]),
    b.calls("a1", "t1", given={"command": "ls", "todos": [{"content": "x"}]}),
    b.answers("r1", "t1", [{"type": "text", "text": "x"}], toolUseResult={"stdout": "y"}),
    b.boundary("c1", "a1"),
    b.compacted("c2", "c1"),
    b.queued("q1", "more", "c2"),
    b.progress("g1", "a1", type="agent_progress", agentId="ag", call="t1"),
    b.record("system", "e1", subtype="api_error", error={"error": {"message": "x"}}),
    b.summary("x", "u1"),
    b.title("custom-title", "x"),
]


@given(st.sampled_from(REAL), st.lists(JSON, min_size=1, max_size=3), st.integers(0, 2**20))
def test_a_real_record_with_something_else_anywhere_is_still_a_record(
    record: b.Record, others: list[object], seed: int
) -> None:
    spoilt = copy.deepcopy(record)
    draw = random.Random(seed)
    for other in others:
        _replace(spoilt, other, draw)
    spoilt["type"] = record["type"]

    facts = read(spoilt)

    assert facts.known
    assert (facts.message is not None) or record["type"] not in {"user", "assistant"}


def _replace(record: Any, other: object, draw: random.Random) -> None:
    """Put *other* in the place of one random node inside *record*."""
    places: list[tuple[Any, Any]] = []
    todo = [record]
    while todo:
        node = todo.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node))
        places += [(node, key) for key in keys]
        todo += [node[key] for key in keys if isinstance(node[key], dict | list)]
    holder, key = draw.choice(places)
    holder[key] = other
