"""What OpenCode's exports and its tree of files say."""

from pathlib import Path
from typing import Any

import pytest

from core.messages.format import NO
from core.messages.opencode import FORMATS
from core.model import AgentLink, BlockKind, Kind, Outcome, Setting, Usage
from tests import adapters
from tests.independent import opencode_storage

EXPORT, TREE = FORMATS
SESSION = {
    "id": "ses_1", "projectID": "p", "directory": "/home/ada", "title": "Look", "version": "1.2.3",
    "time": {"created": 1_767_225_600_000},
}  # fmt: skip


def user(id_: str = "msg_1", **more: Any) -> dict[str, Any]:
    return {"id": id_, "role": "user", "time": {"created": 1_767_225_601_000}} | more


def reply(id_: str = "msg_2", **more: Any) -> dict[str, Any]:
    return {"id": id_, "role": "assistant", "time": {"created": 1_767_225_602_000}} | more


def text(said: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": said} | more


def tool(**state: Any) -> dict[str, Any]:
    return {"type": "tool", "tool": "bash", "callID": "c1", "state": {"input": {"a": "ls"}} | state}


def export(*pairs: Any, session: Any = None) -> list[tuple[Any, str]]:
    said = [({"info": info, "parts": parts}, "messages") for info, parts in pairs]
    return [({"info": session or SESSION}, ""), *said]


def test_an_export_and_a_tree_give_the_same_messages() -> None:
    parts = [{"type": "reasoning", "text": "Where?"}, tool(status="completed", output="a.txt")]
    pairs = ((user(), [text("What is here?")]), (reply(), parts))
    tree: list[tuple[Any, str]] = [(SESSION, "session")]
    for info, some in pairs:
        tree += [(part | {"messageID": info["id"]}, "part") for part in some]
        tree.append((info, "message"))
    exported = adapters.messages(adapters.told(EXPORT, export(*pairs)))
    stored = adapters.messages(adapters.told(TREE, tree))

    assert [(m.uuid, m.parent, m.blocks) for m in exported] == [
        (m.uuid, m.parent, m.blocks) for m in stored
    ]
    assert [(m.kind, m.parent) for m in exported] == [(Kind.PROMPT, ""), (Kind.REPLY, "msg_1")]
    assert [block.kind for block in exported[1].blocks] == [
        BlockKind.THINKING, BlockKind.CALL, BlockKind.RESULT,
    ]  # fmt: skip


def test_a_session_says_where_it_worked_and_which_version_it_was() -> None:
    (facts,) = adapters.told(EXPORT, export())

    assert facts.setting == Setting(cwd="/home/ada", version="1.2.3", ai_title="Look")
    assert facts.version == "1.2.3"


def test_a_part_in_the_folder_of_its_message_needs_no_id_and_strangers_wait() -> None:
    records = [
        (text("not mine", messageID="msg_9"), "part"), (text("mine"), "part"), (user(), "message"),
        (user("msg_9"), "message"),
    ]  # fmt: skip
    first, second = adapters.messages(adapters.told(TREE, records))

    assert [block.text for block in first.blocks] == ["mine"]
    assert [block.text for block in second.blocks] == ["not mine"]


def test_the_session_of_an_agent_is_a_lane_of_its_parent() -> None:
    child = SESSION | {"parentID": "ses_0"}
    facts = adapters.told(EXPORT, export((user(), [text("Go")]), (reply(), []), session=child))
    asked, _ = adapters.messages(facts)

    assert facts[0].setting is not None
    assert facts[0].setting.trunk == "ses_0"
    assert (asked.kind, asked.sidechain, asked.agent) == (Kind.TASK, True, "ses_1")


def test_a_task_call_is_linked_to_the_session_it_started() -> None:
    part = tool(status="completed", output="done", metadata={"sessionId": "ses_2"})
    facts = adapters.told(EXPORT, export((reply(), [part])))

    assert facts[1].links == (AgentLink("c1", "ses_2"),)
    assert facts[1].message is not None
    assert facts[1].message.blocks[1].result is not None
    assert facts[1].message.blocks[1].result.agent == "ses_2"


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ({"status": "completed", "output": "x"}, Outcome.OK),
        ({"status": "success", "output": "x"}, Outcome.OK),
        ({"status": "error", "error": "No such file"}, Outcome.ERROR),
        ({"status": "error", "error": "The user rejected permission to"}, Outcome.DENIED),
        ({"status": "error", "error": "Tool execution aborted"}, Outcome.INTERRUPTED),
        ({"status": "running"}, None),
    ],
)
def test_a_call_ends_as_its_state_says(state: dict[str, Any], outcome: Outcome | None) -> None:
    (found,) = adapters.messages(adapters.told(EXPORT, export((reply(), [tool(**state)]))))
    results = [block.result for block in found.blocks if block.result]

    assert [result.outcome for result in results] == ([outcome] if outcome else [])


def test_a_result_keeps_how_long_it_took_and_its_pictures() -> None:
    url = "data:image/png;base64,AAAA"
    state = {
        "status": "completed", "output": "x", "metadata": {"exit": 1},
        "time": {"start": 1_767_225_601_000, "end": 1_767_225_601_250},
        "attachments": [{"url": url, "mime": "image/png"}],
    }  # fmt: skip
    (found,) = adapters.messages(adapters.told(EXPORT, export((reply(), [tool(**state)]))))

    assert found.blocks[1].result is not None
    assert found.blocks[1].result.detail == '{"exitCode":1,"durationMs":250}'
    assert found.blocks[2].image is not None


def test_tokens_on_the_message_and_on_its_steps_are_counted_once() -> None:
    tokens = {"input": 10, "output": 5, "reasoning": 2, "cache": {"read": 100, "write": 7}}
    step = {"type": "step-finish", "tokens": tokens, "cost": 0.25}
    (one,) = adapters.messages(
        adapters.told(EXPORT, export((reply(tokens=tokens, cost=0.5), [step])))
    )
    (two,) = adapters.messages(adapters.told(EXPORT, export((reply(tokens=tokens), [step, step]))))

    assert one.reply is not None
    assert (one.reply.usage, one.reply.stated) == (Usage(10, 7, 100, 7), 500_000)
    assert two.reply is not None
    assert (two.reply.usage, two.reply.stated) == (Usage(20, 14, 200, 14), 500_000)


def test_thoughts_that_are_in_the_output_are_not_added_and_no_cost_is_none() -> None:
    tokens = {"input": 10, "output": 5, "reasoning": 2, "total": 15}
    (found,) = adapters.messages(adapters.told(EXPORT, export((reply(tokens=tokens, cost=0), []))))

    assert found.reply is not None
    assert (found.reply.usage, found.reply.stated) == (Usage(10, 5), None)


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([text("Hello")], Kind.PROMPT),
        ([], Kind.PROMPT),
        ([text("Called a tool", synthetic=True)], Kind.META),
        ([text("Hello"), text("seen", synthetic=True)], Kind.PROMPT),
        ([{"type": "compaction", "auto": True}], Kind.COMPACTION),
        ([{"type": "subtask", "prompt": "Check it", "command": "review"}], Kind.COMMAND),
        ([{"type": "file", "url": "data:image/png;base64,AAAA"}], Kind.PROMPT),
    ],
)
def test_a_users_message_is_told_from_a_machines(parts: list[Any], kind: Kind) -> None:
    (found,) = adapters.messages(adapters.told(EXPORT, export((user(), parts))))

    assert found.kind is kind


def test_a_reply_that_failed_says_so_after_what_it_said() -> None:
    aborted = {"name": "MessageAbortedError", "data": {"message": "Aborted"}}
    said, cut = adapters.messages(
        adapters.told(EXPORT, export((reply(error=aborted), [text("I am")])))
    )
    (failed,) = adapters.messages(adapters.told(EXPORT, export((reply(error={"name": "Bad"}), []))))

    assert (said.kind, cut.kind, cut.parent) == (Kind.REPLY, Kind.INTERRUPT, "msg_2")
    assert (failed.kind, failed.blocks[0].text) == (Kind.FAILURE, "Bad")


def test_a_summary_is_known_by_its_mark() -> None:
    (found,) = adapters.messages(adapters.told(EXPORT, export((reply(summary=True), [text("So")]))))

    assert found.kind is Kind.SUMMARY


def test_other_parts_are_notes_or_silent_or_kept() -> None:
    parts = [
        {"type": "agent", "name": "plan"},
        {"type": "file", "url": "file:///a", "filename": "a"},
        {"type": "retry", "error": {"name": "Busy"}},
        {"type": "retry"},
        {"type": "snapshot"},
        {"type": "patch", "files": ["a"]},
        {"type": "step-start"},
        {"type": "novel"},
    ]
    (found,) = adapters.messages(adapters.told(EXPORT, export((reply(), parts))))

    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.NOTE, "@plan"), (BlockKind.NOTE, "a"), (BlockKind.NOTE, "Tried again: Busy"),
        (BlockKind.NOTE, "Tried again"), (BlockKind.OTHER, '{"type":"novel"}'),
    ]  # fmt: skip


def test_a_role_that_nobody_knows_is_kept_and_companions_are_silent() -> None:
    *_, strange = adapters.told(EXPORT, export((user(role="novel"), [])))
    (silent,) = adapters.told(TREE, [({"content": "todo"}, "")])

    assert not strange.known
    assert silent.known


def test_files_are_recognised() -> None:
    whole = {"info": SESSION, "messages": [{"info": user(), "parts": []}]}
    empty = {"info": SESSION, "messages": []}
    found = [EXPORT.detect(adapters.sample(EXPORT, "a.json", one)).points for one in (whole, empty)]
    assert found == [95, 80]
    for path, least in (("storage/session/p/ses_1.json", 93), ("ses_1.json", 70)):
        assert TREE.detect(adapters.sample(TREE, path, SESSION)).points == least
    assert TREE.detect(adapters.sample(TREE, "storage/todo/ses_1.json", {"a": 1})).points == 60

    for form in FORMATS:
        assert form.detect(adapters.sample(form, "a.json", {"a": 1})) == NO
        assert form.detect(adapters.sample(form, "a.json")) == NO
    assert EXPORT.detect(adapters.sample(EXPORT, "a.json", {"info": SESSION})) == NO


def test_no_value_makes_the_readers_raise() -> None:
    url = {"type": "file", "url": "data:image/png;base64,AAAA"}
    parts = [text("x"), tool(status="completed", attachments=[url]), url, {"type": "step-finish"}]
    message = {"info": reply(error={"data": {"message": "x"}}, tokens={"input": 1}), "parts": parts}
    for odd in adapters.spoilt(message):
        adapters.told(EXPORT, [(odd, "messages"), (odd, "")])
    for odd in adapters.spoilt(SESSION):
        adapters.told(EXPORT, export(session=odd))
        adapters.told(
            TREE, [(odd, "session"), (odd, "part"), (odd, "message"), (user(), "message")]
        )


@pytest.mark.parametrize("path", adapters.fixtures("ses_*.json"), ids=lambda path: path.name)
def test_public_trees_are_counted_alike(path: Path) -> None:
    assert adapters.counted(adapters.read_file(TREE, path)) == opencode_storage.count(path)
