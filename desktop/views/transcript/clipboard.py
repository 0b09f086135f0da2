"""What is copied: the selected text, or whole rows, plain or as Markdown."""

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication, QTextCursor

from desktop.views.transcript import copying, places
from desktop.views.transcript.selection import END, Spot, span

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_MOST_COPIED: Final = 2_000  # rows between the ends of a selection


def copy(view: "RowsView") -> None:
    """Copy the selected text; without any, the whole current row."""
    ends = places.ends(view)
    if ends is None:
        at = view.current_row()
        row = view.rows.block_row(at) if at >= 0 else None
        text = copying.plain(row, view.rows.text) if row is not None else ""
    else:
        text = selected_text(view)
    _to_clipboard(view, text)


def copy_markdown(view: "RowsView") -> None:
    """Copy the rows that are selected, or the current one, as Markdown."""
    ends = places.ends(view)
    first, last = (ends[0].row, ends[1].row) if ends is not None else (view.current_row(),) * 2
    found = [
        copying.markdown(row, view.rows.text)
        for number in range(max(0, first), min(last, first + _MOST_COPIED) + 1)
        if first >= 0 and (row := view.rows.block_row(number)) is not None
    ]
    _to_clipboard(view, "\n\n".join(found))


def selected_text(view: "RowsView") -> str:
    """Return the selected text; rows between the first and the last are taken whole."""
    ends = places.ends(view)
    if ends is None:
        return ""
    first, last = ends
    found: list[str] = []
    for number in range(first.row, min(last.row, first.row + _MOST_COPIED) + 1):
        if first.row < number < last.row:
            row = view.rows.block_row(number)
            found.append(copying.plain(row, view.rows.text) if row is not None else "")
            continue
        laid = view.laid(number)
        parts: list[str] = []
        for at, part in enumerate(laid.texts() if laid is not None else ()):
            start, end = span(first, last, number, at)
            if end > start:
                cursor = QTextCursor(part.document)
                limit = part.document.characterCount() - 1
                cursor.setPosition(min(start, limit))
                cursor.setPosition(min(end, limit), QTextCursor.MoveMode.KeepAnchor)
                parts.append(cursor.selection().toPlainText())
        found.append("\n".join(parts))
    return "\n\n".join(text for text in found if text)


def select_row(view: "RowsView") -> None:
    """Select all text of the current row."""
    row = view.current_row()
    laid = view.laid(row) if row >= 0 else None
    if laid is None or not laid.texts():
        return
    block = view.rows.spine.ids[row]
    view.selection.select(Spot(block, 0, 0), Spot(block, len(laid.texts()) - 1, END))
    view.viewport().update()


def _to_clipboard(view: "RowsView", text: str) -> None:
    if text:
        QGuiApplication.clipboard().setText(text)
        view.say_copied(text)
