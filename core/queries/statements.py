"""The statements of this package by name, and how SQLite runs them."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Final, cast

import core.queries

_STATEMENT: Final = re.compile(r"\s*(?:SELECT|WITH)\s")
_GIVEN: Final = re.compile(r"[:@$]([A-Za-z_]\w*)|\?")


def statements() -> dict[str, str]:
    """Return every constant of this package that is a statement, as "module.constant[key]".

    Parts that statements are made of do not begin like one, and are left out.
    """
    found: dict[str, str] = {}
    for module in sorted(one.name for one in pkgutil.iter_modules(core.queries.__path__)):
        members = vars(importlib.import_module(f"core.queries.{module}"))
        for name, value in members.items():
            if name.lstrip("_").isupper():
                for key, sql in _found(value):
                    found.setdefault(f"{module}.{name.strip('_').lower()}{key}", sql)
    return found


def names() -> dict[str, str]:
    """Return the names of all statements by what they say, those of other modules' first home."""
    named: dict[str, str] = {}
    for name, sql in statements().items():
        named.setdefault(sql, name)
    return named


def plan(db: Connection, sql: str) -> tuple[str, ...]:
    """Return the steps in which SQLite would run *sql*; nothing is run. Empty: no statement."""
    given: dict[str, int] | tuple[int, ...]
    asked = _GIVEN.findall(sql)
    given = dict.fromkeys(asked, 1) if any(asked) else (1,) * len(asked)
    try:
        found = db.execute(f"EXPLAIN QUERY PLAN {sql}", given).fetchall()
    except sqlite3.DatabaseError:
        return ()
    return tuple(str(detail) for *_, detail in found)


def _found(value: object) -> Iterator[tuple[str, str]]:
    """Yield the statements in *value*, a constant, each with the key that leads to it."""
    if isinstance(value, str):
        if _STATEMENT.match(value):
            yield "", value
    elif isinstance(value, Mapping):
        for key, one in cast("Mapping[object, object]", value).items():
            for inner, sql in _found(one):
                yield f"[{_key(key)}]{inner}", sql
    elif isinstance(value, tuple | list):
        for number, one in enumerate(cast("Sequence[object]", value)):
            for inner, sql in _found(one):
                yield f"[{number}]{inner}", sql


def _key(key: object) -> str:
    if isinstance(key, tuple):
        return ", ".join(str(one) for one in cast("tuple[object, ...]", key))
    return str(key)
