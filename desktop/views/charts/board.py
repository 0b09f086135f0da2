"""The cards of the page in their places: two columns where there is room, the findings below."""

from typing import Final

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint
from desktop.views.charts.card import Card

TWO_COLUMNS: Final = 1100  # points from which charts stand side by side
_ROWS: Final = (400, 364, 364, 348, 364, 364, 364)  # points of each pair of cards
_TALLEST: Final = 452  # of a card with fifteen bars
_SPARE: Final = 120  # most that a tall window adds
_LAST: Final = 388  # of the last card while it shows nothing


class Board(QGridLayout):
    """Keeps *number* cards in pairs; the last takes the whole width and the height it needs.

    Until a card is put, its place is taken by an empty one of the same height: nothing moves, and
    the scroll bar tells how long the page is.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self._cells: list[QWidget] = [_Place() for _ in range(number)]
        self._heights = [_LAST] * number
        self._columns = 0
        self.setSpacing(metrics.LARGE)

    def arrange(self, width: int, height: int) -> None:
        """Lay the cards out on a page of *width* and *height* points."""
        columns = 2 if width >= TWO_COLUMNS else 1
        grown = max(1.0, fonts.scale())
        spare = max(0, min(_SPARE, (height - 800) // 4)) if columns == 2 else 0
        *paired, last = self._cells
        for at, cell in enumerate(paired):
            tall = _ROWS[at // 2] if columns == 2 or at != 1 else _TALLEST
            self._heights[at] = round((_TALLEST if at < 2 else tall) * grown) + spare
            cell.setFixedHeight(self._heights[at])
        if isinstance(last, _Place):
            last.setFixedHeight(fonts.grown(_LAST))
        if columns == self._columns:
            return
        self._columns = columns
        for at, cell in enumerate(paired):
            self.addWidget(cell, at // columns, at % columns, 1, 1)
        self.addWidget(last, len(paired), 0, 1, columns)
        self.setColumnStretch(0, 1)
        self.setColumnStretch(1, columns - 1)

    def put(self, number: int, card: Card) -> None:
        """Let *card* take place *number*."""
        place, self._cells[number] = self._cells[number], card
        if card is not self._cells[-1]:
            card.setFixedHeight(self._heights[number])
        self.replaceWidget(place, card)
        place.hide()
        place.deleteLater()

    def within(self, depth: int) -> int:
        """Return how many places begin less than *depth* points below the top of the board."""
        top = 0
        for at in range(0, len(self._cells), self._columns):
            if top >= depth:
                return at
            top += self._heights[at] + self.spacing()
        return len(self._cells)


class _Place(QWidget):
    """Where a card is going to be."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.card(self)
