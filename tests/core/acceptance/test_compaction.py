"""F: the history was replaced by a summary; when, why, and how large it had grown."""

import json
from typing import Any

import pytest

from core.queries import structure
from tests import builders as b
from tests.core.acceptance.conftest import Clew

WITHOUT = ("userType", "isSidechain", "cwd", "version", "gitBranch", "timestamp", "content")


def session(**mark: Any) -> list[b.Record]:
    mark = {"compactMetadata": {"trigger": "manual", "preTokens": 155_000}, **mark}
    return [
        b.prompt("p1", "a long story", at=1),
        b.says("a1", "It began in May.", "p1", at=2),
        b.boundary("c1", "a1", at=3) | mark,
        b.compacted("c2", "c1", at=4),
        b.prompt("p2", "and then?", "c2", at=5),
        b.says("a2", "It ended in June.", "p2", at=6),
    ]


def without(records: list[b.Record], key: str) -> list[b.Record]:
    """Return *records* whose boundary lacks *key*."""
    return [
        {name: value for name, value in one.items() if name != key}
        if one["type"] == "system"
        else one
        for one in records
    ]


@pytest.mark.parametrize("lacks", ["", *WITHOUT])
def test_a_compaction_is_a_landmark_with_its_trigger_and_size(lacks: str, clew: Clew) -> None:
    b.write(clew.root / f"{b.SESSION}.jsonl", *without(session(), lacks))

    told = clew.import_()

    assert (told["conversations"], told["prompts"], told["messages"]) == (1, 2, 5)
    with clew.reader() as db:
        nodes = structure.outline(db, 1)
    assert [(node.kind, node.title) for node in nodes] == [
        ("prompt", "a long story"),
        ("compaction", "Conversation compacted"),
        ("prompt", "and then?"),
    ]
    assert json.loads(nodes[1].detail) == {"trigger": "manual", "preTokens": 155_000}


def test_nothing_breaks_at_a_compaction(clew: Clew) -> None:
    b.write(clew.root / f"{b.SESSION}.jsonl", *session())
    clew.import_()

    messages = clew.show()["messages"]

    assert [(m["uuid"], m["kind"], m["branch"]) for m in messages] == [
        ("p1", "prompt", 0), ("a1", "reply", 0), ("c1", "compaction", 0), ("c2", "summary", 0),
        ("p2", "prompt", 0), ("a2", "reply", 0),
    ]  # fmt: skip
    assert [m["thread"] for m in messages] == [1, 1, 1, 1, 2, 2]
    assert clew.list()[0]["title"] == "a long story"


def test_all_that_newer_versions_say_of_a_compaction_is_kept(clew: Clew) -> None:
    facts = {"trigger": "auto", "preTokens": 167_123, "postTokens": 9_876, "durationMs": 40_321}
    more = {"preservedSegment": {"headUuid": "a1"}, "cumulativeDroppedTokens": 3}
    b.write(clew.root / f"{b.SESSION}.jsonl", *session(compactMetadata=facts | more))
    clew.import_()

    with clew.reader() as db:
        (node,) = (one for one in structure.outline(db, 1) if one.kind == "compaction")

    assert json.loads(node.detail).items() >= facts.items()


def test_a_compaction_whose_past_is_in_no_file_is_one_all_the_same(clew: Clew) -> None:
    records = [*session()[:2], *session(logicalParentUuid="gone")[2:]]
    b.write(clew.root / f"{b.SESSION}.jsonl", *records)
    clew.import_()

    assert [m["kind"] for m in clew.show()["messages"]].count("compaction") == 1
    assert len(clew.list()) == 1
