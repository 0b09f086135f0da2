"""Where the keyboard is in the trees of the current row."""

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from desktop.delegates.tree_stops import Stop, box_of, line_of, stops
from desktop.look import words
from desktop.look.words import translate

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_AIR: Final = 12


class TreeCursor:
    """Goes from fold to fold. Right enters the first tree of a row, Left leaves the top of it."""

    def __init__(self, view: "RowsView") -> None:
        self._view = view
        self._block = 0
        self._stop: Stop | None = None

    def at(self) -> Stop | None:
        """Return where the keyboard is; None if it is at the row itself."""
        view, row = self._view, self._view.current_row()
        here = row >= 0 and view.rows.spine.ids[row] == self._block
        return self._stop if here else None

    def enter(self) -> bool:
        """Go to the first stop of the current row; return False if it has none."""
        row = self._view.current_row()
        found = self._stops()
        if not found:
            return False
        self._block = self._view.rows.spine.ids[row]
        self._go(found[0])
        return True

    def leave(self) -> None:
        """Go back to the row itself."""
        self._stop = None
        self._view.viewport().update()

    def step(self, way: int) -> bool:
        """Go to the next stop, or the one before; return False if the row is left downwards."""
        at, found = self.at(), self._stops()
        if at is None:
            return False
        number = found.index(at) + way if at in found else -1
        if 0 <= number < len(found):
            self._go(found[number])
            return True
        self.leave()
        return way < 0

    def open(self) -> bool:
        """Open what the keyboard is at, or go on into it; return False if it is at none."""
        at = self.at()
        if at is None:
            return False
        if at.path is not None and self._is_open(at):
            return self.step(1)
        return self.toggle()

    def close(self) -> bool:
        """Fold what the keyboard is at, or go up from it; return False if it is at none."""
        at = self.at()
        if at is None:
            return False
        if at.path is not None and self._is_open(at):
            return self.toggle()
        above = [stop for stop in self._stops() if _holds(stop, at)]
        if above:
            self._go(above[-1])
        else:
            self.leave()
        return True

    def toggle(self) -> bool:
        """Open or fold what the keyboard is at; return False if it is at none."""
        at = self.at()
        if at is None:
            return False
        self._view.opening.flip(self._view.current_row(), at)
        found = self._stops()
        if at in found:
            self._go(at)
        elif found:
            self._go(next((stop for stop in found if stop.part == at.part), found[0]))
        else:
            self.leave()
        return True

    def _stops(self) -> list[Stop]:
        row = self._view.current_row()
        laid = self._view.laid(row) if row >= 0 else None
        return stops(laid) if laid is not None else []

    def _is_open(self, stop: Stop) -> bool:
        laid = self._view.laid(self._view.current_row())
        line = line_of(laid, stop) if laid is not None else None
        return line is not None and line.open

    def _go(self, stop: Stop) -> None:
        self._stop = stop
        view, row = self._view, self._view.current_row()
        laid = view.laid(row)
        if laid is None:
            return
        box = box_of(laid, stop).translated(0, view.scroller.y(row))
        height = view.viewport().height()
        if box.top() < _AIR:
            view.scroll_by(round(box.top()) - _AIR)
        elif box.bottom() > height - _AIR:
            view.scroll_by(round(box.bottom()) - height + _AIR)
        view.viewport().update()
        line = line_of(laid, stop)
        if line is None:
            said = translate("TreeCursor", "Other lines")
        elif line.open:
            said = translate("TreeCursor", "{0} open").format(line.text)
        else:
            said = translate("TreeCursor", "{0} folded").format(line.text)
        event = QAccessibleAnnouncementEvent(view, words.one_line(said))
        QAccessible.updateAccessibility(event)


def _holds(stop: Stop, inner: Stop) -> bool:
    if stop.part != inner.part or stop.path is None or inner.path is None:
        return False
    return len(stop.path) < len(inner.path) and inner.path[: len(stop.path)] == stop.path
