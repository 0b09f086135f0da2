"""Where a connection sorts: in memory, but on the disk while it does upkeep.

What upkeep sorts may be as large as the library: every id of a check, every entry of an index that
is made. SQLite keeps some megabytes of it then (the connection's cache) and writes the rest to a
file that is only this user's and has no name from its first moment on.
"""

from collections.abc import Generator
from contextlib import contextmanager
from sqlite3 import Connection


@contextmanager
def on_disk(db: Connection) -> Generator[None]:
    """Have *db* sort on the disk while the body runs. Its temporary tables are lost both times.

    The body begins and ends outside of a transaction.
    """
    db.execute("PRAGMA temp_store = FILE")
    try:
        yield
    finally:
        db.execute("PRAGMA temp_store = MEMORY")
