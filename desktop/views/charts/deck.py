"""The cards of the page, made when they come into sight or the page has been painted."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from typing_extensions import override

from desktop.views.charts.board import Board
from desktop.views.charts.card import Card

C = TypeVar("C", bound=Card)


class Deck(QObject):
    """Makes one card of each of *kinds* and puts it onto *board*.

    They are made in their order whatever is wanted first: the Tab key then goes through them as
    they stand on the page. Each takes 5 to 10 ms, so that all of them at once would be felt.
    """

    dealt = Signal(int, Card)  # its number, and what has been made just now and is in its place

    def __init__(self, kinds: Sequence[Callable[[], Card]], board: Board, parent: QObject) -> None:
        super().__init__(parent)
        self._kinds = tuple(kinds)
        self._board = board
        self._made: list[Card] = []
        self._first: Card | None = None  # once that is painted there is time for the others
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._deal_one)

    @property
    def made(self) -> tuple[Card, ...]:
        """The cards there are by now, in their order."""
        return tuple(self._made)

    @property
    def complete(self) -> bool:
        """Whether every card has been made."""
        return len(self._made) == len(self._kinds)

    def card(self, kind: Callable[[], C]) -> C:
        """Return the card of *kind*; the first one to ask has it made."""
        at = self._kinds.index(kind)
        self.reach(at + 1)
        return cast("C", self._made[at])

    def find(self, kind: Callable[[], Card]) -> Card | None:
        """Return the card of *kind* if it has been made."""
        at = self._kinds.index(kind)
        return self._made[at] if at < len(self._made) else None

    def all(self) -> tuple[Card, ...]:
        """Return every card, and make those that are missing."""
        self.reach(len(self._kinds))
        return self.made

    def reach(self, number: int) -> None:
        """Have at least the first *number* cards."""
        while len(self._made) < min(number, len(self._kinds)):
            at = len(self._made)
            card = self._kinds[at]()
            self._board.put(at, card)
            self._made.append(card)
            self.dealt.emit(at, card)

    def deal_after(self, card: Card) -> None:
        """Make what is missing once *card* is painted, one in each turn of the event loop.

        While it is not on show nothing is made, and no timer runs.
        """
        if self._first is None and not self.complete:
            self._first = card
            card.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Paint and watched is self._first:
            watched.removeEventFilter(self)
            self._turn.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _deal_one(self) -> None:
        self.reach(len(self._made) + 1)
        if not self.complete:
            self._turn.start()


class Table(Protocol):
    """Whoever has a deck."""

    deck: Deck


class Dealt(Generic[C]):
    """An attribute that is the card of *kind*: reading it has the card made."""

    def __init__(self, kind: Callable[[], C]) -> None:
        self._kind = kind

    def __get__(self, table: Table, _type: type[Table]) -> C:
        """Return the card from the deck of *table*."""
        return table.deck.card(self._kind)
