"""Pieces of the full-text index: left by an import, merged behind it, searched all the while."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core import importing
from core.queries import search
from core.store import merging
from core.store.connection import open_writer
from tests import builders as b
from tests.library import imports, sound, writing

FILES = 30


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for number in range(FILES):
        said = [b.prompt(f"{number}-{n}", f"word{n} of file {number}") for n in range(5)]
        b.write(tmp_path / "logs" / f"{number}.jsonl", *b.of(f"s{number}", *said))
    return tmp_path / "logs"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is a transaction of its own, and any import of two files is long."""
    monkeypatch.setattr("core.store.writer.FULL_RECORDS", 1)
    monkeypatch.setattr(importing, "_MUCH", 100)


@pytest.fixture
def db(tmp_path: Path, logs: Path, apart: None) -> Iterator[Connection]:
    imports(tmp_path / "l.clew", logs)
    with closing(open_writer(tmp_path / "l.clew")) as found:
        yield found


def pieces(db: Connection) -> int:
    return int(db.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()[0])


def standing(db: Connection) -> dict[str, int]:
    return dict(db.execute("SELECT k, v FROM search_config WHERE k LIKE '%merge'"))


def found(db: Connection) -> int:
    return len(search.find(db, "word3", limit=100).hits)


def test_a_long_import_leaves_a_piece_for_each_transaction(db: Connection) -> None:
    assert pieces(db) > FILES / 2
    assert merging.is_put_off(db)
    assert found(db) == FILES


def test_what_was_left_becomes_one_piece_and_later_ones_are_merged_as_ever(
    db: Connection, tmp_path: Path
) -> None:
    while merging.step(db):
        pass

    assert pieces(db) == 1
    assert standing(db) == {"automerge": 4, "crisismerge": 16}
    assert found(db) == FILES
    assert sound(tmp_path / "l.clew")


def test_merging_goes_on_where_it_stopped(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_SLICE", 1)
    assert merging.step(db)
    assert merging.is_put_off(db)
    db.close()

    with closing(open_writer(tmp_path / "l.clew")) as again:
        slices = 0
        while merging.step(again):
            slices += 1

        assert slices >= 1
        assert pieces(again) == 1


def test_a_short_import_puts_nothing_off(tmp_path: Path, logs: Path) -> None:
    imports(tmp_path / "l.clew", logs)

    with closing(open_writer(tmp_path / "l.clew")) as db:
        assert not merging.is_put_off(db)
        assert not merging.step(db)


def test_an_import_that_leaves_very_many_pieces_merges_some_in_between(
    tmp_path: Path,
    logs: Path,
    apart: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(merging, "MANY", 6)
    imports(tmp_path / "l.clew", logs)

    with closing(open_writer(tmp_path / "l.clew")) as db:
        assert pieces(db) <= 10
        assert found(db) == FILES


def test_what_is_put_off_in_a_transaction_that_is_undone_is_not(tmp_path: Path) -> None:
    with writing(tmp_path / "l.clew") as (db, _):
        db.execute("BEGIN")
        merging.put_off(db)
        assert merging.is_put_off(db)
        db.execute("ROLLBACK")

        assert not merging.is_put_off(db)
