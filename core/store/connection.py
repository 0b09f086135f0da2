"""Connections to the library: the one writer, the read-only readers, and nothing else.

Every connection Clew opens comes from here, so that its pragmas are the same everywhere.
"""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection

from core.courtesy import RightOfWay
from core.errors import ForeignFileError, StoreError
from core.store import packing
from core.store.checkpoints import LARGE_BYTES, Checkpoints
from core.store.timing import TimedConnection, Timings

APPLICATION_ID = 0x436C6577  # "Clew" in ASCII; the mark in the file's header
_STEPS = 500  # of SQLite's machine, about a dozen inserts, between two looks at who goes first
_STATEMENTS = 256  # kept prepared by the writer: an import uses 170, some of them 900 values long
BUSY_MS = 5000  # how long a connection waits for another's lock

_WRITER = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",  # a crash of Clew loses nothing; see docs/storage.md
    "PRAGMA cache_size = -4000",  # KiB; 16 MB made no import faster, see docs/storage.md
    "PRAGMA mmap_size = 0",  # an I/O error under mmap kills the process
    "PRAGMA cell_size_check = ON",
    f"PRAGMA journal_size_limit = {LARGE_BYTES}",
    "PRAGMA wal_autocheckpoint = 16384",  # a net below the policy of `Checkpoints`
    "PRAGMA temp_store = MEMORY",
)
_READER = (
    "PRAGMA query_only = ON",
    "PRAGMA cache_size = -4000",
    "PRAGMA mmap_size = 0",
    "PRAGMA wal_autocheckpoint = 0",  # only the writer checkpoints
    "PRAGMA temp_store = MEMORY",
)


class WritingConnection(Connection):
    """The writer, with what looks after its write-ahead log behind every commit."""

    checkpoints: Checkpoints
    way: RightOfWay | None = None  # who goes first on other threads, if anybody

    def give_way(self) -> None:
        """Look after who goes first while statements run; ends what else was done meanwhile."""
        if self.way is None:
            self.set_progress_handler(None, 0)
        else:
            self.set_progress_handler(self.way.give, _STEPS)


def open_writer(path: Path, way: RightOfWay | None = None) -> WritingConnection:
    """Open *path* for writing, making the file (mode 0600) and its folder (0700) if needed.

    The caller owns the connection and closes it on the thread that opened it. Its statements
    let others go first if there is a *way* to tell that they want to.

    Raises:
        ForeignFileError: the file is some other program's, or no database at all.
        StoreError: the file cannot be opened or made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before SQLite sees it, so that it and its -wal and -shm are private from birth.
        _make_private(path)
    except OSError as error:
        raise StoreError(f"The library {path} cannot be opened: {error.strerror}.") from error
    with translated(path):
        # Looked at through a connection that only reads: another one would, on closing,
        # write back what a program that crashed had left in its -wal.
        with closing(_open_to_read(path)) as looker:
            _refuse_foreign(looker, path)
        db = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_MS / 1000, factory=WritingConnection,
            cached_statements=_STATEMENTS,
        )  # fmt: skip
        db.checkpoints = Checkpoints(db, path)
        try:
            packing.register(db)
            _claim(db, path)
            path.chmod(0o600)  # ours, but perhaps copied here by somebody
            for pragma in _WRITER:
                db.execute(pragma)
        except BaseException:
            db.close()
            raise
        db.way = way
        db.give_way()
    return db


def _make_private(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
    # Never a file that is there: closing it would let go of the locks that SQLite has on it for
    # our other connections, which is how the system treats locks of one process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, flags, 0o600))


def open_reader(path: Path, timings: Timings | None = None) -> TimedConnection:
    """Open *path* for reading only. It may be used on any one thread at a time.

    How long its statements take goes to *timings*, if there are any.

    Raises:
        StoreError: there is no library, or it cannot be read.
    """
    if not path.exists():
        raise StoreError(f"There is no library at {path}; import something first.")
    with translated(path):
        db = _open_to_read(path)
        try:
            packing.register(db)
            _recognise(db, path)
            for pragma in _READER:
                db.execute(pragma)
            db.timings = timings
        except BaseException:
            db.close()
            raise
    return db


def _open_to_read(path: Path) -> TimedConnection:
    address = path.absolute().as_uri() + "?mode=ro"
    log = path.with_name(path.name + "-wal")
    if not os.access(path.parent, os.W_OK) and not log.exists():
        # Without a place for its shared memory a WAL file can only be read as one that
        # nobody changes, which is true of a disk that nobody can write to.
        address += "&immutable=1"
    return sqlite3.connect(
        address,
        uri=True,
        isolation_level=None,
        timeout=BUSY_MS / 1000,
        check_same_thread=False,
        factory=TimedConnection,
    )


def _recognise(db: Connection, path: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise ForeignFileError(f"{path} is not a Clew library.")


def _refuse_foreign(db: Connection, path: Path) -> None:
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    if mark == APPLICATION_ID:
        return
    empty = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if mark != 0 or not empty:
        raise ForeignFileError(f"{path} is not a Clew library; it was left as it is.")


def _claim(db: Connection, path: Path) -> None:
    """Mark a new file as ours."""
    if db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return
    db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # has no effect once a table exists
    reply = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if reply != "wal":
        raise StoreError(f"{path} is on a file system without write-ahead logging ({reply}).")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@contextmanager
def transaction(db: Connection) -> Generator[None]:
    """Run the body in one transaction of *db*: all of it happens, or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        commit(db)
    except BaseException:
        if db.in_transaction:  # a full disk has already rolled it back
            db.execute("ROLLBACK")
        raise


@contextmanager
def decision(db: Connection) -> Generator[None]:
    """Run the body in one transaction of *db* that not even a power cut takes back.

    For what a person has decided, which stands in no log to be read again. Waits for the disk.
    """
    db.execute("PRAGMA synchronous = FULL")  # refused once a transaction is open
    try:
        with transaction(db):
            yield
    finally:
        db.execute("PRAGMA synchronous = NORMAL")


def commit(db: Connection) -> None:
    """End the transaction of *db*, a writer; its write-ahead log is looked after."""
    db.execute("COMMIT")
    if isinstance(db, WritingConnection):
        db.checkpoints.note_commit()


def promptly(db: Connection) -> AbstractContextManager[None]:
    """Look after *db*'s write-ahead log behind the body, not behind each commit in it."""
    return db.checkpoints.later() if isinstance(db, WritingConnection) else nullcontext()


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Turn SQLite's errors in the body into `StoreError` with a plain sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name == "SQLITE_NOTADB":
            raise ForeignFileError(
                f"{path} is not a Clew library; it was left as it is."
            ) from error
        for prefix, sentence in _SENTENCES:
            if name.startswith(prefix):
                raise StoreError(f"{sentence} ({path})") from error
        if str(error).startswith("no such "):  # table or column: a reader changes nothing
            raise StoreError(
                f"The library {path} is of an earlier version; `clew import` or the window brings "
                f"it up to date ({error})."
            ) from error
        raise StoreError(f"The library {path} cannot be used: {error}.") from error


_SENTENCES = (  # primary result code, what a person is told
    ("SQLITE_FULL", "The disk is full; what was read so far is safe."),
    ("SQLITE_BUSY", "Another program is writing to the library."),
    ("SQLITE_LOCKED", "Another program is writing to the library."),
    ("SQLITE_READONLY", "The library cannot be written to."),
    ("SQLITE_CANTOPEN", "The library cannot be opened."),
    ("SQLITE_IOERR", "The disk did not answer as it should; what was read so far is safe."),
    ("SQLITE_CORRUPT", "The library is damaged; restore a backup or import again."),
)
