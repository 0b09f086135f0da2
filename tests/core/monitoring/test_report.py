"""What the Diagnostics show, and the door that prints it."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core import doors
from core.monitoring.report import Writing, as_json, plans, report
from core.monitoring.sampling import sample
from core.queries import conversations, search, totals
from core.store.connection import open_writer
from core.store.readers import Readers
from core.store.settings import settings
from tests import builders as b
from tests.library import imports


@pytest.fixture
def library(tmp_path: Path) -> Path:
    imports(tmp_path / "l.clew", b.write(tmp_path / "a.jsonl", b.prompt("u", "my secret words")))
    return tmp_path / "l.clew"


def test_sizes_are_those_of_the_files(library: Path) -> None:
    seen = sample(library)

    assert seen.library == library.stat().st_size
    assert seen.wal == 0
    assert seen.processes >= 1
    assert seen.memory is None or seen.memory > 10 << 20
    assert seen.free is not None


def test_without_a_library_there_is_nothing_to_measure(tmp_path: Path) -> None:
    seen = sample(tmp_path / "nowhere" / "l.clew")

    assert (seen.library, seen.wal, seen.free) == (0, 0, None)


def test_queries_have_their_names_and_plans(library: Path) -> None:
    pool = Readers(library)
    with closing(pool.keep()) as db:
        totals.totals(db)
        conversations.page(db)
        search.find(db, "secret words ")
        db.execute("SELECT 12345 AS nameless").fetchone()
        told = report(db, pool, sample(library, reads=pool.facts()), Writing())

    by_name = {one.name: one for one in told.queries}
    assert by_name["totals.totals"].count == 1
    # Within what makes an array of it.
    page = by_name["conversations.pages[recent, False, False]"].plan
    assert "SEARCH conversation USING INDEX conversation_by_time (sort_at<?)" in page
    assert by_name["candidates.kept[False, False]"].count == 1
    assert "SELECT 12345 AS nameless" in by_name
    assert told.seen.reads.open == 1
    assert json.loads(json.dumps(as_json(told)))["versions"]["SQLite"] == sqlite3.sqlite_version


def test_nothing_of_a_log_is_in_it(library: Path) -> None:
    pool = Readers(library)
    with closing(pool.keep()) as db:
        conversations.page(db)
        db.execute("SELECT ?", ("my secret words",)).fetchone()
        told = report(db, pool, sample(library), Writing())

    assert "secret" not in json.dumps(as_json(told))


def test_every_named_query_has_a_plan(library: Path) -> None:
    with closing(Readers(library).keep()) as db:
        found = plans(db)

    assert len(found) > 100
    assert all(found.values())


def test_writer_and_readers_are_set_as_they_should_be(library: Path) -> None:
    with closing(open_writer(library)) as writer, closing(Readers(library).keep()) as reader:
        ours, theirs = dict(settings(writer)), dict(settings(reader))

    assert ours["journal_mode"] == theirs["journal_mode"] == "wal"
    assert (ours["synchronous"], ours["foreign_keys"]) == ("NORMAL", "ON")
    assert (theirs["query_only"], theirs["wal_autocheckpoint"]) == ("ON", "0")
    assert ours["mmap_size"] == theirs["mmap_size"] == "0"
    assert ours["cache_size"] == theirs["cache_size"] == "-4000"  # KiB, not pages
    assert ours["auto_vacuum"] == "INCREMENTAL"


def test_the_door_prints_it_all_as_json(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = doors.main(["diagnostics", "--library", str(library), "--json", "--plans"])

    out = json.loads(capsys.readouterr().out)
    assert code == 0
    assert out["seen"]["library"] == library.stat().st_size
    assert out["pragmas"]["reader"]["query_only"] == "ON"
    assert out["wal"] == {"bytes": 0, "frames": 0}
    assert len(out["plans"]) > 100
    assert out["upkeep"] == []


def test_the_door_does_the_upkeep_that_is_asked_for_in_order(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--check", "--optimise", "--reindex", "--compact"]

    code = doors.main(["diagnostics", "--library", str(library), "--json", *asked])

    out = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [one["task"] for one in out["upkeep"]] == ["check", "optimise", "reindex", "compact"]
    assert all(one["sound"] for one in out["upkeep"])
    assert out["checkpoints"]["count"] >= 1
    assert out["pragmas"]["writer"]["synchronous"] == "NORMAL"


def test_the_door_fails_where_something_is_not_sound(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_writer(library)) as db:
        db.execute("UPDATE session SET messages = messages + 1")

    assert doors.main(["diagnostics", "--library", str(library), "--check"]) == 1
    assert "stored counts differ" in capsys.readouterr().out


def test_the_door_makes_no_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doors.main(["diagnostics", "--library", str(tmp_path / "l.clew"), "--optimise"]) == 1
    assert "There is no library" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []  # noqa: PTH208  names are enough
