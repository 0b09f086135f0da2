"""Large documents that change all the time."""

import itertools
from pathlib import Path

import pytest

from core import packs
from core.archiving import Archiving
from core.queries import archive
from core.resting import REST, Resting, Restlessness
from core.store.archive import Member
from tests.archives import archives, held, packs_of
from tests.library import reads, writing


def document(number: int, size: int) -> str:
    return f'[{{"role": "user", "content": "{str(number) * size}"}}]'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a document is; those here are large, for packs are small."""
    monkeypatch.setattr(packs, "MOST", 2_000)
    found = tmp_path / "logs" / "chat.json"
    found.parent.mkdir()
    return found


def test_a_document_is_begun_once_in_a_while() -> None:
    now = itertools.count(100.0, REST / 2)
    resting = Restlessness(lambda: next(now))
    resting.begin(Member(1))
    with pytest.raises(Resting) as told:
        resting.begin(Member(1))
    assert told.value.until == 100.0 + REST

    resting.begin(Member(1))
    resting.begin(Member(2))


def test_a_large_document_that_changes_all_the_time_leaves_time_for_the_rest(
    tmp_path: Path, path: Path
) -> None:
    steps = 0
    with writing(tmp_path / "l.clew") as (db, ingest):
        archiving = Archiving(db)
        for number in range(40):
            path.write_text(document(number % 10, 5_000 + number))
            reads(ingest, path)
            steps += archiving.step()
        assert not archiving.step()
        assert steps <= 4
        assert archive.figures(db).due == 1

        archives(db)  # another day
        assert held(db, path) == [path.read_bytes()]


def test_of_a_large_document_that_grew_the_state_before_goes_when_the_new_one_is_whole(
    tmp_path: Path, path: Path
) -> None:
    with writing(tmp_path / "l.clew") as (db, ingest):
        for number in (3, 4):
            path.write_text(document(number, 4_000 + number))
            reads(ingest, path)
            archives(db)

        assert held(db, path) == [path.read_bytes()]
        assert held(db, path, newest=False) == []
        assert sum(size for size, _ in packs_of(db)) < path.stat().st_size + 2_000


def test_of_a_large_document_that_shrank_the_state_before_stays(tmp_path: Path, path: Path) -> None:
    before = document(3, 5_000)
    with writing(tmp_path / "l.clew") as (db, ingest):
        for text in (before, document(4, 4_000)):
            path.write_text(text)
            reads(ingest, path)
            archives(db)

        assert held(db, path) == [path.read_bytes()]
        assert held(db, path, newest=False) == [before.encode()]
