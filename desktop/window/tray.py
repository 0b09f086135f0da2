"""Notifications of the desktop, by the icon in its notification area."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

_SHOWN_MS: Final = 10_000  # as long as the desktop lets it


class Tray(QObject):
    """Shows one sentence at a time; its icon is there as long as the sentence stands."""

    clicked = Signal()  # the person wants to see what it is about

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._shown: QSystemTrayIcon | None = None

    @property
    def able(self) -> bool:
        """Whether this desktop shows notifications; that may change while Clew is open."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def show(self, sentence: str) -> bool:
        """Show *sentence*; return False where the desktop shows nothing."""
        if not self.able:
            return False
        if self._shown is None:
            self._shown = QSystemTrayIcon(self._icon, self)
            self._shown.messageClicked.connect(self.clicked)
            self._shown.activated.connect(self._activate)
        self._shown.setToolTip(sentence)
        self._shown.show()
        self._shown.showMessage("Clew", sentence, self._icon, _SHOWN_MS)
        return True

    def hide(self) -> None:
        """Take back what is shown."""
        if self._shown is not None:
            self._shown.hide()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.clicked.emit()
