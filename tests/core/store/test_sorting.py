"""Upkeep sorts on the disk, in a file that has no name; everything else in memory."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.monitoring.upkeep import Task, Upkeep
from core.store import sorting
from core.store.connection import WritingConnection, open_writer
from core.store.migrate import migrate
from core.store.settings import settings
from tests import builders as b
from tests.library import imports

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="open files are listed")
ROWS = """
CREATE TABLE t (x TEXT);
WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200000)
INSERT INTO t SELECT hex(randomblob(16)) FROM n;
"""


def sorts(db: sqlite3.Connection) -> str:
    return dict(settings(db))["temp_store"]


@linux
def test_what_is_sorted_on_the_disk_is_in_files_without_a_name(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        db.executescript(ROWS)
        found: set[str] = set()

        def look() -> int:
            for fd in Path("/proc/self/fd").iterdir():
                if fd.is_symlink() and "etilqs" in (name := os.readlink(fd)):  # noqa: PTH115  it
                    found.add(name.partition(" ")[2])  # is no path any more
            return 0

        db.set_progress_handler(look, 200_000)
        db.execute("SELECT count(*) FROM (SELECT x FROM t ORDER BY x LIMIT 190000)").fetchone()
        assert found == set()
        with sorting.on_disk(db):
            db.execute("CREATE INDEX i ON t (x)")

        assert found == {"(deleted)"}


@pytest.mark.parametrize("task", Task)
def test_upkeep_sorts_on_the_disk_and_what_comes_between_does_not(
    tmp_path: Path, task: Task
) -> None:
    library = tmp_path / "l.clew"
    imports(library, b.write(tmp_path / "a.jsonl", b.prompt("u"), b.calls("c", "t")))
    with closing(open_writer(library)) as db:
        during: list[str] = []
        upkeep = Upkeep(db, task, lambda _event: during.append(sorts(db)))
        between = [sorts(db)]
        while upkeep.step():
            between.append(sorts(db))
        between.append(sorts(db))

    assert set(during) == {"FILE"}
    assert set(between) == {"MEMORY"}


def test_upkeep_that_is_stopped_inside_a_statement_leaves_sorts_in_memory(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    imports(library, b.write(tmp_path / "a.jsonl", b.prompt("u")))
    with closing(open_writer(library)) as db:
        upkeep = Upkeep(db, Task.REINDEX, lambda _event: None)
        upkeep.step()
        upkeep.cancel()
        assert not upkeep.step()

        assert sorts(db) == "MEMORY"


def test_steps_of_the_schema_sort_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sorted_in: list[str] = []

    def step(db: WritingConnection, _number: int, _sql: str) -> None:
        sorted_in.append(sorts(db))

    monkeypatch.setattr("core.store.migrate._step", step)
    with closing(open_writer(tmp_path / "l.clew")) as db:
        migrate(db, tmp_path / "l.clew")

        assert set(sorted_in) == {"FILE"}
        assert sorts(db) == "MEMORY"
