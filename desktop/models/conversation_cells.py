"""What a view may ask of a row of the conversation list, and the answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

from PySide6.QtCore import Qt

from core.queries.conversations import ConversationRow
from desktop.look import words
from desktop.models import conversation_words as said
from desktop.models.conversation_groups import Group


class Role(IntEnum):
    """What the delegate asks for besides Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole  # ConversationRow; None for a group
    GROUP = Qt.ItemDataRole.UserRole + 1  # Group; None for a conversation
    LIVE = Qt.ItemDataRole.UserRole + 2  # bool: it grew a moment ago
    MOMENT = Qt.ItemDataRole.UserRole + 3  # str: when, as short as its group allows
    KIND = Qt.ItemDataRole.UserRole + 4  # str: what sets it apart from other rows, if anything
    STATE = Qt.ItemDataRole.UserRole + 5  # str: what it is doing now, if it is live
    WAITS = Qt.ItemDataRole.UserRole + 6  # bool: it waits for the person
    CELL = Qt.ItemDataRole.UserRole + 7  # Cell: all that is drawn, asked for at once


@dataclass(frozen=True, slots=True)
class Around:
    """What a row's answers depend on besides the row."""

    today: date
    live: bool
    under_its_day: bool  # it stands below the day on which it ended
    mixed: bool  # the library holds conversations of several formats
    state: str = ""  # what it is doing now, if it is live
    waits: bool = False  # for the person


@dataclass(frozen=True, slots=True)
class Cell:
    """What is drawn of a row: asking for each of it by itself took a quarter of the painting."""

    row: ConversationRow
    title: str
    live: bool
    waits: bool  # for the person
    now: str  # what it is doing, or when it was
    kind: str  # what sets it apart from other rows, if anything


def of_group(shown: Group, role: int) -> object:
    """Return what the heading *shown* answers for *role*."""
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return said.title(shown.title)
        case Qt.ItemDataRole.AccessibleTextRole:
            return said.spoken_group(shown.title, shown.total)
        case Qt.ItemDataRole.ToolTipRole:
            return words.plain(shown.folder) if shown.folder else None
        case Role.GROUP:
            return shown
        case _:
            return None


def of_row(row: ConversationRow, role: int, around: Around) -> object:
    """Return what the conversation *row* answers for *role*."""
    if (tell := _TOLD.get(role)) is not None:
        return tell(row, around)
    found: object = None
    match role:
        case Qt.ItemDataRole.DisplayRole:
            found = said.title(row.title)
        case Qt.ItemDataRole.ToolTipRole:
            found = words.plain(said.tip(row, live=around.live))
        case Qt.ItemDataRole.AccessibleTextRole:
            spoken = said.spoken(row, around.today, live=around.live)
            found = f"{spoken}, {around.state}" if around.state else spoken
        case Role.ROW:
            found = row
        case Role.MOMENT:
            found = said.moment(row, around.today, under_its_day=around.under_its_day)
        case Role.KIND:
            found = said.kind(row, mixed=around.mixed)
        case _:
            pass
    return found


def _cell(row: ConversationRow, around: Around) -> Cell:
    return Cell(
        row,
        said.title(row.title),
        around.live,
        around.waits,
        around.state or said.moment(row, around.today, under_its_day=around.under_its_day),
        said.kind(row, mixed=around.mixed),
    )


_TOLD: Final[dict[int, Callable[[ConversationRow, Around], object]]] = {
    Role.CELL: _cell,
    Role.LIVE: lambda _row, around: around.live,
    Role.STATE: lambda _row, around: around.state,
    Role.WAITS: lambda _row, around: around.waits,
}
