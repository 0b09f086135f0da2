"""The imports so far as a table: when, what, how each ended, and what could not be read."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from typing_extensions import override

from core.events import JobState
from core.queries.jobs import JobError, JobRow
from desktop.look import icons, words
from desktop.look.words import translate
from desktop.models.tables import Column, TableModel, Value

_MANY: Final = 20  # files that a tool tip names
_ICONS: Final = {
    JobState.QUEUED: ("clock", "muted"),
    JobState.RUNNING: ("play", "accent"),
    JobState.COMPLETED: ("ok", "ok"),
    JobState.FAILED: ("failed", "failed"),
    JobState.CANCELLED: ("cancel", "muted"),
    JobState.INTERRUPTED: ("interrupted", "warning"),
}


class InImport(IntEnum):
    """The columns, from left to right."""

    STATE = 0
    BEGAN = 1
    ROOTS = 2
    FILES = 3
    CHANGED = 4
    SIZE = 5
    RATE = 6
    TOOK = 7
    UNREAD = 8


class ImportsModel(TableModel):
    """One row for each import, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: tuple[JobRow, ...] = ()
        self._errors: Mapping[int, Sequence[JobError]] = {}

    def show_jobs(self, rows: Sequence[JobRow], errors: Mapping[int, Sequence[JobError]]) -> None:
        """Show the imports *rows*; *errors* are the files each could not read."""
        self._jobs, self._errors = tuple(rows), errors
        self.show_rows(
            _columns(),
            [
                (
                    state(row), _moment(row.began_at), _named(row), row.files_done, row.changed,
                    row.bytes_done, round(row.rate), words.duration(row.took_ms), row.problems,
                )
                for row in rows
            ],
        )  # fmt: skip

    def job(self, row: int) -> JobRow:
        """Return the import that is shown at *row*."""
        return self._jobs[self.number(row)]

    @override
    def icon(self, number: int, column: int) -> QIcon | None:
        if column != InImport.STATE:
            return None
        job = self._jobs[number]
        return icons.icon(*(("warning", "warning") if job.is_flawed else _ICONS[job.state]))

    @override
    def tip(self, number: int, column: int) -> str:
        row = self._jobs[number]
        if column == InImport.UNREAD or (column == InImport.STATE and row.problems):
            found = self._errors.get(row.id, ())
            told = [f"{one.label}: {one.reason} {_tries(one)}" for one in found[:_MANY]]
            rest = row.problems - len(told)
            more = [translate("imports", "and {0} more").format(rest)] if rest > 0 else []
            return "\n".join([*told, *more])
        return row.reason or "\n".join(row.roots)


def state(row: JobRow) -> str:
    """Return how the import *row* stands."""
    said = {
        JobState.QUEUED: translate("imports", "Queued"),
        JobState.RUNNING: translate("imports", "Running"),
        JobState.COMPLETED: translate("imports", "Completed with problems")
        if row.is_flawed
        else translate("imports", "Completed"),
        JobState.FAILED: translate("imports", "Failed"),
        JobState.CANCELLED: translate("imports", "Stopped by you"),
        JobState.INTERRUPTED: translate("imports", "Interrupted"),
    }[row.state]
    if row.continues is not None:
        return translate("imports", "{0}, continuing").format(said)
    return said


def _named(row: JobRow) -> str:
    return ", ".join(words.one_line(root, 200) for root in row.roots)


def _tries(error: JobError) -> str:
    if error.attempts == 1:
        return ""
    return translate("imports", "Tried {0} times.").format(error.attempts)


def _moment(ms: int) -> Value:
    day = words.day_of(ms)
    return f"{day.isoformat()} {words.clock(ms)}" if day is not None else ""


def _columns() -> tuple[Column, ...]:
    kept = translate("imports", "An import that was stopped or interrupted keeps what it read.")
    rate = translate("imports", "Bytes a second, looking for files included.")
    return (
        Column(translate("imports", "State"), tip=kept),
        Column(translate("imports", "Began"), words=True),
        Column(translate("imports", "Folders and files"), words=True),
        Column(translate("imports", "Files")),
        Column(translate("imports", "With news")),
        Column(translate("imports", "Size"), size=True),
        Column(translate("imports", "A second"), size=True, tip=rate),
        Column(translate("imports", "Took"), words=True),
        Column(translate("imports", "Unreadable")),
    )
