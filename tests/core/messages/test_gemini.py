"""What Gemini CLI's documents and logs say."""

from pathlib import Path
from typing import Any

import pytest

from core.messages.format import NO
from core.messages.gemini import FORMATS
from core.model import AgentLink, BlockKind, Kind, Outcome, Setting, Usage
from tests import adapters
from tests.independent import gemini, gemini_lines

DOCUMENT, LOG = FORMATS
HEADER = {"sessionId": "s", "projectHash": "p", "startTime": "2026-01-01T00:00:00Z"}


def user(id_: str, said: Any = "Please look") -> dict[str, Any]:
    return {"id": id_, "timestamp": "2026-01-01T00:00:01Z", "type": "user", "content": said}


def reply(id_: str, said: Any = "I looked", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "timestamp": "2026-01-01T00:00:02Z",
        "type": "gemini",
        "content": said,
    } | more


def call(**more: Any) -> dict[str, Any]:
    return {"id": "c1", "name": "read_file", "args": {"path": "a.txt"}} | more


def given(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"functionResponse": {"id": "c1", "name": "read_file", "response": said}}]


def log(*records: Any) -> list[Any]:
    return [(record, "") for record in records]


def test_a_reply_thinks_calls_and_speaks_and_its_input_is_without_what_was_cached() -> None:
    thoughts = [{"subject": "Files", "description": "Which one?"}]
    tokens = {"input": 100, "cached": 60, "output": 5, "thoughts": 7, "tool": 2, "total": 114}
    done = call(status="success", result=given({"output": "hello"}))
    one = reply("b", thoughts=thoughts, tokens=tokens, model="gemini-x", toolCalls=[done])
    facts = adapters.told(DOCUMENT, [(HEADER, ""), (user("a"), "messages"), (one, "messages")])
    asked, found = adapters.messages(facts)

    assert (asked.kind, asked.parent, found.parent) == (Kind.PROMPT, "", "a")
    assert [block.kind for block in found.blocks] == [
        BlockKind.THINKING, BlockKind.REPLY, BlockKind.CALL, BlockKind.RESULT,
    ]  # fmt: skip
    assert found.blocks[0].text == "Files\nWhich one?"
    assert found.blocks[3].text == "hello"
    assert found.reply is not None
    assert (found.reply.api_id, found.reply.model) == ("b", "gemini-x")
    assert found.reply.usage == Usage(input=42, output=12, cache_read=60)


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"status": "success", "resultDisplay": "ok"}, Outcome.OK),
        ({"status": "error", "result": given({"error": "no"})}, Outcome.ERROR),
        ({"result": given({"error": "no"})}, Outcome.ERROR),
        ({"status": "cancelled", "result": given({"error": "stopped"})}, Outcome.INTERRUPTED),
        ({"status": "cancelled", "result": ["User did not allow it"]}, Outcome.DENIED),
        ({"status": "executing"}, None),
    ],
)
def test_a_call_ends_as_its_status_says(more: dict[str, Any], outcome: Outcome | None) -> None:
    (found,) = adapters.messages(adapters.told(LOG, log(reply("b", "", toolCalls=[call(**more)]))))
    results = [block.result for block in found.blocks if block.result]

    assert [result.outcome for result in results] == ([outcome] if outcome else [])


def test_a_message_that_is_written_again_gives_only_what_is_new() -> None:
    first = reply("b", "", toolCalls=[call(status="executing")])
    done = call(status="success", result=given({"output": "hello"}))
    second = reply("b", "I ", toolCalls=[done], tokens={"input": 9, "output": 1})
    third = second | {"content": "I looked", "tokens": {"input": 9, "output": 4}}
    facts = adapters.told(LOG, log(HEADER, user("a"), first, second, second, third, user("c")))
    _, called, answered, more, last = adapters.messages(facts)

    assert [block.kind for block in called.blocks] == [BlockKind.CALL]
    assert [block.text for block in answered.blocks] == ["I ", "hello"]
    assert [block.text for block in more.blocks] == ["looked"]
    assert (more.uuid, more.parent, last.parent) == ("b~2", "b~1", "b~2")
    assert {m.reply.api_id for m in (called, answered, more) if m.reply} == {"b"}
    assert adapters.counted(facts).messages == 3
    assert adapters.counted(facts).output == 4


def test_a_text_that_was_replaced_is_told_again() -> None:
    facts = adapters.told(
        LOG, log(reply("b", "one"), reply("b", "another"), reply("b", ["x", "y"]))
    )

    assert [block.text for one in adapters.messages(facts) for block in one.blocks] == [
        "one", "another", "x", "y",
    ]  # fmt: skip


def test_a_log_read_in_pieces_says_the_same() -> None:
    records = log(
        HEADER, user("a"), reply("b", "I "), {"$set": {"lastUpdated": "x"}}, reply("b", "I looked"),
        {"$rewindTo": "b"}, user("c"), {"$set": {"messages": [user("a"), user("d")]}},
    )  # fmt: skip
    whole = adapters.told(LOG, records)
    for cut in range(len(records)):
        facts, memory = adapters.goes_on(LOG, records[:cut], {})
        more, _ = adapters.goes_on(LOG, records[cut:], memory)
        # Places differ, as the lines of the second piece are numbered from 1 again.
        said = [(m.uuid, m.parent, m.blocks) for m in adapters.messages(facts + more)]
        assert said == [(m.uuid, m.parent, m.blocks) for m in adapters.messages(whole)]


def test_a_rewind_hangs_what_follows_on_the_message_before() -> None:
    records = log(user("a"), reply("b"), user("c"), reply("d"), {"$rewindTo": "c"}, user("e"))
    *_, last = adapters.messages(adapters.told(LOG, records))
    assert last.parent == "b"

    *_, last = adapters.messages(adapters.told(LOG, log(user("a"), {"$rewindTo": "?"}, user("b"))))
    assert last.parent == ""


def test_a_changed_context_takes_nothing_away_and_gives_what_is_new() -> None:
    snapshot = user("n", "<state_snapshot>all so far</state_snapshot>")
    changed = {"$set": {"messages": [user("a"), snapshot, "?"], "summary": "Files"}}
    facts = adapters.told(LOG, log(user("a"), changed))
    found = adapters.messages(facts)

    assert [(one.uuid, one.kind) for one in found] == [("a", Kind.PROMPT), ("n", Kind.SUMMARY)]
    assert facts[1].setting == Setting(ai_title="Files")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Hello", Kind.PROMPT),
        ([{"text": "Hello"}], Kind.PROMPT),
        ("/stats model", Kind.COMMAND),
        ("/etc/passwd is what?", Kind.PROMPT),
        ("<session_context>\nToday", Kind.META),
        (given({"output": "x"}), Kind.RESULT),
    ],
)
def test_a_users_message_is_told_from_a_machines(said: Any, kind: Kind) -> None:
    (found,) = adapters.messages(adapters.told(LOG, log(user("a", said))))

    assert found.kind is kind


@pytest.mark.parametrize(
    ("type_", "said", "kind"),
    [
        ("info", "Update available", Kind.NOTICE),
        ("info", "Request cancelled.", Kind.INTERRUPT),
        ("warning", "Careful", Kind.NOTICE),
        ("error", "Quota", Kind.FAILURE),
    ],
)
def test_notes_of_the_program_are_not_messages(type_: str, said: str, kind: Kind) -> None:
    facts = adapters.told(LOG, log({"id": "a", "type": type_, "content": said}))
    (found,) = adapters.messages(facts)

    assert (found.kind, found.blocks[0].kind) == (kind, BlockKind.NOTE)
    assert adapters.counted(facts).messages == 0


def test_parts_of_every_kind_are_read() -> None:
    parts = [
        "plain",
        {"text": "hm", "thought": True},
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
        {"functionCall": {"name": "ls", "args": {"dir": "x"}}},
        {"functionResponse": {"id": "k", "response": {"error": {"code": 1}}}},
        {"fileData": {"fileUri": "gs://a"}},
        {"novel": 1},
    ]
    (found,) = adapters.messages(
        adapters.told(DOCUMENT, [({"role": "model", "parts": parts}, "history")])
    )

    assert [block.kind for block in found.blocks] == [
        BlockKind.REPLY, BlockKind.THINKING, BlockKind.IMAGE, BlockKind.CALL, BlockKind.RESULT,
        BlockKind.NOTE, BlockKind.OTHER,
    ]  # fmt: skip
    assert found.uuid == "0"


def test_the_work_of_an_agent_is_in_its_own_lane() -> None:
    header = HEADER | {"kind": "subagent", "parentSessionId": "up", "directories": ["/home/ada"]}
    facts = adapters.told(LOG, log(header, user("a")))
    (found,) = adapters.messages(facts)

    assert facts[0].setting == Setting(cwd="/home/ada", trunk="up")
    assert (found.kind, found.sidechain, found.agent) == (Kind.TASK, True, "s")


def test_a_call_that_started_an_agent_is_linked_to_it() -> None:
    facts = adapters.told(LOG, log(reply("b", toolCalls=[call(agentId="x1")])))

    assert facts[0].links == (AgentLink("c1", "x1"),)


def test_a_kind_that_nobody_knows_is_kept() -> None:
    (facts,) = adapters.told(LOG, log({"id": "a", "type": "novel"}))

    assert not facts.known
    assert facts.unknown is not None


def test_files_are_recognised() -> None:
    document = HEADER | {"messages": [user("a")]}
    history = {"history": [{"role": "model", "parts": []}]}
    assert DOCUMENT.detect(adapters.sample(DOCUMENT, "a.json", document)).points > 85
    assert DOCUMENT.detect(adapters.sample(DOCUMENT, "a.json", history)).points == 60
    assert LOG.detect(adapters.sample(LOG, "a.jsonl", HEADER, user("a"))).points > 85
    assert LOG.detect(adapters.sample(LOG, "a.jsonl", user("a"), {"$set": {}})).points == 75

    other = {"type": "user", "uuid": "u", "sessionId": "s", "message": {}}
    for form, records in ((DOCUMENT, ({"a": 1},)), (LOG, (other,)), (DOCUMENT, ()), (LOG, ())):
        assert form.detect(adapters.sample(form, "a", *records)) == NO


def test_no_value_makes_the_reader_raise() -> None:
    done = call(status="success", result=[*given({"output": "x"}), {"inlineData": {"data": "A"}}])
    one = reply(
        "b", [{"text": "x"}], thoughts=[{"subject": "s"}], tokens={"input": 1}, toolCalls=[done]
    )
    for data in (one, HEADER, {"$set": {"messages": [user("a")]}}, {"$rewindTo": "a"}):
        for odd in adapters.spoilt(data):
            adapters.told(LOG, log(user("a"), odd, reply("b", "y")))
            adapters.told(DOCUMENT, [(odd, ""), (odd, "messages"), (odd, "messages")])
    for odd in adapters.spoilt(
        {"chain": [["a", "b"]], "told": {"b": {"pieces": 1, "calls": ["x"]}}}
    ):
        adapters.goes_on(LOG, log(one), odd)


@pytest.mark.parametrize("path", adapters.fixtures("gemini/*.json*"), ids=lambda path: path.name)
def test_public_files_are_counted_alike(path: Path) -> None:
    if path.suffix == ".jsonl":
        assert adapters.counted(adapters.read_file(LOG, path)) == gemini_lines.count(path)
    else:
        assert adapters.counted(adapters.read_file(DOCUMENT, path)) == gemini.count(path)
