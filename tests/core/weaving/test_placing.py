"""Where sessions of an earlier version were is found out from their files, as far as these go."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.doors import threads as door
from core.queries import lacking
from core.store import places
from core.store.connection import open_reader
from core.weaving.placing import Placing
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import imports, reads, writing


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two turns in one folder and two in another, the last one on another branch."""
    said: list[b.Record] = []
    for n, (cwd, branch) in enumerate(
        (("/a", "main"), ("/a", "main"), ("/b", "main"), ("/b", "x"))
    ):
        above = f"s{n - 1}" if n else None
        said.append(b.prompt(f"p{n}", f"task {n}", above, at=n * 60, cwd=cwd, gitBranch=branch))
        said.append(b.says(f"s{n}", parent=f"p{n}", at=n * 60 + 1, cwd=cwd, gitBranch=branch))
    return yarn.write(tmp_path, said)


@pytest.fixture
def db(tmp_path: Path, log: Path) -> Iterator[Connection]:
    """A library as an earlier version left it."""
    imports(tmp_path / "l.clew", log.parent)
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)
        yield db


def noted(db: Connection) -> list[tuple[str, str, str]]:
    asked = """
    SELECT message.uuid, place.cwd, place.git_branch
    FROM place JOIN message ON message.id = message_id ORDER BY message_id
    """
    return db.execute(asked).fetchall()


def all_of(db: Connection) -> Placing:
    one = Placing(db)
    while one.step():
        pass
    one.close()
    return one


def test_places_are_found_again(db: Connection) -> None:
    before = noted(db)
    assert before == [("p0", "/a", "main"), ("p2", "/b", "main"), ("p3", "/b", "x")]
    db.execute("DELETE FROM place")
    assert lacking.of(db, 1) == (b.SESSION,)

    all_of(db)

    assert noted(db) == before
    assert lacking.of(db, 1) == ()
    assert db.execute("SELECT conversation_id, anew FROM thread_due").fetchall() == [(1, 1)]


def test_what_was_read_since_is_kept(db: Connection) -> None:
    before = noted(db)
    db.execute("DELETE FROM place WHERE git_branch = 'main'")
    all_of(db)
    assert noted(db) == before


@pytest.mark.parametrize("lane", [b.SESSION, "agent"])
def test_a_session_that_was_just_read_is_not_read_again(tmp_path: Path, lane: str) -> None:
    """Not even when nothing is said of where its first message was written."""
    nowhere = b.prompt("p1", "hello", at=1)
    del nowhere["cwd"], nowhere["gitBranch"]
    records = [nowhere, b.says("s1", "hi", "p1", at=2)]
    if lane == "agent":
        b.agent_file(tmp_path / "r", b.SESSION, lane, *records)
    else:
        b.write(tmp_path / "r" / f"{lane}.jsonl", *records)
    imports(tmp_path / "l.clew", tmp_path / "r")

    with writing(tmp_path / "l.clew") as (db, _):
        assert lacking.of(db, 1) == ()
        assert all_of(db).read == 0


def test_a_library_that_lacks_nothing_reads_no_file(db: Connection) -> None:
    assert all_of(db).read == 0
    assert db.execute("SELECT count(*) FROM thread_due").fetchone() == (0,)


def test_each_session_is_looked_through_once(db: Connection, log: Path) -> None:
    db.execute("DELETE FROM place")
    log.unlink()
    assert all_of(db).read == 1
    assert all_of(db).read == 0
    assert noted(db) == []
    assert places.filled(db) == 1


def test_a_file_that_is_gone_is_said_to_lack(db: Connection, log: Path, tmp_path: Path) -> None:
    db.execute("DELETE FROM place")
    db.commit()
    log.unlink()
    all_of(db)
    with closing(open_reader(tmp_path / "l.clew")) as reader:
        assert door.told(reader, 1)["places_unknown"] == [b.SESSION]


def test_records_that_another_file_has_in_their_place_say_nothing(
    db: Connection, log: Path
) -> None:
    db.execute("DELETE FROM place")
    b.write(log, b.prompt("other", "a quite different thing to ask", cwd="/c"))
    all_of(db)
    assert noted(db) == []


def test_a_long_file_is_read_in_slices(tmp_path: Path) -> None:
    said = [b.prompt(f"p{n}", f"task {n}", f"p{n - 1}" if n else None, at=n) for n in range(1200)]
    imports(tmp_path / "l.clew", yarn.write(tmp_path, said).parent)
    with writing(tmp_path / "l.clew") as (db, _):
        db.execute("DELETE FROM place")
        assert all_of(db).read == 4  # three slices, and that there is no more
        assert len(noted(db)) == 1


def test_a_session_that_was_read_anew_meanwhile_is_left_alone(tmp_path: Path, log: Path) -> None:
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        before = noted(db)
        db.execute("DELETE FROM place")
        one = Placing(db)
        one.step()
        places.keep(db, [(1, 1, "/elsewhere", "y")])
        while one.step():
            pass
        assert before
        assert noted(db) == [("p0", "/elsewhere", "y")]
