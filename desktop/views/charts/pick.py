"""A button that says which of many things are chosen, and a menu to choose them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from desktop.look import words
from desktop.look.widgets.menu import Menu

MOST: Final = 40  # things that a menu lists
_CHOOSING: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be chosen."""

    key: str
    name: str
    tip: str = ""


class Pick(QPushButton):
    """Chooses any number of options; none chosen means all of them."""

    chosen = Signal()

    def __init__(self, name: str, all_: str, some: str, parent: QWidget | None = None) -> None:
        """Say *all_* when nothing is narrowed, *some* when several are: "{0} projects"."""
        super().__init__(parent)
        self._name, self._all, self._some = name, all_, some
        self._options: tuple[Option, ...] = ()
        self._picked: tuple[str, ...] = ()
        self.setAutoDefault(False)
        self.clicked.connect(self.open_menu)
        self._tell()

    @property
    def picked(self) -> tuple[str, ...]:
        """The keys that are chosen; empty means all."""
        return self._picked

    def show_options(self, options: Sequence[Option]) -> None:
        """Offer *options*; what is chosen and no longer there is forgotten."""
        self._options = tuple(options)
        known = {option.key for option in options}
        self._picked = tuple(key for key in self._picked if key in known)
        self._tell()

    def pick(self, keys: Sequence[str]) -> None:
        """Choose *keys* as if the user had."""
        wanted = tuple(option.key for option in self._options if option.key in set(keys))
        if wanted != self._picked:
            self._picked = wanted
            self._tell()
            self.chosen.emit()

    @Slot()
    def open_menu(self) -> None:
        """Let the person choose."""
        menu = _StayingMenu(parent=self)
        everything = menu.addAction(self._all)
        everything.setCheckable(True)
        everything.setChecked(not self._picked)
        menu.addSeparator()
        actions: dict[str, QAction] = {}
        for option in self._options[:MOST]:
            action = menu.addAction(words.caption(option.name, 60))
            action.setCheckable(True)
            action.setChecked(option.key in self._picked)
            if option.tip:
                action.setToolTip(words.plain(option.tip))
            actions[option.key] = action

        def take(_on: bool) -> None:
            self.pick([key for key, action in actions.items() if action.isChecked()])
            everything.setChecked(not self._picked)

        def take_all() -> None:
            for action in actions.values():
                action.setChecked(False)
            everything.setChecked(True)

        for action in actions.values():
            action.toggled.connect(take)
        everything.triggered.connect(take_all)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _tell(self) -> None:
        named = {option.key: option for option in self._options}
        if not self._picked:
            said, tip = self._all, ""
        elif len(self._picked) == 1:
            option = named[self._picked[0]]
            said, tip = option.name, option.tip
        else:
            said = self._some.format(words.count(len(self._picked)))
            tip = "\n".join(named[key].name for key in self._picked)
        self.setText(words.caption(said, 28) + " ▾")
        self.setToolTip(words.plain(tip) if tip else "")
        self.setAccessibleName(f"{self._name}: {said}")


class _StayingMenu(Menu):
    """Stays open while options are checked."""

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if not self._check(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() not in _CHOOSING or not self._check(self.activeAction()):
            super().keyPressEvent(event)

    def _check(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True
