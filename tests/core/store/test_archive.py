"""Packs: joined when they are many, left alone when they are damaged."""

from pathlib import Path
from sqlite3 import Connection

import pytest

from core.queries import archive, health
from core.store import archive as store
from core.store import joining
from tests import builders as b
from tests.archives import archives
from tests.library import reads, writing

MANY = 16


def logs(folder: Path, number: int) -> list[Path]:
    return [b.write(folder / f"{n:03}.jsonl", b.prompt(f"p{n}", f"say {n}")) for n in range(number)]


def contents(db: Connection) -> list[bytes]:
    return [
        b"".join(part for part in archive.contents(db, one) if isinstance(part, bytes))
        for one in archive.files(db)
    ]


def numbers(db: Connection) -> tuple[int, int]:
    """Return how many packs there are, and how many pieces."""
    found: tuple[int, int] = db.execute(
        "SELECT (SELECT count(*) FROM archive_pack), (SELECT count(*) FROM archive_piece)"
    ).fetchone()
    return found


def test_many_small_packs_become_one(tmp_path: Path) -> None:
    paths = logs(tmp_path / "logs", MANY)
    with writing(tmp_path / "l.clew") as (db, ingest):
        for path in paths[:-1]:
            reads(ingest, path)
            archives(db)
        assert numbers(db) == (MANY - 1, MANY - 1)
        reads(ingest, paths[-1])
        archives(db)

        assert numbers(db) == (1, MANY)
        assert contents(db) == [path.read_bytes() for path in paths]


def test_pieces_of_a_file_that_follow_each_other_become_one(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p0"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        for number in range(1, MANY + 1):
            reads(ingest, path)
            archives(db)
            if number < MANY:
                b.append(path, b.line(b.prompt(f"p{number}")))

        assert numbers(db) == (1, 1)
        assert contents(db) == [path.read_bytes()]


def test_a_damaged_pack_is_never_taken_apart_and_keeps_nothing_from_being_joined(
    tmp_path: Path,
) -> None:
    paths = logs(tmp_path / "logs", MANY + 1)
    with writing(tmp_path / "l.clew") as (db, ingest):
        for path in paths[:-2]:
            reads(ingest, path)
            archives(db)
        db.execute("UPDATE archive_pack SET data = zeroblob(length(data)) WHERE id = 3")
        for path in paths[-2:]:
            reads(ingest, path)
            archives(db)

        assert numbers(db)[0] == 2
        assert db.execute("SELECT id FROM archive_pack WHERE sound = 0").fetchall() == [(3,)]
        lost = [one for part in archive.verify(db) for one in part]
        assert [one.file.label for one in lost] == [str(paths[2])]
        assert (lost[0].begin, lost[0].length) == (0, paths[2].stat().st_size)
        assert str(paths[2]) in str(lost[0])
        whole = [path.read_bytes() for path in paths]
        assert contents(db) == [*whole[:2], b"", *whole[3:]]


def test_bytes_in_the_wrong_place_are_noticed(tmp_path: Path) -> None:
    paths = logs(tmp_path / "logs", 3)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, *paths)
        archives(db)
        db.execute("UPDATE archive_piece SET at = at + 1 WHERE at > 0 AND file_id = 2")

        lost = [one for part in archive.verify(db) for one in part]
        assert [one.file.id for one in lost] == [2]
        assert [len(part) > 0 for part in contents(db)].count(False) == 1


def test_packs_that_are_joined_while_they_are_checked_are_not_called_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = logs(tmp_path / "logs", 3)
    with writing(tmp_path / "l.clew") as (db, ingest):
        for path in paths:
            reads(ingest, path)
            archives(db)
        checks = archive.verify(db)
        lost = next(checks)
        monkeypatch.setattr(joining, "_MANY", 2)
        assert joining.join(db)

        assert numbers(db)[0] == 1
        assert lost == [one for part in checks for one in part] == []


def test_pieces_that_are_missing_are_noticed(tmp_path: Path) -> None:
    (path,) = logs(tmp_path / "logs", 1)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        db.execute("DELETE FROM archive_piece")

        (lost,) = [one for part in archive.verify(db) for one in part]
        assert (lost.file.label, lost.length) == (str(path), path.stat().st_size)


def test_a_source_that_was_read_again_meanwhile_stays_due(tmp_path: Path) -> None:
    (path,) = logs(tmp_path / "logs", 1)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        (seen,) = store.due(db, 9)
        b.append(path, b.line(b.prompt("later")))
        reads(ingest, path)
        store.keep(db, (), b"", (seen,))
        assert len(store.due(db, 9)) == 1

        archives(db)
        assert store.due(db, 9) == []
        assert contents(db) == [path.read_bytes()]


def test_a_check_of_the_library_finds_what_the_archive_has_lost(tmp_path: Path) -> None:
    paths = logs(tmp_path / "logs", 2)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, *paths)
        archives(db)
        assert [one for one in health.check(db) if not one.ok] == []
        db.execute("UPDATE archive_pack SET data = zeroblob(9)")

        (found,) = [one for one in health.check(db) if not one.ok]
        assert found.name == "archive"
        assert str(paths[0]) in found.found
        assert found.found.endswith("It is one of 2 such places.")
