"""Upkeep in slices: free pages go, the index is brought together, and nothing is lost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.store import optimising
from core.store.connection import WritingConnection, open_reader, open_writer
from tests import builders as b
from tests.library import dump, imports, sound


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for number in range(30):
        said = [b.prompt(f"{number}-{n}", f"word{n} of file {number}") for n in range(20)]
        imports(
            tmp_path / "l.clew", b.write(tmp_path / f"{number}.jsonl", *b.of(f"s{number}", *said))
        )
    return tmp_path / "l.clew"


@pytest.fixture
def db(library: Path) -> Iterator[WritingConnection]:
    with closing(open_writer(library)) as found:
        yield found


def seen(library: Path) -> object:
    with closing(open_reader(library)) as db:
        return dump(db)


def test_free_pages_are_given_back_some_at_a_time(
    db: WritingConnection, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimising, "_VACUUM_PAGES", 50)
    db.execute("CREATE TABLE large AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
               "FROM n LIMIT 300) SELECT zeroblob(3900) AS x FROM n")  # fmt: skip
    db.execute("DROP TABLE large")
    free = optimising.free_pages(db)
    assert free > 250
    db.checkpoints.run("TRUNCATE")
    size = library.stat().st_size

    steps = list(optimising.compacted(db))
    db.checkpoints.run("TRUNCATE")

    assert [step.done for step in steps] == [50 * number for number in range(len(steps))]
    assert {step.total for step in steps} == {free}
    assert optimising.free_pages(db) == 0
    assert library.stat().st_size == size - free * 4096


def test_many_free_pages_go_and_a_few_stay_for_what_is_to_come(
    db: WritingConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimising, "_VACUUM_PAGES", 50)
    while optimising.loosened(db):
        pass
    db.execute("CREATE TABLE large AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
               "FROM n LIMIT 300) SELECT zeroblob(3900) AS x FROM n")  # fmt: skip
    assert not optimising.loosened(db)
    db.execute("DROP TABLE large")
    steps = 0
    while optimising.loosened(db):
        steps += 1

    assert steps >= 5
    assert 0 < optimising.free_pages(db) <= 50


def test_what_is_left_of_a_stopped_compaction_can_be_done_later(
    db: WritingConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimising, "_VACUUM_PAGES", 50)
    db.execute("CREATE TABLE large AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
               "FROM n LIMIT 300) SELECT zeroblob(3900) AS x FROM n")  # fmt: skip
    db.execute("DROP TABLE large")
    free = optimising.free_pages(db)
    steps = optimising.compacted(db)
    next(steps)
    next(steps)

    assert optimising.free_pages(db) == free - 50
    for _step in optimising.compacted(db):
        pass
    assert optimising.free_pages(db) == 0


def test_upkeep_changes_nothing_that_anybody_sees(db: WritingConnection, library: Path) -> None:
    before = seen(library)

    for steps in (optimising.statistics, optimising.merged, optimising.rebuilt):
        assert len(list(steps(db))) >= 1
    list(optimising.emptied(db.checkpoints))

    assert seen(library) == before
    assert sound(library)


def test_statistics_are_there_afterwards(db: WritingConnection) -> None:
    list(optimising.statistics(db))

    assert db.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] > 10


def test_an_index_that_is_in_one_piece_is_left_alone(db: WritingConnection) -> None:
    list(optimising.merged(db))
    before = db.total_changes

    assert len(list(optimising.merged(db))) == 1
    assert db.total_changes - before < 2
