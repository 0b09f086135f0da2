"""What was recognised and understood, as tables: formats, files, and kinds of records."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from typing_extensions import override

from core.queries import formats
from core.queries.census import KindRow
from core.queries.formats import FileRow, FormatRow, score
from desktop.look import icons, words
from desktop.look.words import translate
from desktop.models import health_words
from desktop.models.tables import Column, TableModel, Value

_MANY: Final = 40  # versions that a tool tip names


class InFormat(IntEnum):
    """The columns of the formats, from left to right."""

    TITLE = 0
    FILES = 1
    RECORDS = 2
    SCORE = 3
    STRANGE = 4
    BROKEN = 5
    SIZE = 6
    VERSIONS = 7


class InFile(IntEnum):
    """The columns of the files, from left to right."""

    NAME = 0
    TITLE = 1
    VERSION = 2
    RECORDS = 3
    SCORE = 4
    PROBLEMS = 5
    SIZE = 6
    WHY = 7


class InKind(IntEnum):
    """The columns of the kinds of records, from left to right."""

    KIND = 0
    KNOWN = 1
    TITLE = 2
    RECORDS = 3
    VERSIONS = 4
    FIRST = 5


class FormatsModel(TableModel):
    """One row for each format, and one for the files in none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formats: tuple[FormatRow | None, ...] = ()

    def show_formats(self, rows: Sequence[FormatRow], others: Sequence[FileRow]) -> None:
        """Show the formats *rows*; *others* are the files in none of them."""
        self._formats = (*rows, *([None] if others else []))
        values: list[tuple[Value, ...]] = [
            (
                row.title, row.files, row.understood + row.strange, score(row), row.strange,
                row.broken, row.size, health_words.span(row.versions),
            )
            for row in rows
        ]  # fmt: skip
        if others:
            strange = sum(row.strange for row in others)
            title, size = health_words.not_recognised(), sum(row.size for row in others)
            values.append((title, len(others), strange, None, strange, None, size, ""))
        self.show_rows(_format_columns(), values)

    def title(self, row: int) -> str:
        """Return the title of the format that is shown at *row*."""
        return str(self.value(row, InFormat.TITLE))

    @override
    def icon(self, number: int, column: int) -> QIcon | None:
        if column != InFormat.TITLE:
            return None
        known = self._formats[number] is not None
        return icons.icon("file", "muted") if known else icons.icon("question", "warning")

    @override
    def tip(self, number: int, column: int) -> str:
        row = self._formats[number]
        if row is not None and column == InFormat.VERSIONS:
            rest = len(row.versions) - _MANY
            more = [translate("health", "and {0} more").format(rest)] if rest > 0 else []
            return "\n".join([*row.versions[:_MANY], *more])
        return "" if row is None else health_words.counted(row)


class FilesModel(TableModel):
    """One row for each file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: tuple[FileRow, ...] = ()
        self._damaged = False  # only those that look damaged are shown
        self.only = ""  # title of the only format that is shown, if any

    def show_only(self, title: str) -> None:
        """Show only files of the format called *title*; all if it is empty."""
        if title != self.only:
            self.only = title
            self.refresh()

    def show_damaged(self, *, only: bool) -> None:
        """Show *only* files that look damaged, or all."""
        if only != self._damaged:
            self._damaged = only
            self.refresh()

    def show_files(self, rows: Sequence[FileRow]) -> None:
        """Show the files *rows*."""
        self._files = tuple(rows)
        self.show_rows(
            _file_columns(),
            [
                (
                    health_words.place(row.label), row.title or health_words.not_recognised(),
                    row.version, row.understood + row.strange, score(row), row.problems,
                    row.size, health_words.reason(row),
                )
                for row in rows
            ],
        )  # fmt: skip

    def file(self, row: int) -> FileRow:
        """Return the file that is shown at *row*."""
        return self._files[self.number(row)]

    @override
    def keeps(self, number: int) -> bool:
        row = self._files[number]
        if self._damaged and not formats.looks_damaged(row):
            return False
        return self.only in {"", row.title or health_words.not_recognised()}

    @override
    def icon(self, number: int, column: int) -> QIcon | None:
        if column != InFile.NAME:
            return None
        row = self._files[number]
        if not row.recognised:
            return icons.icon("question", "warning")
        damaged = formats.looks_damaged(row)
        return icons.icon("warning", "warning") if damaged else icons.icon("file", "muted")

    @override
    def tip(self, number: int, column: int) -> str:
        row = self._files[number]
        if column == InFile.NAME:
            return f"{row.label}\n{health_words.why(row)}"
        return health_words.counted(row) if column == InFile.SCORE else health_words.why(row)


class KindsModel(TableModel):
    """One row for each kind of record in each format."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds: tuple[KindRow, ...] = ()

    def show_kinds(self, rows: Sequence[KindRow]) -> None:
        """Show the kinds *rows*, in that order."""
        self._kinds = tuple(rows)
        self.show_rows(
            _kind_columns(),
            [
                (
                    row.kind, health_words.known(known=row.known), row.title, row.count,
                    health_words.span([version for version, _ in row.versions]),
                    f"{health_words.place(row.label)}:{row.line}",
                )
                for row in rows
            ],
        )  # fmt: skip

    def kind(self, row: int) -> KindRow:
        """Return the kind that is shown at *row*."""
        return self._kinds[self.number(row)]

    @override
    def icon(self, number: int, column: int) -> QIcon | None:
        if column != InKind.KIND:
            return None
        known = self._kinds[number].known
        return icons.icon("ok", "ok") if known else icons.icon("unknown", "warning")

    @override
    def tip(self, number: int, column: int) -> str:
        row = self._kinds[number]
        if column == InKind.FIRST:
            return f"{row.label}:{row.line}"
        if column == InKind.VERSIONS:
            lines = [f"{version}: {words.count(count)}" for version, count in row.versions]
            return "\n".join(lines[:_MANY])
        return super().tip(number, column)


def _format_columns() -> tuple[Column, ...]:
    return (
        Column(translate("health", "Format")),
        Column(translate("health", "Files")),
        Column(translate("health", "Records"), tip=health_words.records()),
        Column(translate("health", "Understood"), share=True, tip=health_words.score_rule()),
        Column(translate("health", "Unknown"), tip=health_words.strange_rule()),
        Column(translate("health", "Broken"), tip=health_words.broken_rule()),
        Column(translate("health", "Size"), size=True),
        Column(translate("health", "Versions"), words=True, tip=health_words.version_rule()),
    )


def _file_columns() -> tuple[Column, ...]:
    return (
        Column(translate("health", "File")),
        Column(translate("health", "Format"), words=True),
        Column(translate("health", "Version"), words=True, tip=health_words.version_rule()),
        Column(translate("health", "Records"), tip=health_words.records()),
        Column(translate("health", "Understood"), share=True, tip=health_words.score_rule()),
        Column(translate("health", "Problems")),
        Column(translate("health", "Size"), size=True),
        Column(translate("health", "Recognised by"), words=True),
    )


def _kind_columns() -> tuple[Column, ...]:
    return (
        Column(translate("health", "Kind of record")),
        Column(translate("health", "Understood"), words=True, tip=health_words.strange_rule()),
        Column(translate("health", "Format"), words=True),
        Column(translate("health", "Records"), tip=health_words.records()),
        Column(translate("health", "Versions"), words=True, tip=health_words.version_rule()),
        Column(translate("health", "First one"), words=True),
    )
