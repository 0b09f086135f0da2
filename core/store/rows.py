"""Many rows in one statement.

Beginning and ending a statement takes SQLite longer than most rows do, above all where a trigger
hangs on the table, and Python gives its lock away each time: with a row each, readers on other
threads hold the writer up at every one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from sqlite3 import Connection
from typing import Any, Final, NamedTuple, Self

_SIZES = (50, 8)  # rows in a statement; what is left over goes in one by one

# How a column of rows whose ids are counted from a `Base` is written; see there.
MESSAGE: Final = "{} + ?1"
BLOCK: Final = "{} + ?2"
REPLY: Final = "{} + ?3"
SESSION: Final = "?4"  # takes no value of the row
AS_IT_IS: Final = "{}"


class Base(NamedTuple):
    """What the ids in rows are counted from that were made without a look at the library.

    SQLite adds it while it writes: rows that come from elsewhere are bound as they came. With
    nothing but the session, ids in rows are those of the library.
    """

    message: int
    block: int
    reply: int
    session: int


@dataclass(slots=True)
class Rows:
    """Rows of *width* values each, one behind the other.

    As a tuple each they would be made, sent between processes and taken apart for nothing.
    """

    width: int
    values: list[object] = field(default_factory=list[object])

    @classmethod
    def of(cls, width: int, rows: Iterable[Sequence[object]]) -> Self:
        """Return *rows*."""
        return cls(width, [value for row in rows for value in row])

    def add(self, row: tuple[object, ...]) -> None:
        """Put *row* behind the others."""
        self.values += row

    def column(self, place: int) -> list[Any]:
        """Return the values at *place* of all rows; their type is that of the statement's."""
        return self.values[place :: self.width]

    def fill(self, place: int, values: Sequence[object]) -> None:
        """Put *values* at *place* of all rows, one in each."""
        self.values[place :: self.width] = values

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.values) // self.width


def insert(  # noqa: PLR0913  rows, and what their ids are counted from
    db: Connection,
    into: str,
    rows: Rows,
    ending: str = "",
    *,
    columns: tuple[str, ...] = (),
    base: Base | None = None,
) -> None:
    """Insert *rows*; *into* is the statement up to ``VALUES``.

    *ending* is what stands behind the values. A row is what its statement takes, in order:
    without *columns* one value for each, else as these say, with ids counted from *base*.
    Not for full-text tables, which would cut their index at every statement.
    """
    first: list[object] = [] if base is None else list(base)
    values, width = rows.values, rows.width
    shape = columns or (AS_IT_IS,) * width
    done = 0
    for size in _SIZES:
        while len(values) - done >= size * width:
            many = values[done : done + size * width]
            db.execute(_statement(into, shape, size, ending), first + many if first else many)
            done += size * width
    if done < len(values):
        left = (first + values[at : at + width] for at in range(done, len(values), width))
        db.executemany(_statement(into, shape, 1, ending), left)


@lru_cache(maxsize=64)
def _statement(into: str, shape: tuple[str, ...], rows: int, ending: str) -> str:
    based = any(one not in {AS_IT_IS, "1"} for one in shape)
    numbers = count(5 if based else 1)
    row = ", ".join
    values = (
        row(one.format(f"?{next(numbers)}") if "{}" in one else one for one in shape)
        for _ in range(rows)
    )
    return f"{into} VALUES {', '.join(f'({one})' for one in values)} {ending}"
