"""Where messages stand and how they begin, read by their ids."""

from contextlib import closing
from pathlib import Path

import pytest

from core.queries import conversations, spots
from tests import builders as b
from tests.library import imported


def _log(folder: Path) -> Path:
    b.write(
        folder / f"{b.SESSION}.jsonl",
        b.prompt("p1", "look around " * 40, at=0),
        b.calls("c1", "k1", parent="p1", at=1),
        b.answers("r1", "k1", parent="c1", at=2),
        b.boundary("x1", "r1", at=3),
        b.compacted("x2", "x1", at=4),
    )
    return folder


def test_messages_are_told_with_session_beginning_and_call(tmp_path: Path) -> None:
    with closing(imported(tmp_path / "x.clew", _log(tmp_path / "logs"))) as db:
        ids = dict(db.execute("SELECT uuid, id FROM message").fetchall())
        (row,) = conversations.page(db)
        sessions = spots.sessions(db, ids.values())
        assert set(sessions.values()) == {conversations.sessions(db, row.id)[0].id}
        assert len(spots.beginnings(db, ids.values())[ids["p1"]]) == spots.BEGINNING
        (found,) = spots.compactions(db, row.id)
        assert (found.message, found.session) == (ids["x1"], sessions[ids["x1"]])
        (call,) = db.execute("SELECT id FROM call").fetchone()
        assert spots.messages_of(db, [call]) == {call: ids["c1"]}


@pytest.mark.parametrize("sql", [spots.SESSIONS, spots.BEGINNINGS, spots.COMPACTIONS, spots.CALLS])
def test_no_table_is_scanned(tmp_path: Path, sql: str) -> None:
    with closing(imported(tmp_path / "x.clew", _log(tmp_path / "logs"))) as db:
        plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", {"ids": "[1]", "id": 1})
        scans = [str(row[3]) for row in plan if str(row[3]).startswith("SCAN")]
    assert not [line for line in scans if "json_each" not in line and "session" not in line]
