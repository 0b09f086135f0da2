"""The rows of a statement as one value: beside a busy thread each row costs more than it seems.

Python's module gives its lock away for each step of a statement, and takes it again: while another
thread works in Python too, such as an import, that lets the two of them wait for each other once
for each row. An array of all rows is one step, made and packed texts read without the lock.
"""

from collections.abc import Mapping, Sequence
from sqlite3 import Connection, OperationalError
from types import MappingProxyType
from typing import Any, Final

import orjson

from core.unpacking import unpacker

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


def rows(
    db: Connection,
    sql: str,
    names: Sequence[str],
    asked: Mapping[str, object],
    kept: Mapping[str, int] = _NONE,
) -> list[list[Any]]:
    """Return the rows of *sql*, each with its columns *names*, in its order if it has a LIMIT.

    Those of *kept* are texts as the library keeps them. They come unpacked, each cut to as many
    characters as that says. Numbers with a fraction have fifteen digits; there are no bytes.
    All rows are in memory twice for a moment: for some hundreds, no more.

    Raises:
        sqlite3.OperationalError: a text of the library is damaged, so that it is no text.
    """
    cells = [_cell(name, kept[name]) if name in kept else name for name in names]
    values = [f"json_group_array(json_array({', '.join(cells)}))", *map(_frames, kept)]
    array, *frames = _one(db, sql, values, asked)
    found = _loaded(array)
    for (name, most), data in zip(kept.items(), frames, strict=True):
        _unpack(db, found, names.index(name), most, data)
    return found


def columns(
    db: Connection, sql: str, names: Sequence[str], asked: Mapping[str, object]
) -> list[list[Any]]:
    """Return the columns *names* of the rows of *sql*; otherwise as `rows` without texts kept."""
    arrays = ", ".join(f"json_group_array({name})" for name in names)
    (value,) = _one(db, sql, [f"json_array({arrays})"], asked)
    return _loaded(value)


def _one(
    db: Connection, sql: str, values: Sequence[str], asked: Mapping[str, object]
) -> tuple[bytes, ...]:
    # As bytes: Python would make a text of each, only for it to be read again.
    wanted = ", ".join(f"CAST({value} AS BLOB)" for value in values)
    found: tuple[bytes, ...] = db.execute(f"SELECT {wanted} FROM ({sql})", asked).fetchone()  # noqa: S608  constants
    return found


def _loaded(array: bytes) -> list[list[Any]]:
    try:
        found: list[list[Any]] = orjson.loads(array)
    except orjson.JSONDecodeError as error:  # as Python's module says it of a text that it reads
        raise OperationalError("Could not decode to UTF-8") from error
    return found


def _cell(name: str, most: int) -> str:
    """Return the text *name* itself, or in place of one that is packed the bytes of its frame."""
    return f"CASE typeof({name}) WHEN 'blob' THEN length({name}) ELSE substr({name}, 1, {most}) END"


def _frames(name: str) -> str:
    """Return all packed texts *name*, one behind the other."""
    return f"coalesce(group_concat(CASE typeof({name}) WHEN 'blob' THEN {name} END, ''), '')"


def _unpack(db: Connection, found: list[list[Any]], place: int, most: int, frames: bytes) -> None:
    if not frames:
        return
    packed = [row for row in found if isinstance(row[place], int)]
    texts = unpacker(db).beginnings(frames, [row[place] for row in packed], most)
    for row, text in zip(packed, texts, strict=True):
        row[place] = text
