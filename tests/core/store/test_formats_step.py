"""The step to many formats keeps every row of a library of the first schema."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import StoreError
from core.store import migrate as module
from core.store.connection import open_writer
from core.store.migrate import migrate, steps
from tests.library import imports

ROWS = """
INSERT INTO source VALUES (1, x'61', 'a', 'claude-code', 1, 1, 1, 9, 9, 9, 9, 1, x'', x'');
INSERT INTO conversation VALUES (1, 'k', 'Precious', '/p', 1, 2, 2, 2, 1, 0, 0);
INSERT INTO session (id, source_id, conversation_id, key, agent, trunk, custom_title, messages)
VALUES (7, 1, 1, 'k', '', '', 'Precious', 2);
INSERT INTO reply VALUES (3, 7, 77, 'msg', 'm', 2, 1, 1, 0, 0, 0, 0, 1, 1);
INSERT INTO message VALUES (1, 7, 11, 'u', NULL, NULL, 'user', 'prompt', 'user', 1, '', 0, NULL, 1,
    5, 1, 0, 4, '');
INSERT INTO message VALUES (2, 7, 12, 'a', 1, 11, 'assistant', 'reply', 'assistant', 2, '', 0, 3,
    1, 6, 2, 5, 4, '');
INSERT INTO message VALUES (4, 7, 14, 'v', 2, 12, 'user', 'prompt', 'user', 3, '', 0, NULL, 1, 7,
    3, 9, 4, '');
INSERT INTO block VALUES (1, 1, 7, 'prompt', 'prompt', '', 1, 5, 0);
INSERT INTO body VALUES (1, 'hello');
INSERT INTO search (rowid, prompt) VALUES (1, 'hello');
"""


def fill(db: sqlite3.Connection, step: int) -> None:
    """Make *db*, a new file, a library with `ROWS` as it was at *step*."""
    db.execute("PRAGMA foreign_keys = OFF")
    db.executescript(f"BEGIN; {steps()[1]} COMMIT; {ROWS}")
    for number in range(2, step + 1):
        db.executescript(f"BEGIN; {steps()[number]} PRAGMA user_version = {number}; COMMIT;")


def test_an_old_library_is_brought_up_to_date_with_all_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        db.executescript(f"BEGIN; {steps()[1]} PRAGMA user_version = 1; COMMIT; {ROWS}")

    with closing(open_writer(path)) as db:
        assert migrate(db, path) == max(steps()) - 1

        counts = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("source", "session", "message", "block", "body", "reply")
        }
        assert counts == {
            "source": 1, "session": 1, "message": 3, "block": 1, "body": 1, "reply": 1,
        }  # fmt: skip
        assert db.execute("SELECT id, custom_title, part FROM session").fetchone() == (
            7, "Precious", "",
        )  # fmt: skip
        # What hung on a piece of a reply hangs on the reply.
        assert db.execute("SELECT hung_on FROM message ORDER BY id").fetchall() == [
            (None,), (11,), (77,),
        ]  # fmt: skip
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert (tmp_path / f"l.clew.before-{max(steps())}").is_file()


def test_a_step_that_leaves_rows_without_their_owner_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "l.clew"
    imports(path, tmp_path / "nothing")
    bad = """
    INSERT INTO session (source_id, conversation_id, key, agent, trunk) VALUES (9, 9, 'x', '', '');
    """
    todo = steps() | {max(steps()) + 1: bad}
    monkeypatch.setattr(module, "steps", lambda: todo)

    with closing(open_writer(path)) as db, pytest.raises(StoreError, match="belong to nothing"):
        migrate(db, path)

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM session").fetchone()[0] == 0
