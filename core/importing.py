"""An import: everything below some folders, the newest files first, with progress and cancel."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeAlias

from core.crew import Crew, Vanguard
from core.events import (
    ConversationChanged,
    EventSink,
    FilesFound,
    ImportFinished,
    ImportProgressed,
)
from core.files.discover import Skipped, SourceFile
from core.ingest import Ahead, Ingest
from core.unhurried import unhurried

Read: TypeAlias = Callable[
    [SourceFile, Ahead | None], Iterable[tuple[tuple[ConversationChanged, ...], int]]
]

_QUIET = 0.1  # seconds without a commit after which progress is told all the same
_OPEN = 0.15  # seconds after which what was read is committed, however little it is
_BRIEF = 0.02  # the same while files are written to that cannot wait
_MOMENT = 0.02  # seconds between two looks at whether a file has been read ahead
_MUCH = 4 << 20  # bytes that were new so far, and may be to come, in an import that is long
_LARGE = 8 << 20  # bytes of a file before which what was read is committed: it may take long


class Meanwhile(Protocol):
    """What cannot wait until an import ends: files that are written to now."""

    @property
    def waits(self) -> bool:
        """Whether any such file is to be read."""
        ...

    @property
    def near(self) -> bool:
        """Whether any such file may be to be read at any moment."""
        ...

    def serve(self, busy: Path | None = None) -> None:
        """Read those files but *busy*, which is being read already."""
        ...


def import_files(  # noqa: PLR0913, PLR0917  what an import needs, and who helps with it
    ingest: Ingest,
    roots: Iterable[Path],
    halted: threading.Event,
    publish: EventSink,
    meanwhile: Meanwhile | None = None,
    crew: Crew | None = None,
    read: Read | None = None,
) -> ImportFinished:
    """Import everything below *roots*; return how it ended. *meanwhile* goes first.

    Setting *halted* ends it after the commit in hand. What was committed stays, and the
    next import goes on from there. One bad file never ends it. *crew* is asked for help when
    there is much to read. Each file is read by *read*, or else by `Ingest.file`.
    """
    with unhurried(), ExitStack() as ends:
        one = _Import(ingest, halted, publish, meanwhile, crew, ends, read or ingest.file)
        return one.run(roots)


class _Import:
    def __init__(  # noqa: PLR0913, PLR0917  what an import needs, and who helps with it
        self,
        ingest: Ingest,
        halted: threading.Event,
        publish: EventSink,
        meanwhile: Meanwhile | None,
        crew: Crew | None,
        ends: ExitStack,
        read: Read,
    ) -> None:
        self._ingest = ingest
        self._meanwhile = meanwhile
        self._crew = crew
        self._read_file = read
        self._ends = ends  # ends the crew's work with the import
        self._vanguard: Vanguard | None = None
        self._halted = halted
        self._publish = publish
        self._began = self._told = time.monotonic()
        self._files = self._bytes = self._done = self._read = 0
        self._since = self._began  # when the last commit was
        self._cost = 0.0  # seconds that it took
        self._new = ingest.tally.read  # bytes read before it began
        self._all_new = not ingest.writer.has_sources  # whatever is found is to be read
        self._long = False
        self._current = ""  # name of the file in hand
        self._offset = 0  # to which that is read

    def run(self, roots: Iterable[Path]) -> ImportFinished:
        before = replace(self._ingest.tally, formats=self._ingest.tally.formats.copy())
        found: list[SourceFile | Skipped] = []
        for one in self._ingest.found(roots):
            found.append(one)
            self._serve(None)
            if self._halted.is_set():
                break
        files = [one for one in found if isinstance(one, SourceFile)]
        files.sort(key=lambda file: (-file.stat.mtime_ns, str(file.path)))
        self._files = len(files)
        self._bytes = sum(file.stat.size for file in files)
        self._publish(FilesFound(self._files, self._bytes))
        with self._ingest.writer.together():
            for one in found:
                if isinstance(one, Skipped):
                    self._ingest.skip(one)
            for place, file in enumerate(files):
                if not self._file(file, self._ahead(files, place)):
                    break
            self._commit()
        return ImportFinished(
            files=self._ingest.tally.logs - before.logs,
            others=self._ingest.tally.others - before.others,
            files_changed=self._ingest.tally.changed - before.changed,
            problems=self._ingest.writer.problem_count(),
            bytes_read=self._ingest.tally.read - before.read,
            seconds=time.monotonic() - self._began,
            cancelled=self._halted.is_set(),
            formats=tuple((self._ingest.tally.formats - before.formats).most_common()),
        )

    def _ahead(self, files: Sequence[SourceFile], place: int) -> Ahead | None:
        """Return what was read ahead of the file at *place*, waiting for it if need be."""
        left = self._bytes - self._read
        new = left if self._all_new else self._ingest.tally.read - self._new
        if self._crew is not None and self._crew.pays(new, left):
            executor = self._ends.enter_context(self._crew.call())
            self._vanguard = Vanguard(executor, self._ingest, files)
            self._crew = None
        if self._vanguard is None:
            return None
        while self._vanguard.waits(place, _MOMENT):
            self._serve(None)
            if self._halted.is_set():
                return None
        return self._vanguard.take(place)

    def _file(self, file: SourceFile, ahead: Ahead | None) -> bool:
        """Read what is new in *file*; return False when the import is to end."""
        if self._halted.is_set():
            return False
        self._look_ahead()
        if file.stat.size > _LARGE:
            self._commit()
        self._current = file.path.name
        for _, offset in self._read_file(file, ahead):
            self._offset = offset
            if self._is_due() or self._halted.is_set():
                self._commit()
            self._serve(file.path)
            if self._halted.is_set():
                return False
        self._offset = 0
        self._done += 1
        self._read += file.stat.size
        self._serve(None)
        if self._is_due():
            self._commit()
        if time.monotonic() - self._told > _QUIET:
            self._tell()
        return not self._halted.is_set()

    def _look_ahead(self) -> None:
        """Prepare for an import that is long, once: much was new, and as much may be to come."""
        new, left = self._ingest.tally.read - self._new, self._bytes - self._read
        if not self._long and min(new, left) >= _MUCH:
            self._long = True
            self._ingest.writer.put_off_merging()
            self._ends.enter_context(self._ingest.writer.flushed())

    def _is_due(self) -> bool:
        """Tell whether what was read is committed now: enough of it, or for long enough."""
        # Where files share much a commit itself takes long: then there are fewer of them.
        most = _BRIEF if self._ingest.brief else max(_OPEN, self._cost)
        return self._ingest.writer.full or time.monotonic() - self._since > most

    def _serve(self, busy: Path | None) -> None:
        """Let what cannot wait go first; *busy* is the file in hand."""
        if self._meanwhile is None:
            return
        if self._meanwhile.waits:
            with self._ingest.writer.promptly():
                self._commit()
                with self._ingest.writer.apart():
                    self._meanwhile.serve(busy)
        self._ingest.brief = self._meanwhile.near

    def _commit(self) -> None:
        """Commit what was read, and tell what changed."""
        began = time.monotonic()
        changes = self._ingest.writer.flush()
        for change in changes:
            self._publish(change)
        if changes:
            self._tell()
        if self._meanwhile is None or not self._meanwhile.waits:
            self._ingest.writer.merge_some()
        self._since = time.monotonic()
        self._cost = self._since - began

    def _tell(self) -> None:
        self._told = time.monotonic()
        seconds = self._told - self._began
        done = self._read + self._offset
        self._publish(
            ImportProgressed(self._done, self._files, done, self._bytes, seconds, self._current)
        )
