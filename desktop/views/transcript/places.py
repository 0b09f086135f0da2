"""Which text is under a point of the viewport, and which rows a selection has its ends in."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF

from desktop.views.transcript.selection import Place, Spot

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_BELOW: Final = 6  # pixels under a text that still belong to it


def text_at(view: "RowsView", point: QPointF, row: int) -> Spot | None:
    """Return the place in *row*'s text that is nearest to *point* of *view*'s viewport."""
    laid = view.laid(row)
    texts = laid.texts() if laid is not None else []
    if not texts:
        return None
    inside = point - QPointF(0, view.scroller.y(row))
    number = len(texts) - 1
    for at, part in enumerate(texts):
        if inside.y() <= part.rect.bottom() + _BELOW:
            number = at
            break
    part = texts[number]
    bounded = QPointF(inside.x(), max(part.rect.top(), inside.y()))
    return Spot(view.rows.spine.ids[row], number, part.at(bounded))


def ends(view: "RowsView") -> tuple[Place, Place] | None:
    """Return the first and the last place of *view*'s selected text; None if there is none."""
    anchor, head = view.selection.anchor, view.selection.head
    if anchor is None or head is None or anchor == head:
        return None
    first, last = sorted([_place(view, anchor), _place(view, head)])
    return first, last


def _place(view: "RowsView", spot: Spot) -> Place:
    """Return *spot* with the number that its row has now; 0 if the row went away."""
    return Place(max(0, view.rows.row_of(spot.block)), spot.text, spot.position)
