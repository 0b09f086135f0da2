"""What could not be read as it stands, as a table, a page at a time."""

from collections.abc import Sequence
from enum import IntEnum
from sqlite3 import Connection
from typing import Final, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.model import Severity
from core.queries import problems
from core.queries.problems import ProblemRow
from desktop.look import fonts, icons, words
from desktop.models import tables

Index: TypeAlias = QModelIndex | QPersistentModelIndex

NO_INDEX: Final = QModelIndex()
_PAGE: Final = 200
_ICONS: Final = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.ERROR: "failed"}
_TONES: Final = {Severity.INFO: "muted", Severity.WARNING: "warning", Severity.ERROR: "failed"}


class Column(IntEnum):
    """The columns, from left to right."""

    PLACE = 0
    REASON = 1
    EXCERPT = 2


class ProblemsModel(QAbstractTableModel):
    """Reads on the UI thread: each page is one bounded index range."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._db: Connection | None = None
        self._rows: list[ProblemRow] = []
        self._complete = True

    def open_library(self, db: Connection) -> None:
        """Show the problems of *db* from now on."""
        self._db = db
        self.reload()

    def reload(self) -> None:
        """Read from the start again."""
        self.beginResetModel()
        self._rows = problems.page(self._db, limit=_PAGE) if self._db is not None else []
        self._complete = len(self._rows) < _PAGE
        self.endResetModel()

    def problem(self, row: int) -> ProblemRow:
        """Return the problem at *row*."""
        return self._rows[row]

    def tsv(self, rows: Sequence[int]) -> str:
        """Return *rows* as tab-separated values, with whole paths."""
        titles = ("File", "Line", "Byte", "Severity", "What is wrong", "What is there")
        columns = [tables.Column(self.tr(title)) for title in titles]
        found = (self._rows[row] for row in rows)
        return tables.tsv(
            columns,
            [
                (one.source, one.line, one.offset, one.severity.value, one.reason, one.excerpt)
                for one in found
            ],
        )

    @override
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(Column)

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._complete

    @override
    def fetchMore(self, parent: Index) -> None:
        if self._db is None or not self.canFetchMore(parent):
            return
        self._complete = True  # views may ask again while rows are being inserted
        have = len(self._rows)
        after = self._rows[-1].id if self._rows else 0
        found = problems.page(self._db, after, _PAGE)
        if found:
            self.beginInsertRows(QModelIndex(), have, have + len(found) - 1)
            self._rows += found
            self.endInsertRows()
        self._complete = len(found) < _PAGE

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.PLACE: self.tr("File and line"),
            Column.REASON: self.tr("What is wrong"),
            Column.EXCERPT: self.tr("What is there"),
        }
        return names[Column(section)]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        found: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = self._text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                whole = {Column.PLACE: f"{row.source}:{row.line}", Column.REASON: row.reason}
                found = words.plain(whole.get(column, row.excerpt))
            case Qt.ItemDataRole.DecorationRole if column is Column.PLACE:
                found = icons.icon(_ICONS[row.severity], _TONES[row.severity])
            case Qt.ItemDataRole.FontRole if column is Column.EXCERPT:
                found = fonts.mono(fonts.SMALL)
            case Qt.ItemDataRole.AccessibleTextRole:
                found = f"{row.severity.value}, {self._text(row, column)}"
            case _:
                pass
        return found

    def _text(self, row: ProblemRow, column: Column) -> str:
        if column is Column.REASON:
            return words.one_line(row.reason, 300)
        if column is Column.EXCERPT:
            return words.one_line(row.excerpt, 300)
        name = row.source.replace("\\", "/").rsplit("/", 1)[-1]
        return words.one_line(f"{name}:{row.line}" if row.line else name, 300)
