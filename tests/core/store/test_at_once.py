"""What a new library begins with is what the steps come to."""

import sqlite3
from contextlib import closing
from pathlib import Path

from core.store.connection import open_writer
from core.store.migrate import at_once, by_steps, migrate, steps
from tests.scripts import script

OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY sql <> '', rowid"
PRAGMAS = ("user_version", "application_id", "auto_vacuum", "page_size", "encoding", "journal_mode")


def told(db: sqlite3.Connection) -> tuple[object, ...]:
    """Return all there is in *db*, in the order in which it was made."""
    objects = [row for row in db.execute(OBJECTS) if not str(row[1]).startswith("sqlite_")]
    # FTS5 counts in search_data how often it was told something, and has no words yet.
    apart = {"search", "search_data"}
    tables = [name for kind, name, _, _ in objects if kind == "table" and name not in apart]
    rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    pragmas = [db.execute(f"PRAGMA {name}").fetchone() for name in PRAGMAS]
    return objects, rows, pragmas


def test_the_file_is_the_one_the_script_writes_now() -> None:
    number, sql = at_once()

    assert number == max(steps())
    assert sql == script("schema").written()


def test_a_library_made_at_once_is_the_one_that_the_steps_make(tmp_path: Path) -> None:
    with (
        closing(open_writer(tmp_path / "once.clew")) as once,
        closing(open_writer(tmp_path / "steps.clew")) as by_step,
    ):
        statements: list[str] = []
        once.set_trace_callback(statements.append)
        migrate(once, tmp_path / "once.clew")
        once.set_trace_callback(None)
        by_steps(by_step, steps())

        assert told(once) == told(by_step)
    assert not [sql for sql in statements if sql.startswith("ALTER")]
