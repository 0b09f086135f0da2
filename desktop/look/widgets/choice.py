"""A box to choose one of a list from, where a segmented control would be too wide."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget


class Choice(QComboBox):
    """Offers *options*, each (key, text); *name* is what a screen reader calls it."""

    chosen = Signal(str)  # the key of the option the user has gone to

    def __init__(
        self, name: str, options: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(QStyledItemDelegate(self))  # its own ignores the style sheet
        self._keys = [key for key, _ in options]
        self.addItems([text for _, text in options])
        self.currentIndexChanged.connect(self._tell)

    @property
    def current(self) -> str:
        """The key of the chosen option; empty if there is none."""
        number = self.currentIndex()
        return self._keys[number] if number >= 0 else ""

    def choose(self, key: str) -> None:
        """Choose the option *key*, as if the user had.

        Raises:
            ValueError: there is no such option.
        """
        self.setCurrentIndex(self._keys.index(key))

    @Slot(int)
    def _tell(self, number: int) -> None:
        if number >= 0:
            self.chosen.emit(self._keys[number])
