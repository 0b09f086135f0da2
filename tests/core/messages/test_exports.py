"""Exports of Claude.ai and ChatGPT: many conversations in one file, with all branches."""

import json
from pathlib import Path, PurePath
from typing import Any

import pytest

from core.messages import chatgpt_export, claude_export
from core.messages.format import Format, Framing, Sample
from core.model import BlockKind, Facts, Kind, Message, Outcome, Place
from core.records.decode import Record
from tests.independent import exports as independent

CLAUDE, CHATGPT = claude_export.FORMAT, chatgpt_export.FORMAT
ROOT = "00000000-0000-4000-8000-000000000000"


def read(format_: Format, data: dict[str, Any]) -> list[Facts]:
    return list(format_.read(Record(Place(1, 0, 1), data), {})[0])


def messages(format_: Format, data: dict[str, Any]) -> list[Message]:
    return [facts.message for facts in read(format_, data) if facts.message]


def said(uuid: str, sender: str, text: str, **more: Any) -> dict[str, Any]:
    at = "2026-01-01T00:00:00Z"
    return {"uuid": uuid, "sender": sender, "text": text, "created_at": at, **more}


def claude(*chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"uuid": "conv-1", "name": "Sea", "chat_messages": list(chat), **more}


def test_a_claude_conversation_is_a_session_of_its_own() -> None:
    call = {"type": "tool_use", "id": None, "name": "look", "input": {"at": "sea"}}
    result = {"type": "tool_result", "tool_use_id": None, "content": "no", "is_error": True}
    head, *rest = read(
        CLAUDE,
        claude(
            said("a", "human", "hi", attachments=[{"file_name": "f", "extracted_content": "x"}]),
            said("b", "assistant", "", content=[call, result, {"type": "text", "text": "yo"}]),
        ),
    )

    assert (head.kind, head.part) == ("conversation", "conv-1")
    assert head.setting is not None
    assert head.setting.ai_title == "Sea"
    assert {facts.part for facts in rest} == {"conv-1"}
    asks, answers = (facts.message for facts in rest)
    assert asks is not None
    assert answers is not None
    assert [b.text for b in asks.blocks] == ["f\nx", "hi"]
    assert (asks.kind, answers.kind, answers.parent) == (Kind.PROMPT, Kind.REPLY, "a")
    one, two, three = answers.blocks
    assert one.call is not None
    assert two.result is not None
    assert two.result.key == one.call.key
    assert (two.result.outcome, three.text) == (Outcome.ERROR, "yo")


def test_a_claude_message_that_was_edited_keeps_both_branches() -> None:
    found = messages(
        CLAUDE,
        claude(
            said("a", "human", "hi", parent_message_uuid=ROOT),
            said("b", "assistant", "yo", parent_message_uuid="a"),
            said("c", "human", "one", parent_message_uuid="b"),
            said("d", "human", "two", parent_message_uuid="b"),
        ),
    )

    assert [m.parent for m in found] == ["", "a", "b", "b"]


def test_one_claude_conversation_alone_is_read_item_by_item() -> None:
    head = {"uuid": "conv-1", "name": "Sea", "model": "m"}
    facts, memory = CLAUDE.read(Record(Place(1, 0, 1), head), {})
    assert facts[0].part == "conv-1"
    item = Record(Place(2, 9, 1), said("b", "assistant", "yo"), "chat_messages")
    (told,), memory = CLAUDE.read(item, memory)

    assert told.message is not None
    assert told.message.reply is not None
    assert (told.part, told.message.reply.model, memory["last"]) == ("conv-1", "m", "b")


def node(parent: str | None, role: str, *parts: object, **more: Any) -> dict[str, Any]:
    content = more.pop("content", {"content_type": "text", "parts": list(parts)})
    message = {"author": {"role": role}, "create_time": 1_767_225_600.5, "content": content}
    return {"parent": parent, "children": [], "message": {**message, **more}}


def chatgpt(mapping: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Sea", "conversation_id": "conv-2", "mapping": mapping, **more}


def test_a_chatgpt_tree_keeps_every_branch() -> None:
    tree = {
        "root": {"parent": None, "children": ["sys"], "message": None},
        "sys": {**node("root", "system", ""), "children": ["q"]},
        "q": {**node("sys", "user", "hi"), "children": ["a1", "a2"]},
        "a2": node("q", "assistant", "second", metadata={"model_slug": "m"}),
        "a1": {**node("q", "assistant", "first"), "children": ["q2"]},
        "q2": node("a1", "user", "on"),
    }
    head, *rest = read(CHATGPT, chatgpt(tree, current_node="a2"))
    found = [facts.message for facts in rest if facts.message]

    assert [m.blocks[0].text for m in found] == ["hi", "first", "on", "second"]
    assert [m.parent for m in found] == ["", "conv-2/q", "conv-2/a1", "conv-2/q"]
    assert head.setting is not None
    assert (head.setting.leaf, head.setting.ai_title) == ("conv-2/a2", "Sea")
    assert found[0].at == 1_767_225_600_500
    assert found[3].reply is not None
    assert found[3].reply.model == "m"


def test_chatgpts_tools_answer_the_call_above_them() -> None:
    ran = {"content_type": "execution_output", "text": "42"}
    broke = {"content_type": "system_error", "name": "Timeout", "text": "too slow"}
    code = {"content_type": "code", "text": "6*7"}
    tree = {
        "c": node(None, "assistant", content=code, recipient="python"),
        "r": node("c", "tool", content=ran),
        "e": node("r", "tool", content=broke),
        "o": node(None, "tool", "nobody asked"),
    }
    call, result, error, orphan = messages(CHATGPT, chatgpt(tree))

    assert call.blocks[0].call is not None
    assert call.blocks[0].call.tool == "python"
    answers = [m.blocks[0].result for m in (result, error, orphan)]
    assert [(a.key, a.outcome) for a in answers if a] == [
        (call.uuid, Outcome.OK),
        (call.uuid, Outcome.ERROR),
        ("", Outcome.OK),
    ]


def test_every_kind_of_chatgpt_content_is_shown() -> None:
    image = {"content_type": "image_asset_pointer", "asset_pointer": "file-1"}
    spoken = {"content_type": "audio_transcription", "text": "hum"}
    sound = {"content_type": "audio_asset_pointer", "asset_pointer": "file-2"}
    thoughts = {"content_type": "thoughts", "thoughts": [{"content": "hm"}]}
    about = {"content_type": "user_editable_context", "user_profile": "I sail."}
    hidden = {"is_visually_hidden_from_conversation": True}
    tree = {
        "a": node(None, "user", "see", image, spoken, sound, {"content_type": "smell"}),
        "b": node("a", "assistant", content=thoughts),
        "c": node("b", "assistant", content={"content_type": "hologram", "size": 3}),
        "d": node("c", "user", content=about),
        "e": node("d", "user", "machine", metadata=hidden),
        "f": node("e", "assistant", content={"content_type": "reasoning_recap", "content": "4 s"}),
    }
    found = messages(CHATGPT, chatgpt(tree))

    kinds = [BlockKind.PROMPT, BlockKind.IMAGE, BlockKind.PROMPT, BlockKind.NOTE, BlockKind.OTHER]
    assert [b.kind for b in found[0].blocks] == kinds
    rest = [m.blocks[0].kind for m in found[1:]]
    note = BlockKind.NOTE
    assert rest == [BlockKind.THINKING, BlockKind.OTHER, note, note, note]
    assert [m.kind for m in found[3:5]] == [Kind.META, Kind.META]


def test_a_circle_in_a_tree_is_read_once() -> None:
    tree = {"a": node("b", "user", "x"), "b": node("a", "user", "y"), "c": node("c", "user", "z")}

    assert sorted(m.blocks[0].text for m in messages(CHATGPT, chatgpt(tree))) == ["x", "y", "z"]


def test_a_tree_may_be_deep() -> None:
    tree = {str(n): node(str(n - 1) if n else None, "user", "x") for n in range(5000)}

    assert len(messages(CHATGPT, chatgpt(tree))) == 5000


@pytest.mark.parametrize("format_", [CLAUDE, CHATGPT])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"uuid": 3, "chat_messages": "x", "mapping": "y"},
        {"uuid": "u", "chat_messages": [None, 3, {"content": [None, 3], "files": [1]}]},
        {"mapping": {"a": None, "b": {"message": 3, "children": [1, "a", "zz"], "parent": 4}}},
        {"mapping": {"a": {"message": {"author": {"role": "user"}, "content": [1]}}}},
        {"mapping": {"a": {"message": {"author": {"role": "tool"}, "content": None}}}},
    ],
)
def test_wrong_types_never_raise(format_: Format, data: dict[str, Any]) -> None:
    for section in ("", "chat_messages"):
        for memory in ({}, {"n": "x", "part": 3}):
            facts, _ = format_.read(Record(Place(1, 0, 1), data, section), memory)
            assert facts


def test_detection_asks_for_the_messages() -> None:
    def points(format_: Format, data: dict[str, Any]) -> int:
        shown = Sample(PurePath("conversations.json"), Framing.DOCUMENT, (data,), listed=True)
        return format_.detect(shown).points

    tree = chatgpt({"a": node(None, "user", "x")})
    assert points(CLAUDE, claude()) >= 85
    assert points(CHATGPT, tree) >= 85
    assert not points(CLAUDE, tree)
    assert not points(CHATGPT, claude())
    assert not points(CHATGPT, {"mapping": {"a": "b"}})


def test_exports_are_counted_as_json_alone_counts_them(tmp_path: Path) -> None:
    call: dict[str, Any] = {"type": "tool_use", "id": "t", "name": "look", "input": {}}
    chats = [claude(said("a", "human", "x"), said("b", "assistant", "", content=[call]))]
    trees = [chatgpt({"a": node(None, "user", "x"), "b": node("a", "assistant", "y")})]
    for format_, whole in ((CLAUDE, chats), (CHATGPT, trees)):
        path = tmp_path / "conversations.json"
        path.write_text(json.dumps(whole), "utf-8")
        expected = independent.count(path)
        found = [m for one in whole for m in messages(format_, one)]
        assert sum(m.record in {"user", "assistant"} for m in found) == expected.messages
        assert sum(m.kind is Kind.PROMPT for m in found) == expected.prompts
        assert sum(b.call is not None for m in found for b in m.blocks) == expected.tool_calls
