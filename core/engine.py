"""The stages wired together: commands in, commits and events out.

The engine's thread owns the only writable connection from `open_writer` to `close`.
Commands reach it through one queue, whoever gives them: the window, the watcher, a door.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeAlias

from core.catching_up import CatchingUp
from core.chores import Chores
from core.config import Config
from core.courtesy import RightOfWay
from core.crew import HELPER
from core.errors import CoreError
from core.events import EngineFailed, EventSink, LibraryReady, PricesFailed, PricesRead
from core.files.live import LivePoll
from core.files.touched import Touched
from core.ingest import Ingest
from core.jobs import run
from core.leisure import Leisure
from core.lookout import Lookout
from core.monitoring.pulse import Pulse
from core.monitoring.report import Writing, told_by
from core.pricing import priced_writer, read_again
from core.queueing import Queue
from core.removal import Chore
from core.store import jobs
from core.store.checkpoints import Checkpoints
from core.store.connection import WritingConnection, open_writer, translated
from core.store.locking import Hold
from core.store.migrate import migrate
from core.store.writer import Writer
from core.tally import Tally
from core.weaving.background import Background
from core.weaving.commands import BackgroundCommand, Resume

log = logging.getLogger(__name__)

_CALM = 0.5  # seconds after a file grew before what can wait is begun


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
class CatchUp:
    """Files were touched: read what is new in them."""


@dataclass(frozen=True, slots=True)
class LookAround:
    """Roots may have come or gone, or news of them was lost: look after them."""


@dataclass(frozen=True, slots=True)
class ReadPrices:
    """The person's own prices may have changed: price every reply by what they say now."""


@dataclass(frozen=True, slots=True)
class Maintain:
    """Do *task* on the library, a slice at a time between other commands, behind others."""

    task: Chore


@dataclass(frozen=True, slots=True)
class _Continue:
    """Do the next slice of the upkeep in hand."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the engine's loop after the commit in hand."""


Command: TypeAlias = (
    AddRoots | FileTouched | CatchUp | LookAround | ReadPrices | BackgroundCommand | Maintain
    | _Continue | Stop
)  # fmt: skip


class Engine:
    """Imports and follows transcripts.

    `submit`, `cancel` and `stop` may be called from any thread.
    """

    def __init__(self, config: Config, publish: EventSink) -> None:
        """Prepare; nothing is opened before `run`."""
        self._config = config
        self._publish = self.pulse = Pulse(publish)
        self.hold: Hold | None = None  # the right to write, if somebody has taken it for this
        self.writing: Callable[[], Writing] = Writing  # what the writer tells; for any thread
        self._chores = Chores(self._publish)
        self.way = RightOfWay()  # for a thread that shows what happens
        self.readers: Callable[[], tuple[str, ...]] = tuple  # who reads, if somebody can tell
        # Every command goes with the event that cancels it if it is an import or a chore.
        self._inbox: SimpleQueue[tuple[Command, threading.Event]] = SimpleQueue()
        self._imports = Queue()  # those among them
        self._ordering = threading.RLock()  # a signal's handler may stop it on any thread
        self._halted = threading.Event()  # of what is asked from now on
        self._stopping = False
        self._touched = Touched(lambda: self.submit(CatchUp()))
        self.tally = Tally()

    def submit(self, command: Command) -> None:
        """Ask the engine for something; returns at once."""
        if isinstance(command, FileTouched):
            self._touch(command.path)
            return
        halted = self._chores.halt if isinstance(command, Maintain) else self._halted
        with self._ordering:  # both have the imports in one order
            if isinstance(command, AddRoots):
                self._imports.add(command.roots)
            self._inbox.put((command, halted))

    def cancel(self) -> None:
        """Stop every import asked for so far, the one in hand after its current commit.

        What was committed stays; what is asked for later is not meant.
        """
        self._halted, halted = threading.Event(), self._halted
        halted.set()

    def cancel_upkeep(self) -> None:
        """End the upkeep and orders asked for so far: see `Chores.cancel`."""
        self._chores.cancel()

    @property
    def queued(self) -> int:
        """How many commands wait."""
        return self._inbox.qsize()

    def stop(self) -> None:
        """End `run` after the commit in hand; returns at once."""
        self.cancel_upkeep()
        self._stopping = True
        self.cancel()
        self.submit(Stop())

    def run(self) -> None:
        """Open the library and serve commands until `stop`. One bad file never ends it.

        Publishes `EngineFailed` when the library cannot be used, or when a bug ends it: this
        is the top of the engine's thread, whoever made that.
        """
        lookout = Lookout(self._touch, partial(self.submit, LookAround()), self._publish)
        try:
            hold, self.hold = self.hold, None
            with closing(
                open_writer(self._config.library, self.way, hold=hold, what=self._config.what)
            ) as db:
                migrate(db, self._config.library)
                jobs.interrupt(db)
                writer, trouble = priced_writer(db, self._config.library)
                self._publish(LibraryReady(str(self._config.library)))
                if trouble:
                    self._publish(PricesFailed(trouble))
                self.writing = told_by(db)
                db.checkpoints.readers = self.readers
                wake = partial(self.submit, Resume())
                aside = Background(db, self._config.library, self._publish, wake, lookout.patience)
                with closing(aside) as weaving:
                    ingest = Ingest(
                        writer, self.tally, courtesy=self.way.give, patience=lookout.patience
                    )
                    self._serve(db, ingest, lookout, weaving)
                db.checkpoints.close()
        except CoreError as error:
            self._publish(EngineFailed(str(error)))
        except sqlite3.DatabaseError as error:
            self._publish(EngineFailed(f"The library cannot be used: {error}."))
        except Exception as error:
            log.exception("the engine died")
            self._publish(EngineFailed(f"The engine stopped because of a bug: {error!r}."))
        finally:
            lookout.close()

    def _serve(
        self, db: WritingConnection, ingest: Ingest, lookout: Lookout, weaving: Background
    ) -> None:
        catching_up = CatchingUp(
            ingest,
            self._touched,
            self._publish,
            live=lookout.live,
            done=self.pulse.read,
            ended=lambda: self._stopping,
        )
        leisure = Leisure(db, weaving.step)
        while True:
            command, halted = self._next(db.checkpoints, leisure, lookout.live)
            match command:
                case Stop():
                    return
                case AddRoots(roots, watch):
                    # Watching first: what is written during the import is not missed.
                    if watch:
                        lookout.follow(roots)
                    self._import(db, ingest, roots, halted, catching_up)
                case ReadPrices():
                    self._price(ingest.writer)
                case Maintain() | _Continue():
                    self._maintain(db, command, halted)
                case FileTouched() | CatchUp():
                    with translated(self._config.library):
                        catching_up.serve()
                case LookAround():
                    with translated(self._config.library):
                        catching_up.look_through(lookout.look_around())
                case _:
                    with translated(self._config.library):
                        weaving.perform(command)
            if self._stopping:
                return

    def _next(
        self, checkpoints: Checkpoints, leisure: Leisure, live: LivePoll
    ) -> tuple[Command, threading.Event]:
        """Wait for a command.

        While there is none logs are archived and threads are woven, piece by piece, but not on
        the heels of what is written now: one is longer than anybody should wait for a line.
        When there is none for a while the write-ahead log is tidied up.
        """
        while True:
            stirred = _CALM - live.quiet()  # seconds until it is calm
            if self._inbox.empty() and stirred <= 0:
                with translated(self._config.library):
                    if leisure.step():
                        continue
            wait = checkpoints.wait()
            if stirred > 0:
                wait = stirred if wait is None else min(wait, stirred)
            try:
                return self._inbox.get(timeout=wait)
            except Empty:
                checkpoints.tidy()

    def _touch(self, path: Path) -> None:
        """Note that the file at *path* may have changed; from any thread."""
        self.pulse.touched(path)
        self._touched.add(path)

    def _maintain(
        self, db: WritingConnection, command: Maintain | _Continue, halted: threading.Event
    ) -> None:
        """Do a slice of the chore in hand; what else waits comes before the next one."""
        if isinstance(command, Maintain) and not self._chores.add(command.task, halted):
            return  # the slices of those before it go on
        if self._chores.step(db):
            self.submit(_Continue())

    def _price(self, writer: Writer) -> None:
        with translated(self._config.library):
            changed, trouble = read_again(writer, self._config.library)
        if trouble:
            self._publish(PricesFailed(trouble))
        self._publish(PricesRead(changed))

    def _import(
        self,
        db: WritingConnection,
        ingest: Ingest,
        roots: Sequence[Path],
        halted: threading.Event,
        catching_up: CatchingUp,
    ) -> None:
        with translated(self._config.library):
            end = run(db, ingest, roots, halted, self._publish, catching_up, HELPER, self._imports)
        log.info("import: %d files, %d changed, %.1f s", end.files, end.files_changed, end.seconds)
        self._publish(end)
