"""The sheets over the window: its keys, and what it is."""

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
        _open(KeysSheet(self._window))

    @Slot()
    def show_about(self) -> None:
        """Show the version and where the library is."""
        _open(AboutSheet(self._version, self.library, self._window))


def _open(sheet: QDialog) -> None:
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.open()
