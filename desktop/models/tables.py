"""A table of bare values: shown as the locale writes them, sorted, narrowed and copied."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
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
from PySide6.QtGui import QIcon
from typing_extensions import override

from desktop.look import words

Value: TypeAlias = "str | int | float | date | None"
Index: TypeAlias = QModelIndex | QPersistentModelIndex

_NO_INDEX: Final = QModelIndex()
_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST: Final = 300  # characters of a cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, and what its values are."""

    title: str
    share: bool = False  # parts of 1
    money: bool = False  # micro-dollars
    size: bool = False  # bytes
    words: bool = False  # text, which stands on the left, as the first column does
    tip: str = ""  # what exactly is counted
    digits: int = 1  # behind the point


class TableModel(QAbstractTableModel):
    """Rows of bare values, in the order and the part of them that the user asks for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[tuple[Value, ...], ...] = ()
        self._shown: list[int] = []  # numbers of rows, from the top
        self._by: tuple[int, Qt.SortOrder] | None = None
        self._words: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, from left to right."""
        return self._columns

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._rows)

    def show_rows(self, columns: Sequence[Column], rows: Sequence[tuple[Value, ...]]) -> None:
        """Show *rows* from now on, each with a value for each of *columns*."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._rows = tuple(rows)
        self._arrange()
        self.endResetModel()

    def narrow(self, said: str) -> None:
        """Show only rows in whose text every word of *said* is."""
        wanted = tuple(said.casefold().split())
        if wanted != self._words:
            self._words = wanted
            self.refresh()

    def refresh(self) -> None:
        """Look again at which rows are to be shown."""
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def keeps(self, number: int) -> bool:
        """Tell whether row *number*, of those given, may be shown at all."""
        del number
        return True

    def number(self, row: int) -> int:
        """Return which of the rows that were given is shown at *row*."""
        return self._shown[row]

    def icon(self, number: int, column: int) -> QIcon | None:
        """Return the icon of row *number*, of those given, at *column*."""
        del number, column
        return None

    def tip(self, number: int, column: int) -> str:
        """Return what more there is to say about row *number*, of those given, at *column*."""
        value = self._rows[number][column]
        return value if isinstance(value, str) else ""

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._by = (column, order) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        numbers = [self._shown[index.row()] for index in kept]
        self._arrange()
        rows = {number: row for row, number in enumerate(self._shown)}
        moved = [
            self.index(rows[number], index.column())
            for number, index in zip(numbers, kept, strict=True)
        ]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._shown)

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
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(left=section == 0 or column.words)
            case Qt.ItemDataRole.ToolTipRole if column.tip:
                return words.plain(column.tip)
            case _:
                return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        number, at = self._shown[index.row()], index.column()
        column = self._columns[at]
        found: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = shown(self._rows[number][at], column)
            case Qt.ItemDataRole.AccessibleTextRole:
                said = shown(self._rows[number][at], column)
                found = f"{column.title}: {said or words.NO_TIME}"
            case Qt.ItemDataRole.ToolTipRole:
                tip = self.tip(number, at)
                found = words.plain(tip) if tip else None
            case Qt.ItemDataRole.DecorationRole:
                found = self.icon(number, at)
            case Qt.ItemDataRole.TextAlignmentRole:
                found = _side(left=at == 0 or column.words)
            case _:
                pass
        return found

    def value(self, row: int, column: int) -> Value:
        """Return the bare value that is shown at *row* and *column*."""
        return self._rows[self._shown[row]][column]

    def tsv(self, rows: Sequence[int]) -> str:
        """Return *rows* below their titles as tab-separated values: bare numbers, ISO dates."""
        return tsv(self._columns, (self._rows[self._shown[row]] for row in rows))

    def csv(self) -> str:
        """Return all rows, as they are shown, as comma-separated values."""
        return csv(self._columns, (self._rows[number] for number in self._shown))

    def _arrange(self) -> None:
        """Find which rows are shown, and in what order."""
        found = range(len(self._rows))
        self._shown = [number for number in found if self._holds(number)]
        if self._by is not None and self._by[0] < len(self._columns):
            at, order = self._by
            down = order == Qt.SortOrder.DescendingOrder
            self._shown.sort(key=lambda number: _rank(self._rows[number][at]), reverse=down)

    def _holds(self, number: int) -> bool:
        if not self.keeps(number):
            return False
        said = "\n".join(one for one in self._rows[number] if isinstance(one, str)).casefold()
        return all(word in said for word in self._words)


def tsv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> str:
    """Return *rows* below the titles of *columns* as tab-separated values, for a spreadsheet."""
    lines = ["\t".join(column.title for column in columns)]
    lines += ["\t".join(map(_bare, row, columns)) for row in rows]
    return "\n".join(lines) + "\n"


def csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> str:
    """Return *rows* below the titles of *columns* as comma-separated values (RFC 4180)."""
    lines = [",".join(_quoted(_bare(column.title, column)) for column in columns)]
    lines += [",".join(map(_quoted, map(_bare, row, columns))) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def shown(value: Value, column: Column) -> str:
    """Return *value* as people write it."""
    if isinstance(value, date):
        day = QDate(value.year, value.month, value.day)
        return QLocale().toString(day, words.translate("charts", "d MMM yyyy"))
    if isinstance(value, float):
        return (
            words.percent(value) if column.share else QLocale().toString(value, "f", column.digits)
        )
    if isinstance(value, int):
        return _number(value, column)
    return "" if value is None else words.one_line(value, _LONGEST)


def _number(value: int, column: Column) -> str:
    if column.money:
        return words.money(value)
    return words.size(value) if column.size else words.count(value)


def _quoted(text: str) -> str:
    """Return *text* as a field of CSV."""
    if any(letter in text for letter in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _bare(value: Value, column: Column) -> str:
    """Return *value* for another program; no spreadsheet takes a name for a formula."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, int):
        return f"{value / 1_000_000:.6f}" if column.money else str(value)
    text = " ".join(words.visible(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rank(value: Value) -> tuple[int, float, str]:
    """Return what to sort *value* by: nothing first, then numbers and days, then text."""
    if value is None:
        return 0, 0.0, ""
    if isinstance(value, date):
        return 1, value.toordinal(), ""
    if isinstance(value, str):
        return 2, 0.0, value.casefold()
    return 1, value, ""


def _side(*, left: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
