"""A plot in the theme's colours, whose marks can be visited by pointer and keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsGridLayout,
    QGraphicsView,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.views.charts.borrowed import AxisItem, GraphicsView, GraphicsWidget, ViewBox
from desktop.views.charts.drawing import Drawing

_EDGE: Final = 6
_CHOOSING: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a chart shows: where, in the plot's units, and what it says."""

    area: QRectF
    tip: str  # plain text, may have lines
    spoken: str  # one sentence


class Plot(GraphicsView):
    """Axes and a *drawing*. It neither pans nor zooms: the wheel scrolls the page around it."""

    chosen = Signal(int)  # number of a mark that was clicked, or at which Return was pressed
    stride = 1  # marks that the up and down keys go

    def __init__(self, drawing: Drawing, parent: QWidget | None = None) -> None:
        made: Any = super().__init__
        made(parent=parent)
        self.drawing = drawing
        self.marks: Sequence[Mark] = ()
        self.leading: frozenset[int] = frozenset()  # numbers of the marks that lead somewhere
        self._pressed: int | None = None
        self.view, self._axes = self._framed()
        self.view.setDefaultPadding(0)
        self.view.disableAutoRange()
        self.view.addItem(drawing, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # it is of one colour
        self.take_theme()

    def _framed(self) -> tuple[Any, dict[str, Any]]:
        """Put a view box and its two axes in; return them.

        Not pyqtgraph's own plot item: it makes a menu of sixty controls for each plot, which
        is never shown here: 12 MB for the dashboard.
        """
        frame: Any = GraphicsWidget()
        view: Any = ViewBox(enableMenu=False, enableMouse=False)
        axes: dict[str, Any] = {side: AxisItem(side, linkView=view) for side in ("left", "bottom")}
        grid = QGraphicsGridLayout()
        grid.setContentsMargins(0, _EDGE + 2, 0, 0)  # half a label is above the top tick
        grid.setSpacing(0)
        grid.addItem(axes["left"], 0, 0)
        grid.addItem(view, 0, 1)
        grid.addItem(axes["bottom"], 1, 1)
        frame.setLayout(grid)
        cast("Any", self).setCentralItem(frame)
        return view, axes

    def axis(self, side: str) -> Any:  # noqa: ANN401  pyqtgraph has no types
        """Return the axis at *side*: left or bottom."""
        return self._axes[side]

    def take_theme(self) -> None:
        """Take colours and fonts from the palette and the application."""
        colors = theme.of(self.palette())
        self.drawing.colors = colors
        self.setBackgroundBrush(QColor(colors.card))
        for side in ("left", "bottom"):
            axis = self.axis(side)
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTextPen(QPen(QColor(colors.muted)))
            axis.setStyle(
                tickLength=0,
                tickAlpha=0,
                tickTextOffset=metrics.SMALL,
                hideOverlappingLabels=False,
                tickFont=fonts.numbers(fonts.SMALL),
            )
        line = QFontMetricsF(fonts.numbers(fonts.SMALL)).height()
        self.axis("bottom").setHeight(round(line) + metrics.SMALL + metrics.TIGHT)
        self.viewport().update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Let *marks* be visited, in reading order."""
        self.marks = marks
        self._pressed = None
        self.visit(None)

    def visit(self, number: int | None) -> None:
        """Show that mark *number* is the one meant; none if None."""
        if number != self.drawing.current:
            self.drawing.current = number
            self.drawing.update()
            self.viewport().update()

    def mark_at(self, where: QPoint) -> int | None:
        """Return the number of the mark at *where* in the viewport."""
        point: QPointF = self.view.mapSceneToView(self.mapToScene(where))
        for number, mark in enumerate(self.marks):
            if mark.area.contains(point):
                return number
        return None

    def lay_out(self) -> None:
        """Place what depends on the size; called when that has changed."""

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.mark_at(event.position().toPoint()) if left else None

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        event.accept()
        number, self._pressed = self._pressed, None
        if number is not None and self.mark_at(event.position().toPoint()) == number:
            self._choose(number)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        event.accept()

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        number = self.mark_at(at)
        self.visit(number)
        if number in self.leading:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()
        if number is None:
            QToolTip.hideText()
        else:
            tip = words.plain(self.marks[number].tip)
            QToolTip.showText(event.globalPosition().toPoint(), tip, self.viewport())

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self.visit(None)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        last = len(self.marks) - 1
        now = self.drawing.current
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.stride,
            Qt.Key.Key_Down: self.stride,
        }
        key = Qt.Key(event.key())
        if key in _CHOOSING and now is not None:
            self._choose(now)
            return
        if last < 0 or key not in {*steps, Qt.Key.Key_Home, Qt.Key.Key_End}:
            event.ignore()
            return
        if key == Qt.Key.Key_Home or (now is None and key != Qt.Key.Key_End):
            number = 0
        elif key == Qt.Key.Key_End or now is None:
            number = last
        else:
            moved = now + steps[key]
            number = moved if 0 <= moved <= last else now
        self.visit(number)
        self._say(self.marks[number])

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.visit(None)
        self.viewport().update()

    @override
    def resizeEvent(self, event: QResizeEvent | None, /) -> None:
        super().resizeEvent(cast("QResizeEvent", event))
        if event is not None:  # pyqtgraph calls it with None while it is being made
            self.lay_out()

    @override
    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        restyles = {QEvent.Type.PaletteChange, QEvent.Type.FontChange}
        if event.type() in restyles and hasattr(self, "view"):  # also comes while it is being made
            self.take_theme()
            self.lay_out()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            box = QRectF(self.viewport().rect())
            paint.focus_ring(painter, box, colors=self.drawing.colors, radius=metrics.RADIUS)

    def _choose(self, number: int) -> None:
        if number in self.leading:
            QToolTip.hideText()
            self.chosen.emit(number)

    def _say(self, mark: Mark) -> None:
        centre: QPointF = self.view.mapViewToScene(mark.area.center())
        corner = self.mapFromScene(centre)
        where = self.viewport().mapToGlobal(corner + QPoint(_EDGE, _EDGE))
        QToolTip.showText(where, words.plain(mark.tip), self.viewport())
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, mark.spoken))
