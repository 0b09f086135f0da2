"""What text is selected, across rows: two places, kept by block so that rows may move."""

from dataclasses import dataclass
from typing import Final, NamedTuple

END: Final = 1 << 30  # behind the last character of any text


class Spot(NamedTuple):
    """A place in a text of a row."""

    block: int
    text: int  # number of the text in its row
    position: int  # in UTF-16 units, as Qt counts


class Place(NamedTuple):
    """A spot with its row's present number, so that places compare as one reads."""

    row: int
    text: int
    position: int


@dataclass(slots=True)
class Selection:
    """Where selecting began, and where it is now."""

    anchor: Spot | None = None
    head: Spot | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor is None or self.head is None or self.anchor == self.head

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self.head = None

    def begin(self, spot: Spot) -> None:
        """Start selecting at *spot*."""
        self.anchor = self.head = spot

    def select(self, anchor: Spot, head: Spot) -> None:
        """Select from *anchor* to *head*."""
        self.anchor, self.head = anchor, head


def span(first: Place, last: Place, row: int, text: int) -> tuple[int, int]:
    """Return which part of text number *text* of *row* lies between *first* and *last*."""
    here = (row, text)
    if here < first[:2] or here > last[:2]:
        return 0, 0
    start = first.position if here == first[:2] else 0
    end = last.position if here == last[:2] else END
    return start, end
