"""Where the rows are in the viewport. Keeps one row where it is while heights are found out."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from desktop.views.transcript.heights import Heights

AIR: Final = 12  # pixels between a row that was gone to and the edge
BELOW: Final = 32  # empty pixels under the last row


class Hint(Enum):
    """Where a row that is gone to is to be."""

    SEEN = auto()  # anywhere, if all of it is in view
    TOP = auto()
    CENTER = auto()
    BOTTOM = auto()


class Scroller:
    """Holds a row and how far its top is above the viewport's; everything else follows."""

    def __init__(self, measured: Callable[[int], int]) -> None:
        self.heights = Heights()
        self.visible: list[tuple[int, int]] = []  # (row, y) of what is in the viewport
        self._measured = measured  # measures a row and returns its height
        self._top = 0
        self._shift = 0

    @property
    def top(self) -> int:
        """The first row in the viewport."""
        return self._top

    @property
    def value(self) -> int:
        """How far the viewport's top is below that of the first row."""
        return self.heights.offset(self._top) + self._shift if len(self.heights) else 0

    @property
    def total(self) -> int:
        """The height of everything."""
        return self.heights.total + BELOW if len(self.heights) else 0

    def start(self, heights: Heights) -> None:
        """Forget everything and hold rows of *heights*, with the first at the top."""
        self.heights = heights
        self._top = self._shift = 0
        self.visible = []

    def y(self, row: int) -> int:
        """Return where *row*'s top is in the viewport; a guess if it is not visible."""
        for number, y in self.visible:
            if number == row:
                return y
        return self.heights.offset(row) - self.value

    def row_at(self, y: int) -> int:
        """Return the visible row at *y* of the viewport, -1 if none is."""
        for row, top in self.visible:
            if top <= y < top + self.heights[row]:
                return row
        return -1

    def put(self, row: int, y: int) -> None:
        """Have *row*'s top at *y* of the viewport, if the ends allow it."""
        self._top, self._shift = row, -y

    def bring(self, row: int, view: int, hint: Hint) -> None:
        """Have *row* where *hint* says in a viewport *view* tall."""
        height = self._height(row)
        y = self.y(row)
        seen = any(number == row for number, _ in self.visible)
        match hint:
            case Hint.TOP:
                y = AIR
            case Hint.BOTTOM:
                y = view - height
            case Hint.CENTER:
                y = (view - height) // 2
            case Hint.SEEN if seen and y >= 0 and y + height <= view:
                return
            case Hint.SEEN if not seen:
                y = AIR if row <= self._top or height >= view else view - height - AIR
            case Hint.SEEN if y < 0 or height >= view:
                y = y if height >= view and y < 0 else AIR
            case Hint.SEEN:
                y = view - height - AIR
        self.put(row, y)

    def move(self, pixels: int) -> None:
        """Go down by *pixels*; what is in the viewport moves by exactly that."""
        self._shift += pixels

    def jump(self, value: int) -> None:
        """Go where the viewport's top is *value* below that of the first row."""
        self._top = max(0, self.heights.at(value))
        self._shift = value - self.heights.offset(self._top)

    def to_end(self, height: int) -> None:
        """Have the end of the last row in a viewport *height* tall."""
        self._top = max(0, len(self.heights) - 1)
        self._shift = self._height(self._top) + BELOW - height if len(self.heights) else 0

    def inserted(self, row: int, count: int) -> None:
        """Note that *count* rows were put before *row*: what is visible stays."""
        if row <= self._top and count and len(self.heights) > count:
            self._top += count

    def removed(self, row: int, count: int) -> None:
        """Note that *count* rows from *row* on were taken away: what is visible stays."""
        if row + count <= self._top:
            self._top -= count
        elif row <= self._top:
            self._top, self._shift = max(0, row - 1), 0

    def settle(self, height: int) -> None:
        """Measure what a viewport *height* tall shows, and stop at the ends."""
        count = len(self.heights)
        if not count:
            self.start(Heights())
            return
        row, y = min(self._top, count - 1), -self._shift
        while y > 0 and row > 0:
            row -= 1
            y -= self._height(row)
        y = min(y, 0)
        while row < count - 1 and y + self._height(row) <= 0:
            y += self._height(row)
            row += 1
        visible, bottom = self._fill(row, y, height)
        if row + len(visible) == count and bottom + BELOW < height:
            y += height - bottom - BELOW
            while y > 0 and row > 0:
                row -= 1
                y -= self._height(row)
            y = min(y, 0)
            visible, bottom = self._fill(row, y, height)
        self._top, self._shift, self.visible = row, -y, visible

    def _fill(self, row: int, y: int, height: int) -> tuple[list[tuple[int, int]], int]:
        visible: list[tuple[int, int]] = []
        while row < len(self.heights) and y < height:
            visible.append((row, y))
            y += self._height(row)
            row += 1
        return visible, y

    def _height(self, row: int) -> int:
        if self.heights.exact(row):
            return self.heights[row]
        height = max(1, self._measured(row))
        self.heights.measure(row, height)
        return height
