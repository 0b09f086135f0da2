"""An import as a job of the library: what it comes to is kept, and what failed is tried again.

It writes when the import does: a job costs two transactions, and a row every other second.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from sqlite3 import Connection

from core.by_file import ByFile
from core.crew import Crew
from core.errors import CoreError
from core.events import (
    EngineEvent,
    EventSink,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    JobState,
)
from core.files.discover import SourceFile
from core.importing import Meanwhile, import_files
from core.ingest import Ingest
from core.queueing import Queue
from core.store import jobs
from core.store.jobs import FileError, Progress, label
from core.store.patiently import patiently

TRIES = 5  # of a file that could not be read for a reason that may pass
_PAUSE = 0.1  # seconds before the second try; each further one waits twice as long
_LOOK = 0.02  # seconds between two looks at whether anything cannot wait
_EVERY = 2.0  # seconds between two notes of how far a job is


def run(  # noqa: PLR0913, PLR0917  what an import needs, and where its job is kept
    db: Connection,
    ingest: Ingest,
    roots: Sequence[Path],
    halted: threading.Event,
    publish: EventSink,
    meanwhile: Meanwhile | None = None,
    crew: Crew | None = None,
    queue: Queue | None = None,
) -> ImportFinished:
    """Import everything below *roots* as a job of the library *db*; see `import_files`.

    A file that cannot be read for a reason that may pass is tried `TRIES` times, after all
    others, and a library that another program writes to is waited for as `patiently` does.
    Whatever happens, the job ends in a state that tells it, if that can be written. It is the
    first of *queue*, and those behind it are listed while it runs.
    """
    queue = queue or Queue()
    begin = partial(jobs.begin, db, [label(root) for root in roots], queue.take())
    job = _Job(
        db, patiently(begin, halted.is_set), publish, ByFile(db, ingest), queue, halted.is_set
    )
    ingest.tally.unread.clear()
    try:
        with ingest.writer.until(halted.is_set):
            end = import_files(ingest, roots, halted, job, meanwhile, crew, job.by_file.read)
            job.by_file.settle()
            attempts = _try_again(ingest, halted, job, meanwhile)
    except (CoreError, sqlite3.DatabaseError) as error:
        job.by_file.undo()
        job.ended = lambda: True  # whoever is in its way had long enough
        with suppress(sqlite3.DatabaseError):  # a full disk has no room for this either
            job.end(JobState.FAILED, (), reason=str(error))
        raise
    errors = [
        FileError(label(path), unread.reason, attempts.get(path, 1))
        for path, unread in ingest.tally.unread.items()
    ]
    state = JobState.CANCELLED if end.cancelled else JobState.COMPLETED
    took = round(end.seconds * 1000)
    job.progress = replace(job.progress, changed=end.files_changed, took_ms=took)
    job.end(state, errors)
    return end


def _try_again(
    ingest: Ingest, halted: threading.Event, job: "_Job", meanwhile: Meanwhile | None
) -> dict[Path, int]:
    """Read again what failed for a reason that may pass; return how often each was tried."""
    attempts: dict[Path, int] = {}
    for number in range(1, TRIES):
        passing = [path for path, unread in ingest.tally.unread.items() if unread.may_pass]
        if not passing or _pause(_PAUSE * 2 ** (number - 1), halted, meanwhile):
            break
        for path in passing:
            attempts[path] = number + 1
            del ingest.tally.unread[path]  # it is back if it fails again
            for found in ingest.found((path,)):
                if isinstance(found, SourceFile):
                    for changes, _ in job.by_file.read(found):
                        for change in changes:
                            job.publish(change)
                    job.by_file.settle()
    return attempts


def _pause(seconds: float, halted: threading.Event, meanwhile: Meanwhile | None) -> bool:
    """Wait, but let what cannot wait be read; return whether the import is to end."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if halted.wait(min(left, _LOOK)):
            return True
        if meanwhile is not None and meanwhile.waits:
            meanwhile.serve()
    return halted.is_set()


@dataclass(slots=True)
class _Job:
    """Publishes the events of one import, and notes what they say of it."""

    db: Connection
    id: int
    publish: EventSink
    by_file: ByFile
    queue: Queue
    ended: Callable[[], bool]  # whether nobody waits for it any more
    progress: Progress = field(default_factory=Progress)
    noted: float = field(default_factory=time.monotonic)

    def __call__(self, event: EngineEvent) -> None:
        if not self.db.in_transaction:
            self.by_file.settle()
            patiently(partial(self.queue.note, self.db), self.ended)
        match event:
            case FilesFound(files, size):
                self.progress = Progress(files, bytes=size)
                self._note()
            case ImportProgressed(done, files, bytes_done, size, seconds):
                took = round(seconds * 1000)
                self.progress = Progress(files, done, 0, size, bytes_done, took)
                if time.monotonic() - self.noted > _EVERY:
                    self._note()
            case _:
                pass
        self.publish(event)

    def end(self, state: JobState, errors: Sequence[FileError], *, reason: str = "") -> None:
        if state is JobState.COMPLETED:  # the last files may have been told of by none
            done = self.progress
            self.progress = replace(done, files_done=done.files, bytes_done=done.bytes)
        self._note()
        reports = self.by_file.reports()
        flawed = self.by_file.flawed
        end = partial(jobs.end, self.db, self.id, state, errors, reason, reports, flawed)
        patiently(end, self.ended)

    def _note(self) -> None:
        self.noted = time.monotonic()
        advance = partial(jobs.advance, self.db, self.id, self.progress)
        patiently(advance, self.ended)
