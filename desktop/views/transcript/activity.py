"""A narrow map of the whole transcript: threads in their colours, prompts, where the view is."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from desktop.look import bars, paint, theme, words
from desktop.look.words import translate
from desktop.models import thread_colours
from desktop.models.thread_map import NO_COLOUR

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_WIDTH: Final = 16
_SIDE: Final = 4  # left and right of the colours
_LEAST: Final = 6  # pixels of the frame around what is in view
_GAP: Final = 2  # pixels between two threads


class Activity(QWidget):
    """Draws *rows* from top to bottom, one pixel for one or many of them.

    A pixel looks at one row, so the cost of painting is the height of the strip, however long
    the conversation is.
    """

    row_chosen = Signal(int)

    def __init__(self, rows: "RowsView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(translate("Activity", "Map of the transcript by threads"))
        rows.verticalScrollBar().valueChanged.connect(self._look)
        rows.verticalScrollBar().rangeChanged.connect(self._look)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 200)

    def row_at(self, y: int) -> int:
        """Return the row that the pixel *y* stands for; -1 if there are no rows."""
        many = self._rows.rows.rowCount()
        if not many or self.height() < 1:
            return -1
        return min(many - 1, max(0, y * many // self.height()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(colors.window))
            self._paint_threads(painter, colors)
            self._paint_view(painter, colors)
        finally:
            painter.end()

    def _paint_threads(self, painter: QPainter, colors: theme.Theme) -> None:
        view = self._rows
        many = view.rows.rowCount()
        wide = self.width() - 2 * _SIDE
        series = [QColor(one) for one in colors.chart]
        track = QColor(colors.track)
        begun, last = 0, NO_COLOUR - 1
        for y in range(self.height() + 1):
            row = self.row_at(y) if y < self.height() else -1
            colour = view.threads.colour(row) if row >= 0 else NO_COLOUR - 1
            if y and colour != last:
                ink = series[last % len(series)] if last >= 0 else track
                if last >= NO_COLOUR:
                    room = max(1, y - begun - (_GAP if colour >= NO_COLOUR else 0))
                    box = QRectF(_SIDE, begun, wide, room)
                    bars.draw(painter, box, ink, thread_colours.fill(max(0, last)))
                begun = y
            last = colour
        if many * 4 <= self.height():  # else prompts would hide what they stand on
            ink = QColor(colors.window)
            for row in range(many):
                if view.rows.is_prompt(row):
                    painter.fillRect(_SIDE, row * self.height() // many, wide, 1, ink)

    def _paint_view(self, painter: QPainter, colors: theme.Theme) -> None:
        many = self._rows.rows.rowCount()
        visible = self._rows.scroller.visible
        if not many or not visible:
            return
        top = visible[0][0] * self.height() // many
        bottom = (visible[-1][0] + 1) * self.height() // many
        tall = max(_LEAST, bottom - top)
        frame = QRectF(QRect(1, min(top, self.height() - tall), self.width() - 2, tall))
        frame.adjust(0.5, 0.5, -0.5, -0.5)
        paint.rounded(
            painter, frame, 3, fill=colors.color("text", 0.14), line=colors.color("muted")
        )

    @Slot()
    def _look(self) -> None:
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos().y())
            message = self._rows.rows.spine.messages[row] if row >= 0 else 0
            thread = self._rows.threads.map.thread_at(message)
            said = words.plain(thread.title) if thread is not None else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    def _choose(self, event: QMouseEvent) -> None:
        row = self.row_at(round(event.position().y()))
        if row >= 0:
            self.row_chosen.emit(row)
