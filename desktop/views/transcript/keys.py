"""What each key does in the transcript."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView

from desktop.views.transcript import clipboard

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_NONE: Final = Qt.KeyboardModifier.NoModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


def pressed(view: "RowsView", event: QKeyEvent) -> bool:
    """Do what *event*'s key stands for; return False if it stands for nothing."""
    action = _ACTIONS.get((Qt.Key(event.key()), event.modifiers() & ~_KEYPAD))
    if action is None:
        return False
    action(view)
    return True


def known(event: QKeyEvent) -> bool:
    """Return whether *event*'s key stands for something here."""
    return (Qt.Key(event.key()), event.modifiers() & ~_KEYPAD) in _ACTIONS


def _down(view: "RowsView") -> None:
    if not view.trees.step(1):
        _step(view, 1)


def _up(view: "RowsView") -> None:
    if not view.trees.step(-1):
        _step(view, -1)


def _next_row(view: "RowsView") -> None:
    view.trees.leave()
    _step(view, 1)


def _last_row(view: "RowsView") -> None:
    view.trees.leave()
    _step(view, -1)


def _step(view: "RowsView", way: int) -> None:
    """Go to the next row; first to the end of this one if it is taller than the view."""
    count, height = view.rows.rowCount(), view.viewport().height()
    if not count:
        return
    row = view.current_row()
    seen = [number for number, _ in view.scroller.visible]
    if row not in seen:
        _go(view, seen[0] if seen else 0)
        return
    top = view.scroller.y(row)
    bottom = top + view.scroller.heights[row]
    if way > 0 and bottom > height:
        view.scroll_by(min(bottom - height, height * 3 // 4))
    elif way < 0 and top < 0:
        view.scroll_by(max(top, -height * 3 // 4))
    elif 0 <= row + way < count:
        _go(view, row + way)


def _go(view: "RowsView", row: int, *, top: bool = False) -> None:
    index = view.rows.index(row)
    view.setCurrentIndex(index)
    hint = (
        QAbstractItemView.ScrollHint.PositionAtTop
        if top
        else QAbstractItemView.ScrollHint.EnsureVisible
    )
    view.scrollTo(index, hint)
    view.viewport().update()


def _next_prompt(view: "RowsView") -> None:
    start = view.current_row() if view.current_row() >= 0 else view.scroller.top - 1
    for row in range(start + 1, view.rows.rowCount()):
        if view.rows.is_prompt(row):
            _go(view, row, top=True)
            return


def _last_prompt(view: "RowsView") -> None:
    start = view.current_row() if view.current_row() >= 0 else view.scroller.top
    for row in range(start - 1, -1, -1):
        if view.rows.is_prompt(row):
            _go(view, row, top=True)
            return


def _next_failure(view: "RowsView") -> None:
    view.failure_wanted.emit(True)


def _last_failure(view: "RowsView") -> None:
    view.failure_wanted.emit(False)


def _fold(view: "RowsView") -> None:
    row = view.current_row()
    if row < 0 or view.trees.close():
        return
    if view.opening.is_foldable(row) and view.opening.is_open(row):
        view.opening.set_open(row, opened=False)
        return
    depth = view.rows.depths[row]
    while depth and row > 0:
        row -= 1
        if view.rows.depths[row] < depth:
            _go(view, row)
            return


def _unfold(view: "RowsView") -> None:
    row = view.current_row()
    if row < 0 or view.trees.open():
        return
    laid = view.laid(row)
    if laid is None:
        return
    if laid.row.foldable and not laid.row.open:
        view.opening.set_open(row, opened=True)
    elif laid.row.lane and not laid.row.lane_open:
        view.opening.toggle_lane(row)
    elif not view.trees.enter() and (
        hidden := [part.section.part for part in laid.texts() if part.section.hidden]
    ):
        view.opening.show_whole(row, hidden[0])


def _toggle(view: "RowsView") -> None:
    row = view.current_row()
    if view.trees.toggle():
        return
    if row >= 0 and view.opening.is_foldable(row):
        view.opening.set_open(row, opened=not view.opening.is_open(row))
    else:
        _unfold(view)


def fold_all(view: "RowsView") -> None:
    """Close every row."""
    view.set_all_open(opened=False)


def unfold_all(view: "RowsView") -> None:
    """Open every row."""
    view.set_all_open(opened=True)


def _home(view: "RowsView") -> None:
    if view.rows.rowCount():
        view.scroller.put(0, 0)
        view.settle()
        _go(view, 0)


def _end(view: "RowsView") -> None:
    if count := view.rows.rowCount():
        view.setCurrentIndex(view.rows.index(count - 1))
        view.to_end()


def _page_down(view: "RowsView") -> None:
    _page(view, 1)


def _page_up(view: "RowsView") -> None:
    _page(view, -1)


def _page(view: "RowsView", way: int) -> None:
    view.scroll_by(way * view.verticalScrollBar().pageStep())
    seen = view.scroller.visible
    if seen:
        whole = [row for row, y in seen if y >= 0]
        row = (whole or [seen[0][0]])[0] if way < 0 or not view.at_end else seen[-1][0]
        view.setCurrentIndex(view.rows.index(row))


def _follow(view: "RowsView") -> None:
    view.follow_wanted.emit()


def _raw(view: "RowsView") -> None:
    if (row := view.current_row()) >= 0:
        view.show_raw(row)


def _comfortable(view: "RowsView") -> None:
    view.density_wanted.emit("comfortable")


def _compact(view: "RowsView") -> None:
    view.density_wanted.emit("compact")


def _prompts(view: "RowsView") -> None:
    view.density_wanted.emit("prompts")


_ACTIONS: Final[dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[["RowsView"], None]]] = {
    (Qt.Key.Key_Down, _NONE): _down,
    (Qt.Key.Key_J, _NONE): _next_row,
    (Qt.Key.Key_Up, _NONE): _up,
    (Qt.Key.Key_K, _NONE): _last_row,
    (Qt.Key.Key_N, _NONE): _next_prompt,
    (Qt.Key.Key_P, _NONE): _last_prompt,
    (Qt.Key.Key_E, _NONE): _next_failure,
    (Qt.Key.Key_E, _SHIFT): _last_failure,
    (Qt.Key.Key_Left, _NONE): _fold,
    (Qt.Key.Key_Right, _NONE): _unfold,
    (Qt.Key.Key_Left, _SHIFT): fold_all,
    (Qt.Key.Key_Right, _SHIFT): unfold_all,
    (Qt.Key.Key_Space, _NONE): _toggle,
    (Qt.Key.Key_Return, _NONE): _toggle,
    (Qt.Key.Key_Enter, _NONE): _toggle,
    (Qt.Key.Key_Home, _NONE): _home,
    (Qt.Key.Key_End, _NONE): _end,
    (Qt.Key.Key_PageDown, _NONE): _page_down,
    (Qt.Key.Key_PageUp, _NONE): _page_up,
    (Qt.Key.Key_L, _NONE): _follow,
    (Qt.Key.Key_R, _NONE): _raw,
    (Qt.Key.Key_1, _NONE): _comfortable,
    (Qt.Key.Key_2, _NONE): _compact,
    (Qt.Key.Key_3, _NONE): _prompts,
    (Qt.Key.Key_C, _CONTROL): clipboard.copy,
    (Qt.Key.Key_C, _CONTROL | _SHIFT): clipboard.copy_markdown,
    (Qt.Key.Key_A, _CONTROL): clipboard.select_row,
}
KEYS_OF: Final = frozenset(QKeySequence(key).toString() for key, _ in _ACTIONS)
