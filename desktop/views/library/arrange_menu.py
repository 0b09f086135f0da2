"""The menu over the conversation list: its order, its groups, and what is left out."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from core.queries.conversations import Bucket, Sort
from desktop.look import words
from desktop.look.widgets.menu import Menu
from desktop.models.conversation_words import meaning


class ArrangeMenu(Menu):
    """One order, one kind of group, and a switch for what is hidden at first."""

    chosen = Signal()  # another order or kind of group
    noise_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.choices: dict[str, QAction] = {}
        self.noise = QAction(self)
        self._offer(
            (f"sort_{Sort.RECENT.value}", self.tr("Last activity")),
            (f"sort_{Sort.LONGEST.value}", self.tr("Longest")),
            (f"sort_{Sort.ERRORS.value}", self.tr("Most failures")),
            (f"sort_{Sort.COST.value}", self.tr("Highest cost")),
        )
        self.addSeparator()
        self._offer(
            ("by_day", self.tr("Group as sorted")),
            ("by_project", self.tr("Group by project")),
        )
        self._line = self.addSeparator()
        self.noise.setCheckable(True)
        self.noise.setToolTip(words.plain(meaning(Bucket.NOISE)))
        self.noise.triggered.connect(self.noise_toggled)
        self.addAction(self.noise)
        self.count_noise(0)

    @property
    def sort(self) -> Sort:
        """The order that is chosen."""
        return next(sort for sort in Sort if self.choices[f"sort_{sort.value}"].isChecked())

    @property
    def by_project(self) -> bool:
        """Whether the groups are to be projects."""
        return self.choices["by_project"].isChecked()

    def choose(self, sort: Sort, *, by_project: bool) -> None:
        """Show this order and kind of group as chosen."""
        self.choices[f"sort_{sort.value}"].setChecked(True)
        self.choices["by_project" if by_project else "by_day"].setChecked(True)

    def count_noise(self, count: int) -> None:
        """Offer to show the *count* conversations that are hidden at first, if there are any."""
        self.noise.setText(self.tr("Show {0} hidden").format(words.count(count)))
        for action in (self._line, self.noise):
            action.setVisible(count > 0)

    def _offer(self, *options: tuple[str, str]) -> None:
        group = QActionGroup(self)
        for key, text in options:
            action = self.addAction(text)
            action.setCheckable(True)
            group.addAction(action)
            self.choices[key] = action
            action.triggered.connect(self.chosen)
        self.choices[options[0][0]].setChecked(True)
