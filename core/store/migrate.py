"""Brings a library to this version's schema, with a backup first."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from glob import escape
from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from core.errors import NewerLibraryError
from core.store.connection import translated
from core.store.sorting import on_disk

_STEP: Final = re.compile(r"([0-9]{4})_\w+\.sql")
_AT_ONCE: Final = re.compile(r"0001-([0-9]{4})\.sql")  # what the first steps come to


def steps() -> dict[int, str]:
    """Return the SQL of every step by its number, from 1, without gaps."""
    return dict(sorted(_read(_STEP)))


def at_once() -> tuple[int, str]:
    """Return the SQL that a new library begins with, and the step that it is brought to."""
    return max(_read(_AT_ONCE))


def _read(named: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for entry in files("core.store.migrations").iterdir():
        if match := named.fullmatch(entry.name):
            yield int(match[1]), entry.read_text("utf-8")


def migrate(db: Connection, path: Path) -> int:
    """Apply the steps *db*, the open library at *path*, lacks; return how many that were.

    Before the first step on a library that holds data, the whole file is copied beside it
    (``library.clew.before-N``) with SQLite's own backup. A step and its number are one
    transaction; a new library gets what the steps come to in one, a third of the time.

    Raises:
        NewerLibraryError: the library has a step that this version does not know.
        StoreError: a step failed; the library is as it was before that step.
    """
    todo = steps()
    want = max(todo)
    with translated(path):
        have = int(db.execute("PRAGMA user_version").fetchone()[0])
        if have > want:
            raise NewerLibraryError(
                f"The library {path} was made by a newer Clew; it was left as it is."
            )
        if 0 < have < want:
            back_up(db, path.with_name(f"{path.name}.before-{want}"))
        # A step may make a table anew; its old one must not take the rows below it along.
        db.execute("PRAGMA foreign_keys = OFF")
        try:
            with on_disk(db):  # a step may make an index of all there is
                by_steps(db, todo, have or _begun(db))
        finally:
            db.execute("PRAGMA foreign_keys = ON")
    return want - have


def by_steps(db: Connection, todo: Mapping[int, str], have: int = 0) -> None:
    """Apply those of the steps *todo* that are behind *have*, one by one."""
    for number in range(have + 1, max(todo) + 1):
        _step(db, number, todo[number])


def _begun(db: Connection) -> int:
    """Make the tables of *db*, a new library; return the step that they are of."""
    number, sql = at_once()
    _step(db, number, sql)
    return number


def backups(path: Path) -> list[Path]:
    """Return the copies that were made of the library at *path* before its steps, and are there."""
    return sorted(path.parent.glob(f"{escape(path.name)}.before-*[0-9]"))


def _step(db: Connection, number: int, sql: str) -> None:
    try:
        # executescript() commits first, so the transaction is inside the script.
        db.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};")
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise sqlite3.IntegrityError(f"step {number} left rows that belong to nothing")
        db.execute("COMMIT")
    except sqlite3.DatabaseError:
        if db.in_transaction:
            db.execute("ROLLBACK")
        # Another process may have done the same step while we waited for its lock.
        if int(db.execute("PRAGMA user_version").fetchone()[0]) < number:
            raise


def back_up(db: Connection, target: Path) -> None:
    """Copy the library *db* to *target* (mode 0600), replacing only a whole older copy."""
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    # A second connection to a file of ours that nobody else knows yet.
    copy = sqlite3.connect(half)  # noqa: TID251  the backup API needs a plain target
    try:
        db.backup(copy)
    finally:
        copy.close()
    half.replace(target)
