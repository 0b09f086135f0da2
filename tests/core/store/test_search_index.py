"""Texts go into the full-text index together, whatever their order, number and size."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model import BlockKind
from core.store import search_index
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.store.rows import Rows
from core.store.search_index import SearchIndex, column

FIELDS = ("prompt", "reply", "thinking", "input", "output", "note")
KINDS = tuple(kind for kind in BlockKind if column(kind) < len(FIELDS))
TEXTS = st.text(st.sampled_from("ab é漢😀"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    found=st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(KINDS), TEXTS, st.booleans()), max_size=12
    ),
    most=st.integers(0, 20),
)
def test_every_text_is_found_in_its_column_at_its_block(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    found: list[tuple[int, BlockKind, str, bool]],
    most: int,
) -> None:
    monkeypatch.setattr(search_index, "_MOST", most)
    with closing(open_writer(tmp_path / "l.clew")) as db:
        migrate(db, tmp_path / "l.clew")
        db.execute("BEGIN")
        index, rows, said, block = SearchIndex(db), Rows(3), list[tuple[int, str]](), 0
        for step, kind, text, packed in found:  # blocks that follow on each other, or do not
            block += step
            word = f"{text} word{block}"
            rows.add((block, column(kind), word.encode() if packed else word))
            said.append((block + 100, FIELDS[column(kind)]))
        index.add(rows, base=100)
        index.flush()

        asked = "SELECT rowid FROM search WHERE search MATCH ?"
        for id_, field in said:
            where = [
                (f, [r for (r,) in db.execute(asked, (f"{f}:word{id_ - 100}",))]) for f in FIELDS
            ]
            assert [(f, rows) for f, rows in where if rows] == [(field, [id_])]
        assert db.execute("SELECT count(*) FROM search_docsize").fetchone() == (len(said),)
        db.execute("ROLLBACK")


def test_texts_of_one_transaction_are_one_statement_and_one_piece(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        migrate(db, tmp_path / "l.clew")
        statements: list[str] = []
        index, rows = SearchIndex(db), Rows(3)
        for block in range(1, 500):
            rows.add((block, 0, f"word{block} " * 400))  # as much as goes in together
        db.execute("BEGIN")
        index.add(rows)
        db.set_trace_callback(statements.append)
        index.flush()
        db.set_trace_callback(None)
        db.execute("COMMIT")

        assert len([one for one in statements if "INSERT INTO search (rowid" in one]) == 1
        assert db.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone() == (1,)
