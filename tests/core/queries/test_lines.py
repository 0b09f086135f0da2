"""Which messages are on the main line, which on a branch; and that many branches cost little."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.queries import branch_costs, lines
from tests import builders as b
from tests.library import imported


def fan(root: Path, many: int) -> Connection:
    """Return a library with one prompt and *many* versions of the next one."""
    said = [b.prompt("p", "start")]
    said += [b.prompt(f"q{n}", f"way {n}", "p", at=10 + n) for n in range(many)]
    b.write(root / "logs" / f"{b.SESSION}.jsonl", *said)
    return imported(root / "l.clew", root / "logs")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    """A start, a branch left behind with another one in it, and the line that was gone on with."""
    agent = b.says("g", "looked", at=32)
    b.agent_file(tmp_path / "logs", b.SESSION, "ag1", agent)
    b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p", "start", at=0),
        b.says("a", "begun", "p", at=1),
        b.prompt("w", "the wrong way", "a", at=5),
        b.says("w2", "wrong", "w", at=6),
        b.prompt("x", "deeper", "w2", at=7),
        b.prompt("y", "deeper still", "w2", at=8),
        b.prompt("k", "the right way", "a", at=9),
        b.calls("c", "t", "Agent", {"description": "Look around"}, "k", at=30),
        b.answers("r", "t", "found", "c", at=40, toolUseResult={"agentId": "ag1"}),
    )
    with closing(imported(tmp_path / "l.clew", tmp_path / "logs")) as reader:
        yield reader


def row_id(db: Connection, uuid: str) -> int:
    found: int = db.execute("SELECT id FROM message WHERE uuid = ?", (uuid,)).fetchone()[0]
    return found


def uuids(db: Connection, ids: frozenset[int]) -> set[str]:
    return {
        db.execute("SELECT uuid FROM message WHERE id = ?", (id_,)).fetchone()[0] for id_ in ids
    }


def test_what_was_left_behind_is_told_from_the_main_line(db: Connection) -> None:
    assert lines.any_left(db, 1)
    left = lines.left(lines.forks(db, 1))
    assert uuids(db, lines.messages(db, left)) == {"w", "w2", "x", "y"}


def test_a_branch_holds_those_that_left_it(db: Connection) -> None:
    forks = lines.forks(db, 1)
    assert uuids(db, lines.messages(db, lines.below(forks, row_id(db, "w")))) == {
        "w", "w2", "x", "y",
    }  # fmt: skip
    assert uuids(db, lines.messages(db, lines.below(forks, row_id(db, "y")))) == {"y"}
    assert lines.below(forks, row_id(db, "p")) == ()


def test_only_messages_behind_another_are_looked_at(db: Connection) -> None:
    left = lines.left(lines.forks(db, 1))
    assert uuids(db, lines.messages(db, left, row_id(db, "w2"))) == {"x", "y"}
    assert lines.messages(db, left, row_id(db, "r")) == frozenset()


def test_branch_and_agent_say_what_they_are_about(db: Connection) -> None:
    assert lines.branch_of(db, row_id(db, "w2")) == (row_id(db, "w"), "the wrong way")
    assert lines.branch_of(db, row_id(db, "p")) == (0, "")
    assert lines.agent_title(db, 1, "ag1") == "Look around"
    assert lines.agent_title(db, 1, "nobody") == ""
    assert lines.first_of_agent(db, 1, "ag1") == row_id(db, "g")
    assert lines.first_of_agent(db, 1, "nobody") == 0


def _work(root: Path, many: int) -> int:
    """Return how many thousands of SQLite's steps the costs of *many* branches take."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(fan(root, many)) as reader:
        reader.set_progress_handler(count, 1000)
        assert len(branch_costs.branches(reader, 1)) == many
        reader.set_progress_handler(None, 0)
    return steps


def test_twice_as_many_branches_are_twice_as_much_work(tmp_path: Path) -> None:
    few, many = _work(tmp_path / "few", 300), _work(tmp_path / "many", 600)
    assert many <= 2 * few + 2
