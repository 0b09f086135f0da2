"""Files of what a person removed: which is which on the disk, and what is not lost of them."""

import os
from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.ingest import Ingest
from core.store import removals
from tests import builders as b
from tests.archives import archives, held
from tests.library import imports, listed, reads, writing

AT = 1_800_000_000_000


def keys(db: Connection) -> list[str]:
    """Return the keys of the conversations of the list, sorted."""
    return sorted(str(one["id"]) for one in listed(db))


def counts(db: Connection) -> dict[str, int]:
    """Return how many messages each conversation of the list has."""
    return {one["id"]: one["messages"] for one in listed(db)}


def removed(db: Connection, key: str) -> int:
    """Remove the conversation with *key*; return the removal's id."""
    removal = removals.remove(db, key, AT)
    assert removal is not None
    return removal


def taken_over(ingest: Ingest, log: Path, by: Path) -> None:
    """Let the file *by* have the place on the disk that *log* had, which is gone from its path."""
    log.rename(by)
    by.write_bytes(b.data([b.prompt("n1", "brand-new talk", sessionId=by.stem)]))
    reads(ingest, by)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return b.write(tmp_path / "logs" / "-p" / "one.jsonl", b.prompt("p1", "old", sessionId="one"))


def test_a_new_log_in_the_place_on_the_disk_of_a_removed_one_is_read(
    tmp_path: Path, log: Path
) -> None:
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        one = removed(db, "one")
        new = log.with_name("new.jsonl")
        taken_over(ingest, log, new)
        assert keys(db) == ["new"]

        b.append(new, b.prompt("n2", "more of it", "n1", sessionId="new"))
        reads(ingest, new)
        assert counts(db) == {"new": 2}
        removals.restore(db, one)
        assert counts(db) == {"new": 2, "one": 1}


def test_a_removed_log_that_was_renamed_stays_unread_when_it_is_gone_for_good(
    tmp_path: Path, log: Path
) -> None:
    library = tmp_path / "l.clew"
    imports(library, tmp_path / "logs")
    with writing(library) as (db, _):
        one = removed(db, "one")
    log.parent.rename(log.parent.with_name("-moved"))
    imports(library, tmp_path / "logs")
    with writing(library) as (db, _):
        moved = tmp_path / "logs" / "-moved" / "one.jsonl"
        assert db.execute("SELECT path, format FROM source").fetchall() == [
            (os.fsencode(moved), "removed")
        ]
        removals.forget(db, one, AT)
    ended = imports(library, tmp_path / "logs")

    assert ended.files_changed == 0
    with writing(library) as (db, _):
        assert keys(db) == []


def test_a_removed_log_that_was_renamed_and_cannot_be_read_now_is_not_read_later(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        removed(db, "one")
        moved = log.rename(log.with_name("moved.jsonl"))
        with monkeypatch.context() as context:
            context.setattr("core.ingest.opened", failing)
            reads(ingest, moved)
        assert moved in ingest.tally.unread
        reads(ingest, moved)

        assert keys(db) == []


def test_what_describes_a_removed_agent_stays_unread_in_a_renamed_folder(tmp_path: Path) -> None:
    library, logs = tmp_path / "l.clew", tmp_path / "logs"
    b.write(logs / "-p" / "one.jsonl", b.prompt("p1", "old", sessionId="one"))
    lane = b.lane("a1", *b.of("one", b.prompt("a1-1", "look")))
    b.agent_note(b.agent_file(logs / "-p", "one", "a1", *lane), description="Look around")
    imports(library, logs)
    with writing(library) as (db, _):
        assert db.execute("SELECT count(*) FROM agent_file WHERE title <> ''").fetchone() == (1,)
        removed(db, "one")
    (logs / "-p").rename(logs / "-moved")
    imports(library, logs)

    with writing(library) as (db, _):
        assert db.execute("SELECT DISTINCT format FROM source").fetchall() == [("removed",)]
        assert db.execute("SELECT count(*) FROM agent_file").fetchone() == (0,)


@pytest.mark.parametrize("linked", [False, True])
def test_what_is_gone_for_good_stays_away_when_its_disk_was_away_then(
    tmp_path: Path, *, linked: bool
) -> None:
    library, disk = tmp_path / "l.clew", tmp_path / "disk"
    b.write(disk / "one.jsonl", b.prompt("p1", "old", sessionId="one"))
    logs = disk
    if linked:
        logs = tmp_path / "linked"
        logs.symlink_to(disk, target_is_directory=True)
    imports(library, logs)
    with writing(library) as (db, _):
        one = removed(db, "one")
        disk.rename(tmp_path / "away")
        removals.forget(db, one, AT)
    (tmp_path / "away").rename(disk)
    imports(library, logs)

    with writing(library) as (db, _):
        assert keys(db) == []
        (disk / "one.jsonl").unlink()
        removals.tidy(db)
        assert db.execute("SELECT 1 FROM source").fetchall() == []


def history(*said: tuple[str, str]) -> bytes:
    """Return lines of a file of several sessions: of which each is, and what was asked."""
    return b.data(
        {"session_id": session, "ts": 1_700_000_000 + at, "text": text}
        for at, (session, text) in enumerate(said)
    )


@pytest.mark.parametrize("back", [("s0", "s1"), ("s1", "s0")])
def test_what_was_left_out_between_two_removals_is_read_in_whatever_order_they_are_taken_back(
    tmp_path: Path, back: Sequence[str]
) -> None:
    log = tmp_path / "history.jsonl"
    log.write_bytes(history(("s0", "one"), ("s1", "two")))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        found = {"s0": removed(db, "s0")}
        b.append(log, history(("s0", "later"), ("s1", "later as well")))
        reads(ingest, log)
        found["s1"] = removed(db, "s1")
        for key in back:
            removals.restore(db, found[key])
        reads(ingest, log)

        assert counts(db) == {"s0": 2, "s1": 2}


def test_what_was_to_be_read_anew_still_is_after_another_removal(tmp_path: Path) -> None:
    log = tmp_path / "history.jsonl"
    log.write_bytes(history(("s0", "one"), ("s1", "two")))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        first = removed(db, "s0")
        b.append(log, history(("s0", "later"), ("s1", "later as well")))
        reads(ingest, log)
        removals.restore(db, first)
        again = removed(db, "s0")  # before what was left out of it is read
        reads(ingest, log)
        removals.restore(db, again)
        reads(ingest, log)

        assert counts(db) == {"s0": 2, "s1": 2}


def test_what_a_session_that_was_taken_back_says_of_others_holds_for_what_comes_later(
    tmp_path: Path, log: Path
) -> None:
    library = tmp_path / "l.clew"
    b.append(log, b.summary("Called by one", "z1"))
    with writing(library) as (db, ingest):
        reads(ingest, log)
        one = removed(db, "one")
    with writing(library) as (db, ingest):  # the program starts anew
        removals.restore(db, one)
        other = log.with_name("zed.jsonl")
        reads(ingest, b.write(other, b.prompt("z1", "asked in zed", sessionId="zed")))

        titles = {one["id"]: one["title"] for one in listed(db)}
        assert titles["zed"] == "Called by one"


def test_a_log_that_was_removed_before_it_was_archived_is_archived_while_it_may_come_back(
    tmp_path: Path, log: Path
) -> None:
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        one = removed(db, "one")
        archives(db)
        was = log.read_bytes()
        log.unlink()
        removals.restore(db, one)
        archives(db)

        assert held(db, log) == [was]


def test_a_log_that_is_gone_for_good_before_it_was_archived_is_not_archived(
    tmp_path: Path, log: Path
) -> None:
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, log)
        removals.forget(db, removed(db, "one"), AT)
        archives(db)

        assert held(db, log) == []
        assert db.execute("SELECT 1 FROM archive_due").fetchall() == []


def test_what_describes_an_agent_is_read_again_with_its_log_that_was_gone_for_good(
    tmp_path: Path,
) -> None:
    library, logs = tmp_path / "l.clew", tmp_path / "logs"
    b.write(logs / "-p" / "one.jsonl", b.prompt("p1", "old", sessionId="one"))
    lane = b.lane("a1", *b.of("one", b.prompt("a1-1", "look")))
    b.agent_note(b.agent_file(logs / "-p", "one", "a1", *lane), description="Look around")
    imports(library, logs)
    with writing(library) as (db, _):
        one = removed(db, "one")
        removals.forget(db, one, AT)
        removals.restore(db, one)
    imports(library, logs)

    with writing(library) as (db, _):
        assert keys(db) == ["one"]
        assert db.execute("SELECT title FROM agent_file").fetchall() == [("Look around",)]
