"""Every index of the library is one that a statement is run with, or that a key needs.

An index costs each insert some of its time and the library some of its size. One that no statement
uses fails here until it is dropped or stands in the table below with its reason.
"""

import ast
import importlib
import pkgutil
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

import core
from core.queries.statements import plan
from core.store import optimising, packing
from tests.bench import corpus
from tests.library import imports, writing

_MESSAGES = 1_000  # of the library: enough for the planner to prefer an index
_STATEMENT = re.compile(r"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b")
_INDEX = re.compile(r"INDEX (\w+)")
# Indexes that no statement names, and why they are there all the same.
_NEEDED = {
    "rows of another table go with theirs, which is found by it": {"stretch_by_thread"},
}


def _constants(value: object) -> Iterator[str]:
    """Yield the statements in *value*, a constant of a module."""
    if isinstance(value, str):
        if _STATEMENT.match(value):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _constants(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _constants(one)


def _statements() -> set[str]:
    """Return every statement that stands in the code as a whole, the writer's own too."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(core.__path__, "core."):
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if name.lstrip("_").isupper():
                found.update(_constants(value))
        for node in ast.walk(ast.parse(Path(str(loaded.__file__)).read_text())):
            if isinstance(node, ast.Constant):
                found.update(_constants(node.value))
    return found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    corpus.write(folder / "logs", _MESSAGES)
    imports(folder / "library.clew", folder / "logs")
    with writing(folder / "library.clew") as (db, _):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "library.clew"


@pytest.fixture(scope="module")
def used(library: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The indexes by which statements are run, before an upkeep and after one."""
    later = tmp_path_factory.mktemp("kept") / "library.clew"
    shutil.copy(library, later)
    with writing(later) as (db, _):
        for _step in optimising.statistics(db):
            pass
    found: set[str] = set()
    for path in (library, later):
        with closing(sqlite3.connect(path)) as asked:
            packing.register(asked)
            for sql in _statements():
                found.update(name for step in plan(asked, sql) for name in _INDEX.findall(step))
    return found


@pytest.fixture
def db(library: Path) -> Iterator[Connection]:
    with closing(sqlite3.connect(library)) as found:
        yield found


def _indexes(db: Connection) -> dict[str, str]:
    """Return the table of each index that a step of the schema makes by its name."""
    rows = db.execute("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql > ''")
    return dict(rows.fetchall())


def test_every_index_is_used(db: Connection, used: set[str]) -> None:
    reasons = {name for names in _NEEDED.values() for name in names}

    assert set(_indexes(db)) - used == reasons


def test_what_no_statement_uses_is_what_a_foreign_key_is_found_by(db: Connection) -> None:
    tables = _indexes(db)
    for name in {name for names in _NEEDED.values() for name in names}:
        first = db.execute(f"PRAGMA index_info({name})").fetchone()[2]
        keys = [key[3] for key in db.execute(f"PRAGMA foreign_key_list({tables[name]})")]
        assert first in keys


def test_no_index_is_the_beginning_of_another(db: Connection) -> None:
    columns = {
        name: (
            table,
            tuple(row[2] for row in db.execute(f"PRAGMA index_info({name})")),
            _condition(db, name),
        )
        for name, table in _indexes(db).items()
    }
    twice = [
        (name, other)
        for name, (table, mine, when) in columns.items()
        for other, (on, theirs, then) in columns.items()
        if name != other and table == on and when == then and None not in mine
        if theirs[: len(mine)] == mine
    ]

    assert twice == []


def _condition(db: Connection, index: str) -> str:
    """Return which rows *index* holds; "" means all."""
    asked = "SELECT sql FROM sqlite_schema WHERE name = ?"
    return str(db.execute(asked, (index,)).fetchone()[0]).partition("WHERE")[2]
