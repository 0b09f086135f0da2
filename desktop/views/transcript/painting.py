"""Paints what is in the viewport, and says what a row's line has no room for."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip

from desktop.delegates.painter import paint_row
from desktop.look import bars, words
from desktop.models import thread_colours
from desktop.models.thread_map import NO_COLOUR
from desktop.views.transcript import places

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_BAR: Final = 3  # pixels of a thread's colour at the edge


def paint(view: "RowsView", area: QRect) -> None:
    """Paint *area* of *view*'s viewport."""
    # Ended by hand: a traceback would keep the painter alive, and Qt aborts on the next one.
    painter = QPainter(view.viewport())
    try:
        _paint(view, painter, area)
    finally:
        painter.end()


def show_tip(view: "RowsView", event: QHelpEvent) -> None:
    """Say the whole argument of a card whose line may be too short for it."""
    row = view.scroller.row_at(event.pos().y())
    laid = view.laid(row) if row >= 0 else None
    tip = ""
    above = laid is not None and event.pos().y() - view.scroller.y(row) < laid.lead.height()
    if above and (said := view.threads.why(row)):
        QToolTip.showText(event.globalPos(), words.plain(said), view.viewport())
        return
    heading = laid.row.heading if laid is not None else None
    if laid is not None and heading is not None and (said := heading.tip or heading.argument):
        at = QPointF(event.pos()) - QPointF(0, view.scroller.y(row))
        tip = words.plain(said) if laid.heading.contains(at) else ""
    QToolTip.showText(event.globalPos(), tip, view.viewport())


def _paint(view: "RowsView", painter: QPainter, area: QRect) -> None:
    painter.fillRect(area, QColor(view.faces.colors.window))
    ends = places.ends(view)
    for row, y in view.scroller.visible:
        height = view.scroller.heights[row]
        if y + height < area.top() or y > area.bottom():
            continue
        laid = view.laid(row)
        if laid is None:
            continue
        painter.save()
        painter.translate(0, y)
        clip = QRectF(area.left(), area.top() - y, area.width(), area.height())
        paint_row(painter, laid, view.faces, view.marking.marks(row, laid, ends), clip)
        painter.restore()
        colour = view.threads.colour(row)
        if colour != NO_COLOUR:
            series = view.faces.colors.chart
            ink = QColor(series[colour % len(series)])
            bars.draw(painter, QRectF(0, y, _BAR, height), ink, thread_colours.fill(colour))
