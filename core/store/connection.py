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

from typing_extensions import override

from core.courtesy import RightOfWay
from core.errors import ForeignFileError, StoreError
from core.store import journaling, packing
from core.store.checkpoints import Checkpoints
from core.store.locking import Hold, take
from core.store.settings import READER, WRITER
from core.store.timing import TimedConnection, Timings

APPLICATION_ID = 0x436C6577  # "Clew" in ASCII; the mark in the file's header
_STEPS = 500  # of SQLite's machine, about a dozen inserts, between two looks at who goes first
_STATEMENTS = 256  # kept prepared by the writer: an import uses 170, some of them 900 values long
BUSY_MS = 5000  # how long a connection waits for another's lock


class WritingConnection(Connection):
    """The writer, with what looks after its write-ahead log behind every commit."""

    checkpoints: Checkpoints
    hold: Hold | None = None  # what keeps other writers out
    way: RightOfWay | None = None  # who goes first on other threads, if anybody
    synchronous = "NORMAL"  # as a rule

    @override
    def close(self) -> None:
        """Close it, and then let others write."""
        try:
            super().close()
        finally:
            if self.hold is not None:
                self.hold.release()

    def give_way(self) -> None:
        """Look after who goes first while statements run; ends what else was done meanwhile."""
        if self.way is None:
            self.set_progress_handler(None, 0)
        else:
            self.set_progress_handler(self.way.give, _STEPS)


def reserve(path: Path, what: str = "", patience: float | None = None) -> Hold:
    """Take the right to write to the library *path* for *what*: see `core.store.locking`.

    Makes the file (mode 0600) and its folder (0700) if needed. Waits *patience* seconds, if
    somebody else has it; None: as long as for a lock of SQLite's.

    Raises:
        HeldError: somebody else still has it.
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
        _refuse_foreign(path)
    return take(path, what, patience=BUSY_MS / 1000 if patience is None else patience)


def open_writer(
    path: Path,
    way: RightOfWay | None = None,
    *,
    hold: Hold | None = None,
    what: str = "",
    patience: float | None = None,
) -> WritingConnection:
    """Open *path* for writing; there is one such connection at a time, over all processes.

    The caller owns the connection and closes it on the thread that opened it. Its statements
    let others go first if there is a *way* to tell that they want to. The right to write is
    *hold*, which goes with the connection whatever happens, or is taken as `reserve` does.

    Raises:
        HeldError: somebody else writes.
        ForeignFileError: the file is some other program's, or no database at all.
        StoreError: the file cannot be opened or made.
    """
    hold = reserve(path, what, patience) if hold is None else hold
    try:
        with translated(path):
            db = _open_to_write(path)
    except BaseException:
        hold.release()
        raise
    db.hold, db.way = hold, way
    db.checkpoints = Checkpoints(db, path)
    db.give_way()
    return db


def _open_to_write(path: Path) -> WritingConnection:
    db = _connect(path)
    try:
        new = db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID
        if new:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # has no effect once a table exists
        if not journaling.has_log(db):
            db.close()
            db = _connect(path)
            journaling.keep_journal(db)
        if new:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        packing.register(db)
        path.chmod(0o600)  # ours, but perhaps copied here by somebody
        for pragma in WRITER:
            db.execute(pragma)
        db.synchronous = journaling.adapt(db)
    except BaseException:
        db.close()
        raise
    return db


def _connect(path: Path) -> WritingConnection:
    return sqlite3.connect(
        path, isolation_level=None, timeout=BUSY_MS / 1000, factory=WritingConnection,
        cached_statements=_STATEMENTS,
    )  # fmt: skip


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
            for pragma in READER:
                db.execute(pragma)
            db.timings = timings
        except BaseException:
            db.close()
            raise
    return db


def _open_to_read(path: Path, *, immutable: bool = False) -> TimedConnection:
    address = path.absolute().as_uri() + "?mode=ro"
    log = path.with_name(path.name + "-wal")
    if immutable or (not os.access(path.parent, os.W_OK) and not log.exists()):
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


def _refuse_foreign(path: Path) -> None:
    # Looked at through a connection that only reads: another one would, on closing,
    # write back what a program that crashed had left in its -wal.
    try:
        with closing(_open_to_read(path)) as looker:
            ours = _may_be_ours(looker)
    except sqlite3.OperationalError as error:
        if not journaling.is_refused(error):
            raise
        # There is a journal to be rolled back, or a log that cannot be read here.
        with closing(_open_to_read(path, immutable=True)) as looker:
            ours = _may_be_ours(looker)
    if not ours:
        raise ForeignFileError(f"{path} is not a Clew library; it was left as it is.")


def _may_be_ours(db: Connection) -> bool:
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    if mark == APPLICATION_ID:
        return True
    empty = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    return bool(mark == 0 and empty)


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
        usual = db.synchronous if isinstance(db, WritingConnection) else "NORMAL"
        db.execute(f"PRAGMA synchronous = {usual}")


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
    ("SQLITE_READONLY_ROLLBACK", "Something was left half written; `clew import` takes it back."),
    ("SQLITE_READONLY", "The library cannot be written to."),
    ("SQLITE_CANTOPEN", "The library cannot be opened."),
    ("SQLITE_IOERR", "The disk did not answer as it should; what was read so far is safe."),
    ("SQLITE_CORRUPT", "The library is damaged, or its disk cannot be read; `clew check` tells."),
)
