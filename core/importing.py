"""An import: everything below some folders, the newest files first, with progress and cancel."""

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from core.events import EventSink, FilesFound, ImportFinished, ImportProgressed
from core.files.discover import Skipped, SourceFile, find
from core.ingest import Ingest

_QUIET = 0.1  # seconds without a commit after which progress is told all the same


def import_files(
    ingest: Ingest, roots: Iterable[Path], halted: threading.Event, publish: EventSink
) -> ImportFinished:
    """Import everything below *roots*; return how it ended.

    Setting *halted* ends it after the commit in hand. What was committed stays, and the
    next import goes on from there. One bad file never ends it.
    """
    return _Import(ingest, halted, publish).run(roots)


class _Import:
    def __init__(self, ingest: Ingest, halted: threading.Event, publish: EventSink) -> None:
        self._ingest = ingest
        self._halted = halted
        self._publish = publish
        self._began = self._told = time.monotonic()
        self._files = self._bytes = self._done = self._read = 0

    def run(self, roots: Iterable[Path]) -> ImportFinished:
        before = replace(self._ingest.tally, formats=self._ingest.tally.formats.copy())
        found: list[SourceFile | Skipped] = []
        for one in find(roots):
            found.append(one)
            if self._halted.is_set():
                break
        files = [one for one in found if isinstance(one, SourceFile)]
        files.sort(key=lambda file: (-file.stat.mtime_ns, str(file.path)))
        self._files = len(files)
        self._bytes = sum(file.stat.size for file in files)
        self._publish(FilesFound(self._files, self._bytes))
        for one in found:
            if isinstance(one, Skipped):
                self._ingest.skip(one)
        for file in files:
            if not self._file(file):
                break
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

    def _file(self, file: SourceFile) -> bool:
        """Read what is new in *file*; return False when the import is to end."""
        for changes, offset in self._ingest.file(file):
            for change in changes:
                self._publish(change)
            self._tell(self._read + offset, file)
            if self._halted.is_set():
                return False
        self._done += 1
        self._read += file.stat.size
        if time.monotonic() - self._told > _QUIET:
            self._tell(self._read, file)
        return not self._halted.is_set()

    def _tell(self, done: int, file: SourceFile) -> None:
        self._told = time.monotonic()
        seconds = self._told - self._began
        self._publish(
            ImportProgressed(self._done, self._files, done, self._bytes, seconds, file.path.name)
        )
