"""What a search found, as a list: a heading for each conversation, then its hits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.queries.search import CLOSE, OPEN, Hit
from desktop.look import words
from desktop.models import tool_names
from desktop.models.conversation_words import project_name

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Piece: TypeAlias = tuple[str, bool]  # text, and whether it is what was looked for

NO_INDEX: Final = QModelIndex()
_BLANKS: Final = re.compile(r"\s+")
_TITLE: Final = 300


class Role(IntEnum):
    """What the delegate asks for besides Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole  # HitRow, or HitGroup for a heading


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The conversation that the hits below are in."""

    conversation: str
    title: str
    project: str
    hits: int  # below this heading


@dataclass(frozen=True, slots=True)
class HitRow:
    """A hit, ready to be drawn."""

    hit: Hit
    label: str  # who says it, or which tool
    pieces: tuple[Piece, ...]


class HitsModel(QAbstractListModel):
    """Holds one answer of the search; headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[HitGroup | HitRow] = []

    @property
    def conversations(self) -> int:
        """How many conversations the hits are in."""
        return sum(isinstance(row, HitGroup) for row in self._rows)

    def show(self, hits: Sequence[Hit]) -> None:
        """Show *hits*: the conversation with the best hit first, each one's hits in their order."""
        grouped: dict[str, list[Hit]] = {}
        for hit in hits:
            grouped.setdefault(hit.conversation, []).append(hit)
        self.beginResetModel()
        self._rows = []
        for key, found in grouped.items():
            title = words.one_line(found[0].title, _TITLE)
            self._rows.append(HitGroup(key, title, project_name(found[0].project), len(found)))
            self._rows += [HitRow(hit, label(hit), pieces(hit.snippet)) for hit in found]
        self.endResetModel()

    def hit_at(self, index: Index) -> Hit | None:
        """Return the hit at *index*; None for a heading."""
        row = self._rows[index.row()] if index.isValid() else None
        return row.hit if isinstance(row, HitRow) else None

    def next_hit(self, row: int, step: int) -> int:
        """Return the row of the hit *step* (1 or -1) from *row*; the first or last if none is."""
        at = row + step
        while 0 <= at < len(self._rows):
            if isinstance(self._rows[at], HitRow):
                return at
            at += step
        if isinstance(self._rows[row] if 0 <= row < len(self._rows) else None, HitRow):
            return row
        return next((n for n, each in enumerate(self._rows) if isinstance(each, HitRow)), -1)

    @override
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], HitGroup):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Role.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(row)
        return _spoken(row) if role == Qt.ItemDataRole.AccessibleTextRole else None


def _shown(row: HitGroup | HitRow) -> str:
    if isinstance(row, HitGroup):
        return row.title
    return words.one_line("".join(text for text, _ in row.pieces))


def _spoken(row: HitGroup | HitRow) -> str:
    if isinstance(row, HitGroup):
        return f"{row.title}, {row.project}, {words.plural(row.hits, 'hit', 'hits')}"
    when = "" if row.hit.at is None else f", {words.clock(row.hit.at)}"
    return f"{row.label}{when}, {_shown(row)}"


def label(hit: Hit) -> str:
    """Return who said what *hit* is in, or which tool got or gave it."""
    tool = tool_names.name(hit.tool) if hit.tool else words.translate("hits", "Tool")
    match hit.field:
        case "prompt":
            return words.translate("hits", "You")
        case "reply":
            return words.translate("hits", "Reply")
        case "thinking":
            return words.translate("hits", "Thinking")
        case "input":
            return words.translate("hits", "{0} input").format(tool)
        case "output":
            return words.translate("hits", "{0} output").format(tool)
        case _:
            return words.translate("hits", "Note")


def pieces(snippet: str) -> tuple[Piece, ...]:
    """Return *snippet* cut where what was looked for begins and ends, on one line."""
    found: list[Piece] = []
    marked = False
    for part in re.split(f"([{OPEN}{CLOSE}])", snippet):
        if part in {OPEN, CLOSE}:
            marked = part == OPEN
        elif part:
            found.append((_BLANKS.sub(" ", words.visible(part)), marked))
    return tuple(found)


def tone(hit: Hit) -> str:
    """Return the colour token for the label of *hit*."""
    if hit.field in {"prompt", "reply", "thinking"}:
        return {"prompt": "you"}.get(hit.field, hit.field)
    return tool_names.tone(hit.tool) if hit.tool else "mcp"
