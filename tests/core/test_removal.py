"""Orders about old conversations: told in numbers first, done by the command, taken back by it."""

import json
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import removal
from core.doors import main
from core.events import EngineEvent, RemovalFinished, RemovalProgressed
from core.queries import archive, removals
from core.queries.removals import DAY_MS, DAYS_KEPT
from core.removal import Forget, Removing, TakeBack
from core.store.connection import open_reader
from tests import builders as b
from tests.archives import archived, packs_of
from tests.library import dump, imports, listed, order, sound, writing

DAY_S = 86_400
OLD_DAYS = 400


def said(days: int, key: str) -> b.Line:
    """Return a prompt of so many *days* ago."""
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - days * DAY_S))
    return b.prompt(f"{key}-1", f"asked in {key}", sessionId=key) | {"timestamp": at}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library of a new conversation, an old one, and an old one without its log."""
    logs = tmp_path / "logs"
    b.write(logs / "-home-ada-one" / "new.jsonl", said(3, "new"))
    b.write(logs / "-home-ada-one" / "old.jsonl", said(OLD_DAYS, "old"))
    gone = b.write(logs / "-home-ada-two" / "gone.jsonl", said(OLD_DAYS + 1, "gone"))
    imports(tmp_path / "l.clew", logs)
    archived(tmp_path / "l.clew")
    gone.unlink()
    return tmp_path / "l.clew"


def told(capsys: pytest.CaptureFixture[str], library: Path, *words: str) -> Any:
    """Return what a door says as JSON; it ends well."""
    capsys.readouterr()
    assert main([*words, "--library", str(library), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def keys(library: Path) -> set[str]:
    """Return the conversations of the list."""
    with closing(open_reader(library)) as db:
        return {one["id"] for one in listed(db)}


def test_a_dry_run_names_numbers_and_changes_nothing(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = library.read_bytes()
    found = told(capsys, library, "remove", "--older-than", "365d", "--dry-run")

    assert (found["with_logs"]["conversations"], found["without_logs"]["conversations"]) == (1, 1)
    assert found["with_logs"]["messages"] == 1
    assert found["with_logs"]["text_bytes"] == len("asked in old")
    assert found["without_logs"]["archive_bytes"] > 0
    assert {one["id"]: one["logs_on_disk"] for one in found["conversations"]} == {
        "old": True, "gone": False,
    }  # fmt: skip
    assert keys(library) == {"new", "old", "gone"}
    assert library.read_bytes() == before


def test_what_may_be_all_there_is_goes_only_by_a_word_of_its_own(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, library, "remove", "--older-than", "365")["removed"] == 1
    assert keys(library) == {"new", "gone"}

    found = told(capsys, library, "remove", "--older-than", "365", "--even-without-logs")
    assert found["removed"] == 1
    assert keys(library) == {"new"}
    assert [one["without_logs"] for one in told(capsys, library, "removed")] == [True, False]


def test_a_project_is_meant_by_its_folder_or_the_end_of_it(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing(library) as (db, _):
        db.execute("UPDATE conversation SET project = '/home/ada/one' WHERE key <> 'gone'")
        db.execute("UPDATE conversation SET project = '/home/ada/none' WHERE key = 'gone'")
    for name, count in (("one", 1), ("/home/ada/one", 1), ("ne", 0), ("none", 1), ("%", 0)):
        with closing(open_reader(library)) as db:
            found = removals.older(db, round(time.time() * 1000) - DAY_MS * 365, name)

        assert len(found) == count, name
    capsys.readouterr()


def test_the_command_brings_back_exactly_what_it_took(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_reader(library)) as db:
        before = dump(db)
    told(capsys, library, "remove", "--older-than", "1", "--even-without-logs")
    assert keys(library) == set()
    imports(library, library.parent / "logs")
    assert keys(library) == set()

    assert told(capsys, library, "restore-removed", "all") == {
        "restored": 3, "gone_for_good": 0,
    }  # fmt: skip
    with closing(open_reader(library)) as db:
        assert dump(db) == before
    assert sound(library)
    assert told(capsys, library, "removed") == []


def test_an_unknown_removal_is_told_and_nothing_done(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, library, "remove", "--older-than", "365d")
    assert main(["restore-removed", "77", "--library", str(library)]) == 1
    assert "There is no removal 77" in capsys.readouterr().err
    assert keys(library) == {"new", "gone"}


@pytest.mark.parametrize("days", ["0", "-3", "1y", "many", ""])
def test_an_age_is_a_number_of_days(
    days: str, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remove", f"--older-than={days}", "--library", str(library)]) == 2
    assert "is no number of days" in capsys.readouterr().err


def test_what_is_deleted_for_good_by_the_command_does_not_come_back(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, library, "remove", "--older-than", "365d", "--even-without-logs")
    left = told(capsys, library, "removed", "--delete-for-good", "all")

    assert [Path(one["log"]).name for one in left] == ["old.jsonl"]
    assert left[0]["title"] == ""
    imports(library, library.parent / "logs")
    assert keys(library) == {"new"}
    assert sound(library)


def test_packs_lose_the_bytes_of_what_is_deleted_for_good(library: Path) -> None:
    with writing(library) as (db, _):
        removal.performed(db, order(db, "gone"))
        (one,) = removals.removed(db)
        assert packs_of(db) == [(pack := archive.figures(db).size, pack)]
        removal.performed(db, Forget((one.id,)))

        assert packs_of(db) == [(left := archive.figures(db).size, left)]
        assert 0 < left < pack
        assert [lost for part in archive.verify(db) for lost in part] == []
    assert sound(library)


def test_only_what_was_removed_long_enough_ago_is_due(library: Path) -> None:
    now = round(time.time() * 1000)
    with writing(library) as (db, _):
        removal.performed(db, order(db, "old", "gone"))
        assert removals.due(db, now + DAYS_KEPT * DAY_MS - DAY_MS) == []
        assert len(removals.due(db, now + DAYS_KEPT * DAY_MS + DAY_MS)) == 2
        assert removal.performed(db, Forget()).conversations == 0

        db.execute("UPDATE removal SET removed_at = 0 WHERE conversation = 'old'")
        assert removal.performed(db, Forget()).conversations == 1
        assert [one.key for one in removals.removed(db) if one.gone_at is None] == ["gone"]


def test_an_order_is_done_one_conversation_after_the_other_until_it_is_cancelled(
    library: Path,
) -> None:
    events: list[EngineEvent] = []
    with writing(library) as (db, _):
        doing = Removing(db, order(db, "old", "gone", "new"), events.append)
        assert doing.step()
        assert doing.step()
        doing.cancel()
        assert not doing.step()

    end = events[-1]
    assert isinstance(end, RemovalFinished)
    assert (end.conversations, end.cancelled) == (1, True)
    assert [one.done for one in events if isinstance(one, RemovalProgressed)] == [0, 1]
    assert keys(library) == {"gone", "new"}


def test_files_of_what_is_taken_back_are_told_for_what_is_new_in_them(library: Path) -> None:
    with writing(library) as (db, _):
        removal.performed(db, order(db, "old"))
        (one,) = removals.removed(db)
        end = removal.performed(db, TakeBack((one.id,)))

    assert [path.name for path in end.paths] == ["old.jsonl"]
