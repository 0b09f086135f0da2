"""The cards of the page in their places: two columns where there is room, the findings below."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QGridLayout

from desktop.look import fonts, metrics
from desktop.views.charts.card import Card

TWO_COLUMNS: Final = 1100  # points from which charts stand side by side
_ROWS: Final = (400, 364, 364, 348, 364, 364, 364)  # points of each pair of cards
_TALLEST: Final = 452  # of a card with fifteen bars
_SPARE: Final = 120  # most that a tall window adds


class Board(QGridLayout):
    """Keeps *cards* in pairs; *last* takes the whole width and the height that it needs."""

    def __init__(self, cards: Sequence[Card], last: Card) -> None:
        super().__init__()
        self._cards = tuple(cards)
        self._last = last
        self._columns = 0
        self.setSpacing(metrics.LARGE)

    def arrange(self, width: int, height: int) -> None:
        """Lay the cards out on a page of *width* and *height* points."""
        columns = 2 if width >= TWO_COLUMNS else 1
        grown = max(1.0, fonts.scale())
        spare = max(0, min(_SPARE, (height - 800) // 4)) if columns == 2 else 0
        for at, card in enumerate(self._cards):
            tall = _ROWS[at // 2] if columns == 2 or at != 1 else _TALLEST
            card.setFixedHeight(round((_TALLEST if at < 2 else tall) * grown) + spare)
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self._cards):
            self.addWidget(card, at // columns, at % columns, 1, 1)
        self.addWidget(self._last, len(self._cards), 0, 1, columns)
        self.setColumnStretch(0, 1)
        self.setColumnStretch(1, columns - 1)
