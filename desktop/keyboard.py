"""What the keyboard does across panes: going round them, and copying from where one is."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QWidget


def go_round(ring: Sequence[QWidget], focus: QWidget | None, by: int) -> None:
    """Give the keyboard to the next (1) or previous (-1) of the panes *ring* after *focus*."""
    here = -1 if by > 0 else 0
    for number, part in enumerate(ring):
        if focus is not None and (part is focus or part.isAncestorOf(focus)):
            here = number
    if ring:
        enter(ring[(here + by) % len(ring)])


def enter(pane: QWidget) -> None:
    """Give the keyboard to *pane*, or else to the first thing in it that takes it."""
    target = pane
    if pane.focusPolicy() == Qt.FocusPolicy.NoFocus and pane.focusProxy() is None:
        for child in pane.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible():
                target = child
                break
    target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def copy_from(focus: QWidget | None) -> bool:
    """Put on the clipboard what is marked around *focus*; return whether anything was."""
    part: QObject | None = focus
    while part is not None:
        copy = getattr(part, "copy", None)
        if callable(copy):
            copy()
            return True
        if isinstance(part, QAbstractItemView):
            said = part.currentIndex().data(Qt.ItemDataRole.DisplayRole)
            if said:
                QGuiApplication.clipboard().setText(str(said))
            return bool(said)
        part = part.parent()
    return False
