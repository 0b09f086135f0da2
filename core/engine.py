"""The stages wired together: commands in, commits and events out.

The engine's thread owns the only writable connection from `open_writer` to `close`.
Commands reach it through one queue, whoever gives them: the window, the watcher, a door.
"""

import logging
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeAlias

from core.config import Config
from core.errors import CoreError
from core.events import (
    EngineFailed,
    EventSink,
    LibraryReady,
    PricesFailed,
    PricesRead,
    WatchDegraded,
)
from core.files.discover import SourceFile, find
from core.files.watch import Watcher
from core.importing import import_files
from core.ingest import Ingest, Tally
from core.pricing import priced_writer, read_again
from core.store.connection import open_writer, translated
from core.store.migrate import migrate
from core.store.writer import Writer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AddRoots:
    """Import what is below *roots*, and follow it from then on if *watch* is set."""

    roots: tuple[Path, ...]
    watch: bool = True


@dataclass(frozen=True, slots=True)
class FileTouched:
    """The file at *path* may have changed."""

    path: Path


@dataclass(frozen=True, slots=True)
class ReadPrices:
    """The person's own prices may have changed: price every reply by what they say now."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the engine's loop after the commit in hand."""


Command: TypeAlias = AddRoots | FileTouched | ReadPrices | Stop


class Engine:
    """Imports and follows transcripts.

    `submit`, `cancel` and `stop` may be called from any thread.
    """

    def __init__(self, config: Config, publish: EventSink) -> None:
        """Prepare; nothing is opened before `run`."""
        self._config = config
        self._publish = publish
        # Every command goes with the event that cancels it if it is an import.
        self._inbox: SimpleQueue[tuple[Command, threading.Event]] = SimpleQueue()
        self._halted = threading.Event()  # of what is asked from now on
        self._stopping = False
        self.tally = Tally()

    def submit(self, command: Command) -> None:
        """Ask the engine for something; returns at once."""
        self._inbox.put((command, self._halted))

    def cancel(self) -> None:
        """Stop every import asked for so far, the one in hand after its current commit.

        What was committed stays; what is asked for later is not meant.
        """
        self._halted, halted = threading.Event(), self._halted
        halted.set()

    def stop(self) -> None:
        """End `run` after the commit in hand; returns at once."""
        self._stopping = True
        self.cancel()
        self.submit(Stop())

    def run(self) -> None:
        """Open the library and serve commands until `stop`. One bad file never ends it.

        Publishes `EngineFailed` when the library cannot be used, or when a bug ends it: this
        is the top of the engine's thread, whoever made that.
        """
        watcher = Watcher(lambda path: self.submit(FileTouched(path)))
        try:
            with closing(open_writer(self._config.library)) as db:
                migrate(db, self._config.library)
                writer, trouble = priced_writer(db, self._config.library)
                self._publish(LibraryReady(str(self._config.library)))
                if trouble:
                    self._publish(PricesFailed(trouble))
                self._serve(writer, Ingest(writer, self.tally), watcher)
                db.execute("PRAGMA optimize")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except CoreError as error:
            self._publish(EngineFailed(str(error)))
        except sqlite3.DatabaseError as error:
            self._publish(EngineFailed(f"The library cannot be used: {error}."))
        except Exception as error:
            log.exception("the engine died")
            self._publish(EngineFailed(f"The engine stopped because of a bug: {error!r}."))
        finally:
            watcher.close()

    def _serve(self, writer: Writer, ingest: Ingest, watcher: Watcher) -> None:
        while True:
            command, halted = self._inbox.get()
            match command:
                case Stop():
                    return
                case AddRoots(roots, watch):
                    # Watching first: what is written during the import is not missed.
                    trouble = watcher.add(roots) if watch else ""
                    if trouble:
                        self._publish(WatchDegraded(trouble))
                    self._import(ingest, roots, halted)
                case ReadPrices():
                    self._price(writer)
                case FileTouched(path):
                    if not self._touched(ingest, path):
                        return
            if self._stopping:
                return

    def _touched(self, ingest: Ingest, first: Path) -> bool:
        """Read the files that the queue names, each once; return False at a `Stop`."""
        paths = {first: None}
        rest: list[tuple[Command, threading.Event]] = []
        try:
            while True:
                item = self._inbox.get_nowait()
                if isinstance(item[0], FileTouched):
                    paths[item[0].path] = None
                else:
                    rest.append(item)
        except Empty:
            pass
        for path in paths:
            self._read(ingest, path)
        for item in rest:
            self._inbox.put(item)
        return not self._stopping

    def _read(self, ingest: Ingest, path: Path) -> None:
        if path.is_symlink():
            return  # only a scan of its root can tell whether it leads out of there
        for found in find((path,)):
            if not isinstance(found, SourceFile):
                continue  # gone again, or no transcript: what was read of it stays
            with translated(self._config.library):
                for changes, _ in ingest.file(found):
                    for change in changes:
                        self._publish(change)
                    if self._stopping:
                        return

    def _price(self, writer: Writer) -> None:
        with translated(self._config.library):
            changed, trouble = read_again(writer, self._config.library)
        if trouble:
            self._publish(PricesFailed(trouble))
        self._publish(PricesRead(changed))

    def _import(self, ingest: Ingest, roots: Sequence[Path], halted: threading.Event) -> None:
        with translated(self._config.library):
            end = import_files(ingest, roots, halted, self._publish)
        log.info("import: %d files, %d changed, %.1f s", end.files, end.files_changed, end.seconds)
        self._publish(end)
