"""Texts come out of the library as they went in, however they are kept."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.queries import health
from core.store import packing
from core.store.connection import open_writer
from core.store.migrate import migrate, steps
from tests import builders as b
from tests.core.store.test_formats_step import ROWS
from tests.library import imported, shown

LONG = "All work and no play makes a dull tool. " * 40
BRIGHT = f"\x1b[31m{LONG}\x1b[0m"


@given(text=st.text(max_size=40), times=st.integers(0, 60))
def test_what_is_packed_comes_back(text: str, times: int) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        packing.register(db)
        kept = packing.Packer().packed(text * times)
        if isinstance(kept, bytes):
            assert len(kept) < len((text * times).encode())
            (kept,) = db.execute("SELECT unpacked(?)", (kept,)).fetchone()
        assert kept == text * times


def test_a_short_text_is_kept_as_it_is_and_a_long_one_is_smaller(tmp_path: Path) -> None:
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1", "short"), b.says("a1", LONG, "p1"))

    with closing(imported(tmp_path, path)) as db:
        kinds = db.execute(
            "SELECT typeof(text), length(text) FROM body_kept ORDER BY id"
        ).fetchall()
        assert [message["text"] for message in shown(db)] == ["short", LONG]

    assert kinds[0] == ("text", 5)
    assert kinds[1][0] == "blob"
    assert kinds[1][1] < len(LONG) / 4


def test_the_step_to_packed_texts_keeps_them_all(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        db.executescript(f"BEGIN; {steps()[1]} PRAGMA user_version = 1; COMMIT; {ROWS}")
        db.execute(
            "INSERT INTO block VALUES (2, 2, 7, 'reply', 'reply', '', 1, ?, 0)", (len(LONG),)
        )
        db.execute("INSERT INTO body VALUES (2, ?)", (LONG,))
        db.execute("INSERT INTO coloured VALUES (2, ?)", (BRIGHT,))
        db.execute("INSERT INTO search (rowid, reply) VALUES (2, ?)", (LONG,))

    with closing(open_writer(path)) as db:
        migrate(db, path)

        assert db.execute("SELECT id, text FROM body ORDER BY id").fetchall() == [
            (1, "hello"), (2, LONG),
        ]  # fmt: skip
        assert db.execute("SELECT id, text FROM coloured").fetchall() == [(2, BRIGHT)]
        assert db.execute("SELECT typeof(text) FROM coloured_kept").fetchone() == ("blob",)
        found = "SELECT rowid FROM search WHERE search MATCH 'dull'"
        assert db.execute(found).fetchall() == [(2,)]
        checks = {one.name: one.ok for one in health.check(db)}
        assert checks["search index"]
        assert checks["texts"]
