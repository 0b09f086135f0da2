from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from core.queries.turns import TURN, Turn, turn_of
from tests import builders as b
from tests.library import imported


def row_id(db: Connection, uuid: str) -> int:
    found: int = db.execute("SELECT id FROM message WHERE uuid = ?", (uuid,)).fetchone()[0]
    return found


def test_a_message_belongs_to_the_last_prompt_above_it(tmp_path: Path) -> None:
    b.write(
        tmp_path / "logs" / "a.jsonl",
        b.prompt("p1"),
        b.says("r1", parent="p1", at=1),
        b.prompt("p2", parent="r1", at=2),
        b.calls("r2", "k", parent="p2", at=3),
        b.answers("r3", "k", parent="r2", at=4),
    )
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        first, second = row_id(db, "p1"), row_id(db, "p2")

        assert turn_of(db, row_id(db, "r1")) == Turn(first, "")
        assert turn_of(db, second) == Turn(second, "")
        assert turn_of(db, row_id(db, "r3")) == Turn(second, "")
        assert turn_of(db, 999_999) == Turn(0, "")


def test_a_message_of_an_agent_names_its_lane(tmp_path: Path) -> None:
    agent = b.lane("abc", b.prompt("t1"), b.says("t2", parent="t1", at=1))
    b.write(tmp_path / "logs" / b.SESSION / "subagents" / "agent-abc.jsonl", *agent)
    b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p1"), b.says("r1", parent="p1"))
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert turn_of(db, row_id(db, "t2")).agent == "abc"


def test_finding_the_turn_is_a_walk_along_one_index(tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {TURN}", {"message": 1})]

    assert "SEARCH mark USING INDEX message_by_session (session_id=? AND id<?)" in plan
