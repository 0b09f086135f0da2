"""How a connection is set: its pragmas, and what they are in words."""

from sqlite3 import Connection
from typing import Final

from core.store.checkpoints import LARGE_BYTES

WRITER: Final = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -4000",  # KiB; 16 MB made no import faster, see docs/storage.md
    "PRAGMA mmap_size = 0",  # an I/O error under mmap kills the process
    "PRAGMA cell_size_check = ON",
    f"PRAGMA journal_size_limit = {LARGE_BYTES}",
    "PRAGMA wal_autocheckpoint = 16384",  # a net below the policy of `Checkpoints`
    "PRAGMA temp_store = MEMORY",
)
READER: Final = (
    "PRAGMA query_only = ON",
    "PRAGMA cache_size = -4000",
    "PRAGMA mmap_size = 0",
    "PRAGMA wal_autocheckpoint = 0",  # only the writer checkpoints
    "PRAGMA temp_store = MEMORY",
)
_PRAGMAS: Final = (
    "journal_mode", "synchronous", "page_size", "auto_vacuum", "cache_size", "mmap_size",
    "temp_store", "foreign_keys", "query_only", "busy_timeout", "wal_autocheckpoint",
    "journal_size_limit", "user_version",
)  # fmt: skip
_WORDS: Final = {  # what SQLite says in numbers
    "synchronous": ("OFF", "NORMAL", "FULL", "EXTRA"),
    "auto_vacuum": ("NONE", "FULL", "INCREMENTAL"),
    "temp_store": ("DEFAULT", "FILE", "MEMORY"),
    "foreign_keys": ("OFF", "ON"),
    "query_only": ("OFF", "ON"),
}


def settings(db: Connection) -> tuple[tuple[str, str], ...]:
    """Return how *db* is set: pragma and value, in a fixed order. Reads no table."""
    return tuple((name, _said(name, db.execute(f"PRAGMA {name}").fetchone())) for name in _PRAGMAS)


def _said(name: str, row: tuple[object] | None) -> str:
    value = "" if row is None else row[0]
    known = _WORDS.get(name)
    if known is not None and isinstance(value, int) and 0 <= value < len(known):
        return known[value]
    return str(value)
