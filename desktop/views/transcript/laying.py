"""The rows that were laid out lately: made when they are asked for, kept for scrolling back."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from desktop.delegates import rows
from desktop.delegates.folding import Around
from desktop.delegates.layouts import Laid, lay_out
from desktop.delegates.pictures import Picture
from desktop.views.transcript.thumbnails import Thumbnails

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_KEPT: Final = 200
_NARROWEST: Final = 240


class Layouts:
    """Lays out the rows of a *view* as wide as its viewport."""

    def __init__(self, view: "RowsView", thumbnails: Thumbnails) -> None:
        self._view = view
        self._thumbnails = thumbnails
        self._kept: OrderedDict[int, Laid] = OrderedDict()
        self.made = 0  # tests count these

    @property
    def width(self) -> int:
        """The width that rows are laid out for."""
        return max(_NARROWEST, self._view.viewport().width())

    def laid(self, row: int) -> Laid | None:
        """Return the layout of *row*, made if there is none; None if the library lost the row."""
        view = self._view
        block = view.rows.spine.ids[row]
        found = self._kept.get(block)
        if found is not None:
            self._kept.move_to_end(block)
            return found
        read = view.rows.block_row(row)
        if read is None:
            return None
        self.made += 1
        described = rows.described(read, self._around(row, block), view.rows.text)
        made = lay_out(described, self.width, view.faces, self._picture)
        self._kept[block] = made
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made

    def forget(self, block: int) -> bool:
        """Lay *block* out anew when it is asked for; return whether it was laid out at all."""
        return self._kept.pop(block, None) is not None

    def clear(self) -> None:
        """Lay everything out anew when it is asked for."""
        self._kept.clear()

    def _around(self, row: int, block: int) -> Around:
        view = self._view
        return Around(
            previous=view.rows.block_row(row - 1) if row else None,
            density=view.density,
            project=view.rows.project,
            toggled=view.folds.chosen(block),
            everything=view.folds.everything,
            whole=view.folds.whole(block),
            trees=view.folds.trees(block),
            depth=view.rows.depths[row],
            lane_open=view.rows.lane_open(block),
            cut=view.threads.words(row),
            today=view.today,
        )

    def _picture(self, block: int) -> Picture:
        return self._thumbnails.picture(block, self._view.devicePixelRatioF())
