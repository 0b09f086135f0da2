"""Orders about old conversations take what a person was told of, and nothing else."""

import time
from contextlib import closing
from pathlib import Path

import pytest

from core import removal
from core.doors import main
from core.queries import removals
from core.queries.removals import DAY_MS, DAYS_KEPT
from core.removal import Forget, TakeBack
from core.store.connection import open_reader
from core.store.migrate import back_up
from tests import builders as b
from tests.core.test_removal import OLD_DAYS, keys, said, told
from tests.library import imports, order, writing

YEAR = 365  # days


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Return a folder for logs."""
    return tmp_path / "logs" / "-home-ada-one"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return where the library is to be."""
    return tmp_path / "l.clew"


def now() -> int:
    """Return the time in ms."""
    return round(time.time() * 1000)


def more(days: int, key: str, number: int) -> b.Line:
    """Return another prompt of so many *days* ago."""
    line = said(days, key)
    assert isinstance(line, dict)
    return {**line, "uuid": f"{key}-{number}"}


def planned(library: Path) -> removal.Plan:
    """Return what is over a year old."""
    with closing(open_reader(library)) as db:
        return removal.plan(db, YEAR, now())


def test_an_order_leaves_what_is_not_any_more_as_it_was_told(logs: Path, library: Path) -> None:
    for one in ("gone", "resumed", "same", "still"):
        b.write(logs / f"{one}.jsonl", said(OLD_DAYS, one))
    imports(library, logs.parent)
    given = planned(library).order(alone=False)
    assert len(given.conversations) == 4

    (logs / "gone.jsonl").unlink()
    with (logs / "resumed.jsonl").open("ab") as log:
        log.write(b.line(more(0, "resumed", 2)))
    b.write(logs.with_name("-home-ada-all") / "same.jsonl", said(1, "same2"))
    imports(library, logs.parent)
    with writing(library) as (db, _):
        ended = removal.performed(db, given)
        # What was called "same" has another name now, for there are two of it.
        assert [one.key for one in removals.removed(db)] == ["still"]

    assert (ended.conversations, ended.unmet) == (1, 3)
    assert keys(library) >= {"gone", "resumed", "same"}


def test_what_was_told_to_have_no_log_is_removed_without_it(logs: Path, library: Path) -> None:
    b.write(logs / "gone.jsonl", said(OLD_DAYS, "gone"))
    imports(library, logs)
    (logs / "gone.jsonl").unlink()
    given = planned(library).order(alone=True)
    with writing(library) as (db, _):
        assert removal.performed(db, given).conversations == 1
        assert [one.alone for one in removals.removed(db)] == [True]


def test_a_link_to_nothing_is_no_log(logs: Path, library: Path) -> None:
    real = b.write(logs / "link.real", said(OLD_DAYS, "link"))
    (logs / "link.jsonl").symlink_to(real)
    imports(library, logs)
    assert [row.key for row in planned(library).rows] == ["link"]

    real.unlink()
    assert [row.key for row in planned(library).alone] == ["link"]


def test_a_log_that_was_written_anew_does_not_hold_it_all(logs: Path, library: Path) -> None:
    first, second, third = (more(OLD_DAYS, "anew", one) for one in range(3))
    log = b.write(logs / "anew.jsonl", first, second)
    imports(library, log)
    assert [row.key for row in planned(library).rows] == ["anew"]

    log.write_bytes(b.line(third))
    imports(library, log)
    assert [(row.key, row.messages) for row in planned(library).alone] == [("anew", 3)]
    with writing(library) as (db, _):
        removal.performed(db, order(db, "anew"))
        assert [one.alone for one in removals.removed(db)] == [True]


def test_what_lost_its_log_while_it_was_removed_is_never_deleted_by_itself(
    logs: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for one in ("kept", "due"):
        b.write(logs / f"{one}.jsonl", said(OLD_DAYS, one))
    imports(library, logs)
    with writing(library) as (db, _):
        removal.performed(db, order(db, "kept", "due"))
        db.execute("UPDATE removal SET removed_at = removed_at - ?", (DAYS_KEPT * DAY_MS + 1,))
    (logs / "kept.jsonl").unlink()

    with writing(library) as (db, _):
        found = removal.removed(db, now())
        names = {row.id: row.key for row in found.rows}
        assert [names[one] for one in found.due] == ["due"]
        assert [names[one] for one in found.kept] == ["kept"]
        assert removal.performed(db, Forget()).conversations == 1
        assert [row.key for row in removals.removed(db) if row.gone_at is None] == ["kept"]
        assert removal.removed(db, now()).kept == found.kept

    rows = told(capsys, library, "removed")
    assert [one["kept_without_logs"] for one in rows if one["id"] == "kept"] == [True]
    assert main(["removed", "--library", str(library)]) == 0
    assert "until you delete it for good" in capsys.readouterr().out
    told(capsys, library, "removed", "--delete-for-good", *map(str, found.kept))
    assert "kept" not in {one["id"] for one in told(capsys, library, "removed")}


def test_rows_that_are_damaged_end_an_order_with_a_reason(logs: Path, library: Path) -> None:
    b.write(logs / "old.jsonl", said(OLD_DAYS, "old"))
    imports(library, logs)
    with writing(library) as (db, _):
        removal.performed(db, order(db, "old"))
        (one,) = removals.removed(db)
        db.execute(
            "UPDATE removed_rows SET data = substr(data, 1, length(data) - 3) "
            "WHERE name = 'message'"
        )
        ended = removal.performed(db, TakeBack((one.id,)))

        assert ended.trouble
        assert ended.conversations == 0
        assert not db.in_transaction
        assert [row.id for row in removals.removed(db)] == [one.id]


def test_taking_back_what_is_gone_for_good_says_so_and_once(
    logs: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b.write(logs / "old.jsonl", said(OLD_DAYS, "old"))
    imports(library, logs)
    told(capsys, library, "remove", "--older-than", "365")
    (one,) = told(capsys, library, "removed", "--delete-for-good", "all")
    id_ = str(one["removal"])

    assert main(["restore-removed", id_, id_, "--library", str(library)]) == 0
    out = capsys.readouterr().out
    assert "0 conversations taken back" in out
    assert "1 conversation deleted for good before" in out


def test_naming_a_removal_twice_counts_it_once(
    logs: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b.write(logs / "old.jsonl", said(OLD_DAYS, "old"))
    imports(library, logs)
    with writing(library) as (db, _):
        removal.performed(db, order(db, "old"))
        (one,) = removals.removed(db)
        assert removal.performed(db, TakeBack((one.id, one.id))).conversations == 1
    assert keys(library) == {"old"}
    capsys.readouterr()


def test_a_dry_run_needs_nobody_to_let_go_of_the_library(
    logs: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b.write(logs / "old.jsonl", said(OLD_DAYS, "old"))
    imports(library, logs)
    with writing(library):
        found = told(capsys, library, "remove", "--older-than", "365", "--dry-run")

    assert found["with_logs"]["conversations"] == 1


def test_copies_that_may_hold_what_was_removed_are_named(
    logs: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b.write(logs / "old.jsonl", said(OLD_DAYS, "old"))
    imports(library, logs)
    copy = library.with_name(f"{library.name}.before-14")
    with writing(library) as (db, _):
        back_up(db, copy)
        copy.with_name(f"{copy.name}.part").touch()
        assert removal.removed(db, now()).copies == (copy,)
    assert main(["removed", "--library", str(library)]) == 0
    assert str(copy) not in capsys.readouterr().out  # nothing was removed

    told(capsys, library, "remove", "--older-than", "365")
    told(capsys, library, "removed", "--delete-for-good", "all")
    assert main(["removed", "--library", str(library)]) == 0
    assert str(copy) in capsys.readouterr().out


def test_a_removal_says_who_deletes_it_and_when(
    logs: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b.write(logs / "old.jsonl", said(OLD_DAYS, "old"))
    imports(library, logs)
    assert main(["remove", "--older-than", "365", "--library", str(library)]) == 0
    assert "the next time the window is open" in capsys.readouterr().out
    with writing(library) as (db, _):
        db.execute("UPDATE removal SET removed_at = 0")

    assert main(["removed", "--library", str(library)]) == 0
    assert "until the window is open next" in capsys.readouterr().out
