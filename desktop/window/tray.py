"""Notifications of the desktop: by the session's bus, or by an icon in the notification area."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from desktop.window.desktop_bus import DesktopBus

_SHOWN_MS: Final = 10_000  # as long as the desktop lets it


class Tray(QObject):
    """Shows one sentence at a time; its icon is there as long as the sentence stands.

    Where the session's bus takes notifications they go there, because a press on them comes back
    and no notification area is needed; else the icon says them.
    """

    clicked = Signal()  # the person wants to see what it is about

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._shown: QSystemTrayIcon | None = None
        self._bus = DesktopBus(self)
        self._bus.clicked.connect(self.clicked)
        self._bus.refused.connect(self._say)

    @property
    def able(self) -> bool:
        """Whether this desktop shows notifications; that may change while Clew is open."""
        return self._bus.able or _has_area()

    def show(self, sentence: str) -> bool:
        """Show *sentence*; return False where the desktop shows nothing."""
        by_bus, area = self._bus.able, _has_area()
        if area:
            icon = self._standing()
            icon.setToolTip(sentence)
            icon.show()
        if by_bus:
            self._bus.show(sentence, self.tr("Show"))
        elif area:
            self._say(sentence)
        return by_bus or area

    def hide(self) -> None:
        """Take back what is shown."""
        self._bus.hide()
        if self._shown is not None:
            self._shown.hide()

    def leave(self) -> None:
        """Take back what is shown, and show nothing more."""
        self.hide()
        self._bus.leave()

    def _standing(self) -> QSystemTrayIcon:
        if self._shown is None:
            self._shown = QSystemTrayIcon(self._icon, self)
            self._shown.messageClicked.connect(self.clicked)
            self._shown.activated.connect(self._activate)
        return self._shown

    @Slot(str)
    def _say(self, sentence: str) -> None:
        """Have the icon say *sentence*; the bus did not."""
        if _has_area():
            self._standing().showMessage("Clew", sentence, self._icon, _SHOWN_MS)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.clicked.emit()


def _has_area() -> bool:
    return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()
