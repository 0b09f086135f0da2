"""Where the keyboard is: round the panes with F6, and what is copied from where one is."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from desktop import keyboard
from desktop.views.transcript.clipboard import copy as copy_rows
from desktop.window.frame import Frame


class Focus(QObject):
    """Takes the keyboard from pane to pane."""

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame

    @Slot()
    def next_pane(self) -> None:
        """Go to the next pane."""
        self._go_round(1)

    @Slot()
    def previous_pane(self) -> None:
        """Go to the pane before."""
        self._go_round(-1)

    @Slot()
    def copy(self) -> None:
        """Put what is marked where the keyboard is on the clipboard."""
        focus = self._frame.window().focusWidget()
        if focus is self._frame.transcript.rows:
            copy_rows(self._frame.transcript.rows)
        else:
            keyboard.copy_from(focus)

    @Slot(str)
    def say_copied(self, _said: str) -> None:
        """Say that something is on the clipboard now."""
        self._frame.status.say(self.tr("Copied"))

    def _go_round(self, by: int) -> None:
        keyboard.go_round(self._ring(), self._frame.window().focusWidget(), by)

    def _ring(self) -> list[QWidget]:
        """Return what F6 goes through."""
        frame = self._frame
        if frame.page == "library":
            ring = [frame.bar.search, frame.list.tree, frame.transcript, frame.inspector]
        else:
            ring = [frame.bar.search, frame.current_page]
        ring += [frame.health, frame.status.problems]
        return [part for part in ring if part.isVisible() and part.isEnabled()]
