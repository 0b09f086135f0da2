"""Keys that a pane has while the focus is somewhere in it."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def bind(pane: QWidget, keys: Iterable[tuple[QKeySequence, Callable[[], object]]]) -> None:
    """Do what each of *keys* stands for while *pane* or a part of it has the focus."""
    for sequence, slot in keys:
        shortcut = QShortcut(sequence, pane)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)
