"""H: garbage between good records, and a last record that is still being written."""

from pathlib import Path

import pytest

from tests import builders as b
from tests.core.acceptance.conftest import Clew

LAST = b.line(b.says("a3", "The end.", "a2", usage=b.usage(output=9), at=9))


def damaged(root: Path, tail: bytes) -> Path:
    return b.write(
        root / f"{b.SESSION}.jsonl",
        b.prompt("p1", "go", at=1),
        b"this is not JSON\n",
        b.says("a1", "Going.", "p1", usage=b.usage(output=11), at=2),
        b'{"type":"assistant","sessionId":"x","message":{"id":\n',
        b.says("a2", "Gone.", "a1", usage=b.usage(output=22), at=3),
        tail,
    )


@pytest.mark.parametrize("kept", [1, 2, 40, len(LAST) // 2, len(LAST) - 3, len(LAST) - 2])
def test_damage_costs_itself_only_and_a_torn_end_waits(kept: int, clew: Clew) -> None:
    path = damaged(clew.root, LAST[:kept])

    told = clew.import_()

    assert (told["problems"], told["messages"], clew.output()) == (2, 3, 33)
    assert [(p["line"], p["severity"], p["excerpt"][:20]) for p in clew.show()["problems"]] == [
        (2, "error", "this is not JSON"),
        (4, "error", '{"type":"assistant",'),
    ]
    b.append(path, LAST[kept:])
    told = clew.import_()
    assert (told["problems"], told["messages"], clew.output()) == (2, 4, 42)
    assert clew.show()["messages"][-1]["text"] == "The end."


def test_a_torn_end_is_not_read_again_until_it_grows(clew: Clew) -> None:
    damaged(clew.root, LAST[:40])
    clew.import_()

    assert clew.import_()["bytes_read"] == 0


def test_the_place_of_a_problem_is_where_the_bytes_are(clew: Clew) -> None:
    path = damaged(clew.root, LAST[:40])
    clew.import_()

    content = path.read_bytes()
    for problem in clew.show()["problems"]:
        piece = content[problem["offset"] :].split(b"\n")[0].decode()
        assert piece == problem["excerpt"]
        assert content[: problem["offset"]].count(b"\n") == problem["line"] - 1
