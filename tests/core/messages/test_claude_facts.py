"""What a tool's own account of its result adds: facts for its card, and the whole text."""

import json
from typing import Any

import pytest

from core.messages import claude_code
from core.messages.claude_facts import MOST_DETAIL
from core.model import Block, Place
from core.records.decode import Record
from tests import builders as b

HUNK = {"oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 1, "lines": ["-a", "+b"]}
PERSISTED = (
    "<persisted-output>\nOutput too large (9KB). Full output saved to: "
    "C:\\Users\\Ada\\tool-results\\t2.txt\n\nPreview (first 2KB):\nx"
)
BIG = "x" * (MOST_DETAIL + 1)


def block(extra: object, said: object = "done") -> Block:
    record = b.answers("r", "t1", said, toolUseResult=extra)
    found = claude_code.facts(Record(Place(1, 0, 1), record)).message
    assert found is not None
    return found.blocks[0]


def kept(**extra: Any) -> dict[str, Any]:
    found = block(extra).result
    assert found is not None
    return json.loads(found.detail) if found.detail else {}


CARDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"stdout": "", "interrupted": False, "isImage": False}, {}),
    ({"backgroundTaskId": "b1", "backgroundedByUser": True, "timedOutAfterMs": 5},
     {"backgroundTaskId": "b1", "backgroundedByUser": True, "timedOutAfterMs": 5}),
    ({"gitOperation": {"pr": {"number": 4, "url": "u"}}},
     {"gitOperation": {"pr": {"number": 4, "url": "u"}}}),
    ({"structuredPatch": [HUNK], "originalFile": "all of it", "userModified": False},
     {"structuredPatch": [HUNK]}),
    ({"type": "create", "filePath": "/a", "content": "all", "structuredPatch": []},
     {"type": "create"}),
    ({"type": "text", "file": {"filePath": "/a", "content": "all", "numLines": 5,
                               "startLine": 7, "totalLines": 90}},
     {"type": "text",
      "file": {"filePath": "/a", "startLine": 7, "numLines": 5, "totalLines": 90}}),
    ({"type": "image", "file": {"base64": "x", "type": "image/png", "originalSize": 9,
                                "dimensions": {"originalWidth": 3}}},
     {"type": "image", "file": {"type": "image/png", "originalSize": 9,
                                "dimensions": {"originalWidth": 3}}}),
    ({"mode": "content", "filenames": ["a"], "numFiles": 0, "appliedLimit": 9},
     {"mode": "content", "filenames": ["a"], "numFiles": 0, "appliedLimit": 9}),
    ({"oldTodos": [{"content": "x", "status": "pending", "odd": []}], "newTodos": []},
     {"oldTodos": [{"content": "x", "status": "pending"}]}),
    ({"questions": [], "answers": {"Which?": "This", "odd": []}, "annotations":
      {"Which?": {"notes": "n"}}},
     {"answers": {"Which?": "This"}, "annotations": {"Which?": {"notes": "n"}}}),
    ({"task": {"id": "1", "subject": "s", "output": "long"}},
     {"task": {"id": "1", "subject": "s"}}),
    ({"tasks": [{"id": "1", "subject": "s", "status": "open", "blockedBy": []}]},
     {"tasks": [{"id": "1", "subject": "s", "status": "open"}]}),
    ({"statusChange": {"from": "a", "to": "b"}, "taskId": "1", "updatedFields": ["status", 5]},
     {"statusChange": {"from": "a", "to": "b"}, "taskId": "1", "updatedFields": ["status"]}),
    ({"query": "q", "durationSeconds": 1.5, "searchCount": 2, "results":
      [{"tool_use_id": "s", "content": [{"title": "T", "url": "u", "x": 1}]}, "text"]},
     {"durationSeconds": 1.5, "searchCount": 2, "results": [{"title": "T", "url": "u"}]}),
    ({"commandName": "tidy", "success": True, "allowedTools": ["Read"]},
     {"commandName": "tidy", "success": True, "allowedTools": ["Read"]}),
    ({"operation": "hover", "resultCount": 2, "fileCount": 1},
     {"operation": "hover", "resultCount": 2, "fileCount": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "expected"), CARDS)
def test_of_each_tools_facts_those_for_its_card_are_kept(
    extra: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert kept(**extra) == expected


def test_what_is_kept_is_bounded() -> None:
    patch = [HUNK | {"lines": [BIG]}]

    assert kept(structuredPatch=patch, numFiles=3) == {"numFiles": 3}
    assert kept(status="s" * 9999, code=200) == {"code": 200}
    assert len(kept(filenames=["a"] * 9999)["filenames"]) == 100


@pytest.mark.parametrize(
    "extra",
    [
        {"stdout": "the whole", "stderr": "text"},
        {"result": "the whole\ntext"},
        {"mode": "content", "numFiles": 1, "content": "the whole\ntext"},
        {"agentId": "a1", "content": [{"type": "text", "text": "the whole\ntext"}]},
        {"retrieval_status": "success", "task": {"output": "the whole\ntext", "status": "x"}},
        {"retrieval_status": "success", "task": {"output": "cut", "result": "the whole\ntext"}},
        {"plan": "the whole\ntext", "isAgent": False},
        [{"type": "text", "text": "the whole\ntext"}],
    ],
)
def test_the_whole_text_is_shown_where_the_model_saw_less(extra: object) -> None:
    assert block(extra, "cut").text == "the whole\ntext"
    assert block(extra, "longer than all of that").text == "longer than all of that"


def test_the_file_that_was_written_is_not_the_result() -> None:
    extra = {"type": "create", "filePath": "/a", "content": "all of the file", "originalFile": BIG}

    assert block(extra, "created").text == "created"


@pytest.mark.parametrize(
    ("extra", "said", "name"),
    [
        ({"persistedOutputPath": "/home/ada/.claude/x/tool-results/t1.txt"}, "x", "t1.txt"),
        ({}, PERSISTED, "t2.txt"),
        ({}, "I saw <persisted-output>\nOutput saved to: /t3.txt\n", ""),
        ({"persistedOutputPath": "/a/.."}, "x", ""),
        ({"persistedOutputPath": "/a/"}, "x", ""),
        ({"persistedOutputPath": 5}, "x", ""),
    ],
)  # fmt: skip
def test_output_in_a_file_of_its_own_is_named_without_its_folders(
    extra: dict[str, Any], said: str, name: str
) -> None:
    found = block(extra, said).result
    assert found is not None
    assert found.persisted == name


@pytest.mark.parametrize("odd", [None, 5, "text", [], [5], {"file": 5, "task": [], "results": {}}])
def test_an_account_of_any_shape_leaves_the_result_as_it_is(odd: object) -> None:
    found = block(odd)

    assert found.text == "done"
    assert found.result is not None
    assert found.result.detail == ""
