"""What an import made of its files, as a table: with trouble first, then what took longest."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from typing_extensions import override

from core.events import Outcome
from core.queries.jobs import JobFile
from desktop.look import icons, words
from desktop.look.words import translate
from desktop.models import health_words
from desktop.models.tables import Column, TableModel

_ICONS: Final = {
    Outcome.NEW: ("add", "ok"),
    Outcome.GROWN: ("arrow-down", "accent"),
    Outcome.AGAIN: ("refresh", "accent"),
    Outcome.UNKNOWN: ("question", "warning"),
    Outcome.UNREADABLE: ("failed", "failed"),
    Outcome.UNCHANGED: ("ok", "muted"),
}


class InImportFile(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    OUTCOME = 1
    MESSAGES = 2
    SIZE = 3
    TOOK = 4
    PROBLEMS = 5
    WHY = 6


class ImportFilesModel(TableModel):
    """One row for each file, and behind them one for those of an outcome that are not listed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: tuple[JobFile, ...] = ()

    def show_files(self, rows: Sequence[JobFile]) -> None:
        """Show the files *rows* of one import."""
        self._files = tuple(rows)
        self.show_rows(
            _columns(),
            [
                (
                    _name(row), outcome(row.outcome), row.messages, row.bytes,
                    row.took_us / 1000, row.problems, row.reason,
                )
                for row in rows
            ],
        )  # fmt: skip

    @override
    def icon(self, number: int, column: int) -> QIcon | None:
        if column != InImportFile.OUTCOME:
            return None
        return icons.icon(*_ICONS[self._files[number].outcome])

    @override
    def tip(self, number: int, column: int) -> str:
        row = self._files[number]
        return row.reason or row.label

    @override
    def _arrange(self) -> None:
        """Keep what sums up others last, whatever the files are sorted by."""
        super()._arrange()
        self._shown.sort(key=lambda number: not self._files[number].label)


def outcome(one: Outcome) -> str:
    """Return what the import made of a file."""
    return {
        Outcome.NEW: translate("imports", "New"),
        Outcome.GROWN: translate("imports", "Grown"),
        Outcome.AGAIN: translate("imports", "Read again"),
        Outcome.UNKNOWN: translate("imports", "Not recognised"),
        Outcome.UNREADABLE: translate("imports", "Unreadable"),
        Outcome.UNCHANGED: translate("imports", "Unchanged"),
    }[one]


def _name(row: JobFile) -> str:
    if row.label:
        return health_words.place(row.label)
    if row.outcome is Outcome.UNCHANGED:
        return words.plural(row.files, translate("imports", "file"), translate("imports", "files"))
    more = translate("imports", "more file"), translate("imports", "more files")
    return translate("imports", "and {0}").format(words.plural(row.files, *more))


def _columns() -> tuple[Column, ...]:
    made = translate(
        "imports",
        "New: nothing of it was read before. Grown: what came behind that was read. Read again: "
        "from its beginning, since it was written anew or Clew has learnt to read it better.",
    )
    took = translate(
        "imports",
        "Milliseconds for reading the file and writing its rows. What several files share, as "
        "commits, is in none, nor is what a helper process did ahead.",
    )
    return (
        Column(translate("imports", "File")),
        Column(translate("imports", "Outcome"), words=True, tip=made),
        Column(
            translate("imports", "Messages"), tip=translate("imports", "Messages that were new.")
        ),
        Column(
            translate("imports", "Size"),
            size=True,
            tip=translate("imports", "Bytes of the file that were new."),
        ),
        Column(translate("imports", "Time, ms"), tip=took),
        Column(
            translate("imports", "Problems"),
            tip=translate("imports", "Lines that were read and could not be understood in full."),
        ),
        Column(translate("imports", "Why"), words=True),
    )
