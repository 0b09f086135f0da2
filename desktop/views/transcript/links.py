"""Opens a link from a log: only of harmless kinds, and only after its target was shown."""

from typing import Final

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from desktop.look import words
from desktop.look.words import translate

_SCHEMES: Final = frozenset({"http", "https", "mailto"})


def allowed(address: str) -> bool:
    """Return whether *address* may be opened at all."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in _SCHEMES:
        return False
    return url.scheme().lower() == "mailto" or bool(url.host())


class LinkQuestion(QMessageBox):
    """Asks whether to open *address*; does so if the answer is yes."""

    def __init__(self, address: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._address = address
        self._open: QPushButton | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(translate("LinkQuestion", "Open link"))
        shown = words.visible(address[:2_000])
        if allowed(address):
            self.setText(translate("LinkQuestion", "Open this address in the browser?"))
            self._open = self.addButton(
                translate("LinkQuestion", "Open"), QMessageBox.ButtonRole.AcceptRole
            )
        else:
            self.setText(
                translate(
                    "LinkQuestion", "Clew opens only web and mail addresses. This is neither:"
                )
            )
        self._copy = self.addButton(
            translate("LinkQuestion", "Copy"), QMessageBox.ButtonRole.ActionRole
        )
        self.setDefaultButton(self.addButton(QMessageBox.StandardButton.Cancel))
        self.setInformativeText(shown)
        self.finished.connect(self._act)

    @Slot()
    def _act(self) -> None:
        pressed = self.clickedButton()
        if self._open is not None and pressed is self._open:
            QDesktopServices.openUrl(QUrl(self._address, QUrl.ParsingMode.StrictMode))
        elif pressed is self._copy:
            QGuiApplication.clipboard().setText(self._address)
