"""Write the schema that a new library begins with, from the steps: `schema.py`.

Fourteen steps, many of which alter tables, take three times as long as making the tables as they
are in the end. A new library gets them so; one that is there goes step by step, as before. A test
holds the file to what this script would write, and a library made by it to one made by the steps.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from core.store import migrate
from core.store.connection import open_writer

FOLDER: Final = Path(migrate.__file__).parent / "migrations"
_OBJECTS: Final = "SELECT type, name, sql FROM sqlite_master WHERE sql <> '' ORDER BY rowid"
_OWN: Final = "sqlite_"  # how the names of what SQLite makes itself begin
_OF_INDEX: Final = "search_"  # likewise FTS5 for the table search
_WORDS: Final = "search_term"  # that begins so, but is ours


def main() -> None:
    """Write the file anew, and remove that of fewer steps."""
    last = max(migrate.steps())
    for old in FOLDER.glob("0001-*.sql"):
        old.unlink()
    (FOLDER / f"0001-{last:04}.sql").write_text(written(), encoding="utf-8")


def written() -> str:
    """Return what the steps come to, as one script."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.clew"
        with closing(open_writer(path)) as db:
            migrate.by_steps(db, migrate.steps())
            lines = ["-- What the steps come to. Written by packaging/schema.py.", *_made(db)]
            lines += _filled(db)
    return "\n\n".join(lines) + "\n"


def _made(db: Connection) -> Iterator[str]:
    for _kind, name, sql in db.execute(_OBJECTS).fetchall():
        if not _is_made_along(name):
            yield f"{sql};"


def _filled(db: Connection) -> Iterator[str]:
    """Yield statements for the rows that a new library has."""
    tables = [name for kind, name, _ in db.execute(_OBJECTS).fetchall() if kind == "table"]
    for table in tables:
        if _is_made_along(table) or table in {"search", _WORDS}:
            continue
        for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608  names of our own tables
            values = ", ".join(_quoted(db, value) for value in row)
            yield f"INSERT INTO {table} VALUES ({values});"  # noqa: S608  quoted by SQLite
    for key, value in db.execute("SELECT k, v FROM search_config WHERE k <> 'version' ORDER BY k"):
        values = f"{_quoted(db, key)}, {value}"
        yield f"INSERT INTO search (search, rank) VALUES ({values});"  # noqa: S608  likewise


def _is_made_along(name: str) -> bool:
    """Tell whether what is called *name* is made with something else."""
    return name.startswith(_OWN) or (name.startswith(_OF_INDEX) and name != _WORDS)


def _quoted(db: Connection, value: object) -> str:
    return str(db.execute("SELECT quote(?)", (value,)).fetchone()[0])


if __name__ == "__main__":
    main()
