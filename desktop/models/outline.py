"""The prompts of one conversation in order, as a list that grows in place while it is watched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractListModel, QDate, QLocale, QModelIndex, QObject, Qt
from typing_extensions import override

from core.queries.structure import Node, NodeKind
from desktop.look import words
from desktop.look.words import translate
from desktop.models import thread_words
from desktop.models.threads import Index

_NO_INDEX: Final = QModelIndex()


class Role(IntEnum):
    """What the delegate asks for besides Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole  # OutlineRow
    CURRENT = Qt.ItemDataRole.UserRole + 1  # bool: the transcript is at this turn


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A prompt with its number, or a compaction, which has none."""

    node: Node
    number: int  # 0: no prompt
    when: str  # with its day, where that is another than the one before

    @property
    def facts(self) -> tuple[str, str]:
        """The second line: when and how many calls, and how many of them failed."""
        quiet = (self.when, thread_words.calls(self.node))
        return " · ".join(part for part in quiet if part), thread_words.failures(self.node)


class OutlineModel(QAbstractListModel):
    """Rows of `OutlineRow`."""

    def __init__(self, parent: QObject | None = None, *, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._rows: list[OutlineRow] = []
        self._current = 0

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show *nodes*; what is at the end only is added, so that the view keeps its place."""
        rows = _number(nodes, self._zone)
        have = len(self._rows)
        same = [row.node.message for row in self._rows] == [n.message for n in nodes[:have]]
        if not same or len(rows) < have or not have:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        for at in range(have):
            if rows[at] != self._rows[at]:
                self._rows[at] = rows[at]
                self.dataChanged.emit(self.index(at), self.index(at))
        if len(rows) > have:
            self.beginInsertRows(_NO_INDEX, have, len(rows) - 1)
            self._rows += rows[have:]
            self.endInsertRows()

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self._rows = []
        self._current = 0
        self.endResetModel()

    def find(self, message: int) -> QModelIndex:
        """Return the row of the prompt *message*, or an invalid index."""
        rows = (at for at, row in enumerate(self._rows) if row.node.message == message)
        at = next(rows, -1)
        return self.index(at) if at >= 0 else QModelIndex()

    def set_current(self, message: int) -> QModelIndex:
        """Mark the row of the prompt *message* as the one the transcript is at; return it."""
        before, self._current = self.find(self._current), message
        now = self.find(message)
        for index in (before, now):
            if index.isValid():
                self.dataChanged.emit(index, index, [Role.CURRENT])
        return now

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        found: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = thread_words.title(row.node)
            case Qt.ItemDataRole.ToolTipRole:
                found = words.plain(thread_words.tip(row.node, self._zone))
            case Qt.ItemDataRole.AccessibleTextRole:
                found = self._sentence(row)
            case Role.ROW:
                found = row
            case Role.CURRENT:
                found = row.node.message == self._current
            case _:
                pass
        return found

    def _sentence(self, row: OutlineRow) -> str:
        said = thread_words.sentence(row.node, self._zone)
        if not row.number:
            return said
        place = translate("threads", "prompt {0} of {1}").format(
            row.number, sum(1 for each in self._rows if each.number)
        )
        return f"{said}, {place}"


def _number(nodes: Sequence[Node], zone: tzinfo | None) -> list[OutlineRow]:
    rows: list[OutlineRow] = []
    number, before = 0, None
    for node in nodes:
        number += node.kind is NodeKind.PROMPT
        when = thread_words.moment(node, zone)
        day = words.day_of(node.at, zone) if node.at is not None else None
        if day is not None and day != before:
            when, before = f"{_short_day(day)}, {when}", day
        rows.append(OutlineRow(node, number if node.kind is NodeKind.PROMPT else 0, when))
    return rows


def _short_day(day: date) -> str:
    pattern = translate("threads", "d MMM yyyy")
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)
