"""The table twin of a chart: the same numbers in rows that can be sorted and copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final, TypeAlias

from PySide6.QtCore import (
    QAbstractTableModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

from desktop.look import words

Value: TypeAlias = "str | int | float | date | None"
Index: TypeAlias = QModelIndex | QPersistentModelIndex

_NO_INDEX: Final = QModelIndex()
_FORMULA: Final = ("=", "+", "-", "@")


class Role(IntEnum):
    """What the model tells besides Qt's own roles."""

    VALUE = Qt.ItemDataRole.UserRole  # the bare value, to sort by


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title. *share*: its numbers are parts of 1."""

    title: str
    share: bool = False


class ChartTable(QAbstractTableModel):
    """Rows of bare values, shown as the locale writes them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[tuple[Value, ...], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, from left to right."""
        return self._columns

    def show_rows(self, columns: Sequence[Column], rows: Sequence[tuple[Value, ...]]) -> None:
        """Show *rows* from now on, each with a value for each of *columns*."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._rows = tuple(rows)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(left=section == 0)
            case _:
                return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = self._rows[index.row()][index.column()]
        column = self._columns[index.column()]
        text = shown(value, column)
        found: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = text
            case Qt.ItemDataRole.AccessibleTextRole:
                found = f"{column.title}: {text or words.NO_TIME}"
            case Qt.ItemDataRole.ToolTipRole if isinstance(value, str) and value:
                found = words.plain(value)
            case Qt.ItemDataRole.TextAlignmentRole:
                found = _side(left=index.column() == 0)
            case Role.VALUE:
                found = value.toordinal() if isinstance(value, date) else value
            case _:
                pass
        return found

    def tsv(self, rows: Sequence[int]) -> str:
        """Return *rows* below their titles as tab-separated values: bare numbers, ISO dates."""
        lines = ["\t".join(column.title for column in self._columns)]
        lines += ["\t".join(_bare(value) for value in self._rows[row]) for row in rows]
        return "\n".join(lines) + "\n"


def shown(value: Value, column: Column) -> str:
    """Return *value* as people write it."""
    if isinstance(value, date):
        day = QDate(value.year, value.month, value.day)
        return QLocale().toString(day, words.translate("charts", "d MMM yyyy"))
    if isinstance(value, float):
        return words.percent(value) if column.share else QLocale().toString(value, "f", 1)
    if isinstance(value, int):
        return words.count(value)
    return "" if value is None else words.one_line(value, 300)


def _bare(value: Value) -> str:
    """Return *value* for another program; no spreadsheet takes a name for a formula."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, int):
        return str(value)
    text = " ".join(words.visible(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _side(*, left: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
