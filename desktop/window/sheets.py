"""The sheets over the window: its keys, what it is, and whatever else has one to show."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop.views.keys import AboutSheet, KeysSheet


class Sheets(QObject):
    """Opens sheets; each one is gone when it is closed."""

    def __init__(self, version: str, window: QWidget) -> None:
        super().__init__(window)
        self._version = version
        self._window = window
        self.library = ""  # path, once it is open

    @Slot()
    def show_keys(self) -> None:
        """Show every key."""
        self.show(KeysSheet)

    @Slot()
    def show_about(self) -> None:
        """Show the version and where the library is."""
        self.show(partial(AboutSheet, self._version, self.library))

    def show(self, make: Callable[[QWidget], QDialog]) -> None:
        """Show the sheet that *make* makes for the window."""
        sheet = make(self._window)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
