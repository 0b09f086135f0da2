"""What an import finds in each file: a report that is bounded, however many files there are.

It costs a few additions for a file, and nothing in the library before the import ends.
"""

import heapq
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import add, sub
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from core.events import ConversationChanged, Outcome
from core.files.discover import SourceFile
from core.ingest import Ahead, Ingest
from core.store.job_files import FileReport
from core.store.jobs import label

MOST = 1_000  # files of an import that are listed; the rest is summed up by outcome

_Ranked = tuple[bool, int, int, int, FileReport]


@dataclass(slots=True)
class ByFile:
    """Reads files into the library *db* for an import, and notes of each what that came to.

    Of more than `MOST` files those with trouble are listed first, then those that took longest.
    A file that is read in several goes, as one that is tried again, is noted once.

    The time of a file is what the writer spent on reading it and on writing its rows. What
    several files share, above all commits, is in none of them, and neither is what a helper did
    ahead.
    """

    db: Connection
    ingest: Ingest
    _rows: list[_Ranked] = field(default_factory=list[_Ranked])  # a heap: the least comes out first
    _rest: dict[Outcome, FileReport] = field(default_factory=dict[Outcome, FileReport])
    _fresh: list[FileReport] = field(default_factory=list[FileReport])  # not committed yet
    _unread: dict[Path, FileReport] = field(default_factory=dict[Path, FileReport])
    flawed: int = 0  # files that were read with problems
    _unchanged: int = 0
    _noted: int = 0

    def read(
        self, file: SourceFile, ahead: Ahead | None = None
    ) -> Iterable[tuple[tuple[ConversationChanged, ...], int]]:
        """Do what `Ingest.file` does, and note what it came to, to its end or to where it was left.

        Its first commit is made at once. Nothing is noted of a file at which the import breaks
        down.
        """
        parts = self.ingest.file(file, ahead)
        tally = self.ingest.tally
        before, unread = self._marks(), len(tally.unread)
        part = next(parts, None)
        # Most files of most imports: these are only counted, as quickly as can be.
        if part is None and tally.written == before.written and len(tally.unread) == unread:
            self._unchanged += 1
            if self._unread:  # it may have been tried already
                self._unread.pop(file.path, None)
            return ()
        return self._goes_on(file, parts, part, _since(self._marks(), before))

    def _goes_on(
        self,
        file: SourceFile,
        parts: Iterator[tuple[tuple[ConversationChanged, ...], int]],
        part: tuple[tuple[ConversationChanged, ...], int] | None,
        sums: "_Marks",
    ) -> Iterator[tuple[tuple[ConversationChanged, ...], int]]:
        try:
            while part is not None:
                yield part
                # Between two parts other files may be read, which is not this one's.
                before = self._marks()
                part = next(parts, None)
                sums = _Marks(*map(add, sums, _since(self._marks(), before)))
        except GeneratorExit:
            self._note(file.path, sums)  # and it is settled if what was read of it is kept
            raise
        self._note(file.path, sums)
        if not self.db.in_transaction:
            self.settle()

    def settle(self) -> None:
        """Take what was noted so far as committed."""
        for one in self._fresh:
            self._keep(one)
        self._fresh.clear()

    def undo(self) -> None:
        """Forget what was noted since the last `settle`: its transaction is gone."""
        self._fresh.clear()

    def reports(self) -> tuple[FileReport, ...]:
        """Return what was settled: files, then for each outcome the files that are not listed."""
        for one in self._unread.values():
            self._keep(one)
        self._unread.clear()
        listed = [row[-1] for row in sorted(self._rows, reverse=True)]
        rest = [self._rest[one] for one in Outcome if one in self._rest]
        if self._unchanged:
            rest.append(FileReport("", Outcome.UNCHANGED, self._unchanged))
        return (*listed, *rest)

    def _marks(self) -> "_Marks":
        """Return what the tally says now, and the time."""
        tally = self.ingest.tally
        return _Marks(
            tally.known, tally.again, tally.written, tally.others, self.ingest.writer.rows,
            tally.added, tally.problems, time.monotonic_ns(),
        )  # fmt: skip

    def _note(self, path: Path, sums: "_Marks") -> None:
        unread = path in self.ingest.tally.unread
        outcome = Outcome.UNREADABLE if unread else _outcome(sums)
        before = self._unread.pop(path, None)  # it was tried already
        took = sums.ns // 1_000 + (before.took_us if before is not None else 0)
        report = FileReport(label(path), outcome, 1, sums.messages, sums.bytes, took, sums.problems)
        if unread:
            self._unread[path] = report
            return
        self._fresh.append(report)

    def _keep(self, report: FileReport) -> None:
        self._noted += 1
        self.flawed += report.problems > 0
        trouble = report.problems > 0 or report.outcome is Outcome.UNREADABLE
        # What came first stands first among equals; no two have the same number.
        row = (trouble, report.took_us, report.bytes, -self._noted, report)
        if len(self._rows) < MOST:
            heapq.heappush(self._rows, row)
        else:
            self._sum_up(heapq.heappushpop(self._rows, row)[-1])

    def _sum_up(self, report: FileReport) -> None:
        so_far = self._rest.get(report.outcome)
        if so_far is None:
            self._rest[report.outcome] = replace(report, label="")
            return
        self._rest[report.outcome] = FileReport(
            "",
            report.outcome,
            so_far.files + report.files,
            so_far.messages + report.messages,
            so_far.bytes + report.bytes,
            so_far.took_us + report.took_us,
            so_far.problems + report.problems,
        )


class _Marks(NamedTuple):
    """What a tally says at one time, or what was added to it."""

    known: int
    again: int
    written: int
    others: int
    messages: int
    bytes: int
    problems: int
    ns: int


def _since(now: _Marks, before: _Marks) -> _Marks:
    return _Marks(*map(sub, now, before))


def _outcome(sums: _Marks) -> Outcome:
    """Return what became of a file of which something was written, by what that added."""
    if sums.others:
        return Outcome.UNKNOWN
    if not sums.known:
        return Outcome.NEW
    return Outcome.AGAIN if sums.again else Outcome.GROWN
