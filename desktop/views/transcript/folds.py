"""What the user opened and closed, by block, so that it outlives scrolling and filtering."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.delegates.json_tree import Choice


@dataclass(slots=True)
class Folds:
    """Remembers choices about rows; what was not chosen is decided by the row itself."""

    everything: bool | None = None
    _chosen: dict[int, bool] = field(default_factory=dict)
    _whole: dict[int, frozenset[str]] = field(default_factory=dict)
    _trees: dict[int, dict[str, Choice]] = field(default_factory=dict)

    def chosen(self, block: int) -> bool | None:
        """Return what the user chose for *block*; None if nothing."""
        return self._chosen.get(block)

    def choose(self, block: int, *, opened: bool) -> None:
        """Remember that *block* is to be *opened*, or closed."""
        self._chosen[block] = opened

    def choose_all(self, *, opened: bool) -> None:
        """Open or close every row, also those that were chosen before."""
        self.everything = opened
        self._chosen.clear()

    def whole(self, block: int) -> frozenset[str]:
        """Return the parts of *block* that are shown to their end."""
        return self._whole.get(block, frozenset())

    def show_whole(self, block: int, *parts: str) -> None:
        """Show *parts* of *block* to their end."""
        self._whole[block] = self.whole(block) | set(parts)

    def trees(self, block: int) -> Mapping[str, Choice]:
        """Return what the user chose of the trees in *block*, by part."""
        return self._trees.get(block, {})

    def set_tree(self, block: int, part: str, choice: Choice) -> None:
        """Show the tree in *part* of *block* as *choice* says."""
        self._trees[block] = {**self.trees(block), part: choice}

    def clear(self) -> None:
        """Forget all choices."""
        self.everything = None
        self._chosen.clear()
        self._whole.clear()
        self._trees.clear()
