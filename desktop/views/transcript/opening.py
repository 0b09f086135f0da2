"""Opens and closes what rows hold: cards, the rest of long texts, trees, agents' rows."""

from typing import TYPE_CHECKING, Final

from desktop.delegates import json_tree
from desktop.delegates.json_tree import Choice, Tree
from desktop.delegates.tree_stops import Stop

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_AIR: Final = 12  # above a line that has to be seen


class Opening:
    """Changes what is open in the rows of a *view*; what is above stays where it is."""

    def __init__(self, view: "RowsView") -> None:
        self._view = view

    def is_foldable(self, row: int) -> bool:
        """Return whether *row* can be opened and closed."""
        laid = self._view.laid(row)
        return laid is not None and laid.row.foldable

    def is_open(self, row: int) -> bool:
        """Return whether *row* is open."""
        laid = self._view.laid(row)
        return laid is not None and laid.row.open

    def set_open(self, row: int, *, opened: bool) -> None:
        """Open or close *row*."""
        view = self._view
        block = view.rows.spine.ids[row]
        if not opened and view.rows.lane_open(block):
            view.rows.close_lane(block)
        elif opened and block < 0:
            view.rows.open_inherited(block)
        y = view.scroller.y(row)
        view.folds.choose(block, opened=opened)
        self._renew(row)
        laid = view.laid(row)
        if laid is not None and y + laid.heading.top() < 0:
            view.scroller.put(row, round(-laid.heading.top()) + _AIR)  # its line has to be seen
        view.settle()

    def show_whole(self, row: int, part: str) -> None:
        """Show *part* of *row* to its end; of a tree only some hundred lines more."""
        view = self._view
        block = view.rows.spine.ids[row]
        tree = self._tree(row, part)
        if tree is None:
            view.folds.show_whole(block, part)
        else:
            choice = json_tree.after(tree.shown, self._choice(block, part))
            view.folds.set_tree(block, part, choice)
        self._keep_open(row)
        y, moved = view.scroller.y(row), tree is not None and bool(self._choice(block, part).first)
        self._renew(row)
        if moved and y < 0:
            view.scroller.put(row, _AIR)  # other lines stand in the place of those before
        view.settle()

    def show_start(self, row: int, part: str) -> None:
        """Show the first lines of the tree in *part* of *row* again."""
        block = self._view.rows.spine.ids[row]
        choice = json_tree.from_start(self._choice(block, part))
        self._view.folds.set_tree(block, part, choice)
        self._keep_open(row)
        self._renew(row)
        self._view.settle()

    def flip(self, row: int, stop: Stop) -> None:
        """Open or fold what is at *stop* of a tree in *row*, or show other lines there."""
        if stop.path is None:
            (self.show_start if stop.back else self.show_whole)(row, stop.part)
            return
        block = self._view.rows.spine.ids[row]
        choice = self._choice(block, stop.part).flip(stop.path)
        self._view.folds.set_tree(block, stop.part, choice)
        self._keep_open(row)
        self._renew(row)
        self._view.settle()

    def show_words(self, row: int, wanted: tuple[str, ...]) -> None:
        """Open what hides *wanted* in the trees of *row*."""
        view = self._view
        block = view.rows.spine.ids[row]
        laid = view.laid(row)
        for part in laid.texts() if laid is not None else ():
            tree, name = part.section.tree, part.section.part
            if tree is None:
                continue
            before = self._choice(block, name)
            choice = json_tree.holding(tree.value, before, wanted)
            if choice != before:
                view.folds.set_tree(block, name, choice)
                self._keep_open(row)
                view.renew(row)

    def toggle_lane(self, row: int) -> None:
        """Show the rows of the agent that *row* started below it, or hide them."""
        view = self._view
        block = view.rows.spine.ids[row]
        read = view.rows.block_row(row)
        if view.rows.lane_open(block):
            view.rows.close_lane(block)
        elif read is not None and read.call is not None and read.call.agent:
            view.rows.open_lane(block, read.call.agent)
        view.renew(row)
        view.settle()

    def _choice(self, block: int, part: str) -> Choice:
        return self._view.folds.trees(block).get(part, Choice())

    def _tree(self, row: int, part: str) -> Tree | None:
        laid = self._view.laid(row)
        for text in laid.texts() if laid is not None else ():
            if text.section.part == part:
                return text.section.tree
        return None

    def _keep_open(self, row: int) -> None:
        """Have *row* stay open even if what opened it by itself goes away."""
        block = self._view.rows.spine.ids[row]
        if self._view.folds.chosen(block) is None and self.is_foldable(row):
            self._view.folds.choose(block, opened=True)

    def _renew(self, row: int) -> None:
        self._view.selection.clear()
        self._view.renew(row)
