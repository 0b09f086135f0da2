"""A: one API reply that was written as several lines, its output growing from 5 to 631."""

from pathlib import Path

import pytest

from core.queries import transcript
from tests import builders as b
from tests.core.acceptance.conftest import Clew


def split(root: Path) -> Path:
    early, late = b.usage(output=5), b.usage(output=631)
    return b.write(
        root / f"{b.SESSION}.jsonl",
        b.prompt("p1", "what is here?", at=1),
        b.thinks("a1", "I should look", "p1", api="m1", usage=early, at=2),
        b.says("a2", "I look.", "a1", api="m1", usage=early, at=3),
        b.attachment("h1", "a2", at=3),  # put in while the reply was still coming
        b.calls("a3", "t1", "Glob", {"pattern": "*"}, "h1", api="m1", usage=late, stop="x", at=4),
        b.answers("r1", "t1", "a.py", "a3", at=5),
        b.says("a4", "One file.", "r1", api="m2", usage=b.usage(output=20), stop="end_turn", at=6),
    )


def test_the_lines_of_a_reply_are_one_reply_with_its_last_count(clew: Clew) -> None:
    split(clew.root)

    told = clew.import_()

    assert (told["replies"], told["messages"], told["tool_calls"]) == (2, 6, 1)
    assert clew.stats()["tokens"] == {
        "claude-opus-4-6": {"input": 20, "output": 651, "cache_read": 200, "cache_creation": 40}
    }


def test_the_pieces_of_a_reply_stay_together_and_its_usage_is_told_once(clew: Clew) -> None:
    split(clew.root)
    clew.import_()

    messages = clew.show()["messages"]

    assert [m["reply"] for m in messages] == [None, "m1", "m1", "m1", None, "m2"]
    assert [m["usage"] and m["usage"]["output"] for m in messages] == [
        None, None, None, 631, None, 20,
    ]  # fmt: skip
    assert {m["branch"] for m in messages} == {0}
    with clew.reader() as db:
        rows = transcript.rows(db, transcript.spine(db, 1).ids)
    assert [row.text for row in rows] == [
        "what is here?", "I should look", "I look.", "*", "One file.",
    ]  # fmt: skip
    assert len({row.reply_id for row in rows[1:4]}) == 1
    assert rows[4].reply_id != rows[3].reply_id


@pytest.mark.parametrize("cut", range(1, 7))
def test_a_reply_that_arrives_in_two_pieces_is_still_one(cut: int, clew: Clew) -> None:
    path = split(clew.root)
    lines = path.read_bytes().splitlines(keepends=True)
    b.write(path, *lines[:cut])
    clew.import_()
    b.append(path, *lines[cut:])
    clew.import_()

    assert clew.output() == 651
    assert clew.stats()["replies"] == 2
