"""What the pointer does: selects text, folds rows, follows links."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication

from desktop.delegates.layouts import Laid, LinePart, TextPart
from desktop.delegates.tree_stops import Stop, path_at
from desktop.views.transcript import places
from desktop.views.transcript.selection import Spot

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_SCROLL_MS: Final = 30  # between steps while text is selected beyond the edge
_LEFT: Final = Qt.MouseButton.LeftButton


class Mouse(QObject):
    """Follows the pointer over a *view*."""

    def __init__(self, view: "RowsView") -> None:
        super().__init__(view)
        self._view = view
        self._pressed: QPointF | None = None
        self._selecting = False
        self._last = QPointF()
        self._scroll = QTimer(self, interval=_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)

    def press(self, event: QMouseEvent) -> None:
        """Start a click or a selection."""
        if event.button() != _LEFT:
            return
        view, point = self._view, event.position()
        row = view.scroller.row_at(int(point.y()))
        self._pressed, self._selecting = point, False
        if row < 0:
            view.selection.clear()
            view.viewport().update()
            return
        view.setCurrentIndex(view.rows.index(row))
        spot = self._spot(point, row, inside=True)
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if spot is not None and extends and view.selection.anchor is not None:
            view.selection.head = spot
        elif spot is not None:
            view.selection.begin(spot)
        else:
            view.selection.clear()
        view.viewport().update()

    def move(self, event: QMouseEvent) -> None:
        """Select on, or show what a click here would do."""
        point = event.position()
        if not event.buttons() & _LEFT or self._pressed is None:
            self._show_cursor(point)
            return
        distance = (point - self._pressed).manhattanLength()
        if not self._selecting and distance < QApplication.startDragDistance():
            return
        if self._view.selection.anchor is None:
            return
        self._selecting = True
        self._last = point
        self._extend(point)
        outside = point.y() < 0 or point.y() > self._view.viewport().height()
        if outside and not self._scroll.isActive():
            self._scroll.start()
        elif not outside:
            self._scroll.stop()

    def release(self, event: QMouseEvent) -> None:
        """End the selection; if there was none, do what was clicked."""
        if event.button() != _LEFT:
            return
        self._scroll.stop()
        pressed, self._pressed = self._pressed, None
        if self._selecting or pressed is None:
            return
        self._click(event.position())

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word under the pointer."""
        row = self._view.scroller.row_at(int(event.position().y()))
        spot = self._spot(event.position(), row, inside=True) if row >= 0 else None
        laid = self._view.laid(row) if row >= 0 else None
        if spot is None or laid is None:
            self.press(event)
            return
        cursor = QTextCursor(laid.texts()[spot.text].document)
        cursor.setPosition(spot.position)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        self._view.selection.select(
            spot._replace(position=cursor.selectionStart()),
            spot._replace(position=cursor.selectionEnd()),
        )
        self._pressed, self._selecting = event.position(), True
        self._view.viewport().update()

    @Slot()
    def _scroll_on(self) -> None:
        height = self._view.viewport().height()
        beyond = self._last.y() if self._last.y() < 0 else self._last.y() - height
        self._view.scroll_by(round(max(-60, min(60, beyond))))
        self._extend(self._last)

    def _extend(self, point: QPointF) -> None:
        height = self._view.viewport().height()
        bounded = QPointF(point.x(), max(0.0, min(point.y(), height - 1.0)))
        row = self._view.scroller.row_at(int(bounded.y()))
        spot = self._spot(bounded, row, inside=False) if row >= 0 else None
        if spot is not None:
            self._view.selection.head = spot
            self._view.viewport().update()

    def _spot(self, point: QPointF, row: int, *, inside: bool) -> Spot | None:
        """Return the place in text at *point*; if *inside*, only when it is on a text."""
        if inside and self._text(point, row) is None:
            return None
        return places.text_at(self._view, point, row)

    def _text(self, point: QPointF, row: int) -> TextPart | None:
        laid = self._view.laid(row)
        if laid is None:
            return None
        at = point - QPointF(0, self._view.scroller.y(row))
        for part in laid.texts():
            if part.rect.adjusted(-6, -2, 6, 2).contains(at):
                return part
        return None

    def _click(self, point: QPointF) -> None:
        view = self._view
        row = view.scroller.row_at(int(point.y()))
        laid = view.laid(row) if row >= 0 else None
        if laid is None:
            return
        at = point - QPointF(0, view.scroller.y(row))
        if address := _address(laid, at):
            view.link_clicked.emit(address)
        elif (part := _expander(laid, at)) is not None:
            view.opening.flip(row, Stop(part.expands, None, part.back))
        elif (stop := _fold(laid, at)) is not None:
            view.opening.flip(row, stop)
        elif laid.lane.contains(at):
            view.opening.toggle_lane(row)
        elif laid.row.foldable and laid.heading.contains(at):
            view.opening.set_open(row, opened=not laid.row.open)

    def _show_cursor(self, point: QPointF) -> None:
        view = self._view
        row = view.scroller.row_at(int(point.y()))
        laid = view.laid(row) if row >= 0 else None
        shape, hovered = Qt.CursorShape.ArrowCursor, -1
        if laid is not None:
            at = point - QPointF(0, view.scroller.y(row))
            heading: QRectF = laid.heading
            on_heading = laid.row.foldable and heading.contains(at)
            hovered = row if on_heading else -1
            if on_heading or laid.lane.contains(at) or _pressable(laid, at):
                shape = Qt.CursorShape.PointingHandCursor
            elif self._text(point, row) is not None:
                shape = Qt.CursorShape.IBeamCursor
        view.viewport().setCursor(shape)
        view.set_hovered(hovered)


def _address(laid: Laid, at: QPointF) -> str:
    for part in laid.texts():
        if address := part.anchor(at):
            return address
    return ""


def _pressable(laid: Laid, at: QPointF) -> bool:
    found = _expander(laid, at) is not None or _fold(laid, at) is not None
    return found or bool(_address(laid, at))


def _fold(laid: Laid, at: QPointF) -> Stop | None:
    for part in laid.texts():
        if (path := path_at(part, at)) is not None:
            return Stop(part.section.part, path)
    return None


def _expander(laid: Laid, at: QPointF) -> LinePart | None:
    for part in laid.parts:
        if isinstance(part, LinePart) and part.expands and part.rect.contains(at):
            return part
    return None
