"""Notifications by the session's bus, as the desktops of Linux and BSD take them.

The icon in a notification area is no way to them for everybody: GNOME has no such area, and a
message that Qt sends for an icon offers nothing to press. What is said here follows
https://specifications.freedesktop.org/notification-spec/1.2/.
"""

import html
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Q_ARG, Q_RETURN_ARG, SLOT, QMetaObject, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

from desktop.workers.errands import Errands

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

log = logging.getLogger(__name__)

_NAME: Final = "org.freedesktop.Notifications"  # of the service, and of its interface
_PATH: Final = "/org/freedesktop/Notifications"
_BUS: Final = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_PRESSED: Final = "default"  # the action of a press on the notification itself
_PATIENCE_MS: Final = 2_000  # for a service that does not answer
_SHOWN_MS: Final = 10_000  # as long as the desktop lets it
_CHANNEL: Final = "notices"
_PLATFORMS: Final = ("xcb", "wayland")  # on which a person sees what is shown


class DesktopBus(QObject):
    """Shows one sentence at a time. Nobody waits for the desktop: it is asked on a thread."""

    clicked = Signal()  # the person pressed the notification
    refused = Signal(str)  # this sentence could not be shown

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands: Errands | None = None  # from the first sentence on
        self._number = 0  # of what is up, as the desktop counts; 0: none. The errands' thread's

    @property
    def able(self) -> bool:
        """Whether a service of this session shows notifications, or would be started for it."""
        bus = _session()
        if bus is None:
            return False
        return _NAME in {*_names(bus, "ListNames"), *_names(bus, "ListActivatableNames")}

    def show(self, sentence: str, action: str) -> None:
        """Show *sentence* in the stead of what is up; *action* names what a press does."""
        if self._errands is None:
            self._errands = Errands(_CHANNEL, self)
            self._listen()
        self._errands.ask(
            _CHANNEL,
            lambda _stale: self._send(sentence, action),
            lambda shown: None if shown else self.refused.emit(sentence),
            lambda error: self._lack(error, sentence),
        )

    def hide(self) -> None:
        """Take back what is up."""
        if self._errands is not None:
            self._errands.ask(_CHANNEL, lambda _stale: self._close(), _ignore, _note)

    def leave(self) -> None:
        """Take back what is up and ask nothing more; returns when the thread has ended."""
        if self._errands is not None:
            self._errands.close()
            self._errands = None
            self._close()

    def _listen(self) -> None:
        bus = _session()
        if bus is None:
            return
        for signal, slot in (
            ("ActionInvoked", SLOT("_press(uint,QString)")),
            ("NotificationClosed", SLOT("_forget(uint,uint)")),
        ):
            # It is said to take bytes, and takes nothing but what SLOT makes.
            bus.connect(_NAME, _PATH, _NAME, signal, self, cast("bytes", slot))

    def _send(self, sentence: str, action: str) -> bool:
        """Show *sentence*; return whether the desktop took it. Runs on the errands' thread."""
        from PySide6.QtDBus import QDBusInterface  # noqa: PLC0415  most sessions never need it

        bus = _session()
        able = None if bus is None else _capabilities(bus)
        if bus is None or able is None:
            return False
        body = html.escape(sentence, quote=False) if "body-markup" in able else sentence
        offered = [_PRESSED, action] if "actions" in able else []
        service = QDBusInterface(_NAME, _PATH, _NAME, bus)
        service.setTimeout(_PATIENCE_MS)
        # The one way to say which number is unsigned: a service refuses a call with others.
        number = cast(
            "int | None",
            QMetaObject.invokeMethod(
                service, "Notify", Qt.ConnectionType.DirectConnection, Q_RETURN_ARG("uint"),
                Q_ARG("QString", "Clew"), Q_ARG("uint", self._number), Q_ARG("QString", "clew"),
                Q_ARG("QString", "Clew"), Q_ARG("QString", body), Q_ARG("QStringList", offered),
                Q_ARG("QVariantMap", {"desktop-entry": "clew"}), Q_ARG("int", _SHOWN_MS),
            ),
        )  # fmt: skip
        self._number = number or 0
        return bool(number)

    def _close(self) -> None:
        """Take back what is up; runs on the errands' thread."""
        from PySide6.QtDBus import QDBusInterface  # noqa: PLC0415  as above

        bus, number = _session(), self._number
        self._number = 0
        if bus is None or not number:
            return
        service = QDBusInterface(_NAME, _PATH, _NAME, bus)
        service.setTimeout(_PATIENCE_MS)
        QMetaObject.invokeMethod(
            service, "CloseNotification", Qt.ConnectionType.DirectConnection, Q_ARG("uint", number)
        )

    # What the desktop tells may come before its answer to what is being shown was taken: behind
    # that, on the errands' thread, the number is known.

    @Slot("uint", str)
    def _press(self, number: int, action: str) -> None:
        if self._errands is not None and action == _PRESSED:
            self._errands.ask(
                f"press {number}",
                lambda _stale: number == self._number,
                lambda own: self.clicked.emit() if own else None,
            )

    @Slot("uint", "uint")
    def _forget(self, number: int, _reason: int) -> None:
        if self._errands is not None:
            self._errands.ask(f"end {number}", lambda _stale: self._drop(number), _ignore)

    def _drop(self, number: int) -> None:
        if number == self._number:
            self._number = 0

    def _lack(self, error: Exception, sentence: str) -> None:
        _note(error)
        self.refused.emit(sentence)


def _session() -> "QDBusConnection | None":
    """Return the session's bus; None where there is none, or nobody who sees anything."""
    if not sys.platform.startswith(("linux", "freebsd")):
        return None
    if not QGuiApplication.platformName().startswith(_PLATFORMS):
        return None
    place = Path(os.environ.get("XDG_RUNTIME_DIR") or "/run/user/none") / "bus"
    if not (os.environ.get("DBUS_SESSION_BUS_ADDRESS") or place.exists()):
        return None  # or one would be started
    from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415  most sessions never need it

    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


def _names(bus: "QDBusConnection", method: str) -> Sequence[str]:
    return _asked(bus, *_BUS, method) or ()


def _capabilities(bus: "QDBusConnection") -> Sequence[str] | None:
    """Return what the service can do; None if it does not answer. Starts it if need be."""
    return _asked(bus, _NAME, _PATH, _NAME, "GetCapabilities")


def _asked(
    bus: "QDBusConnection", service: str, path: str, interface: str, method: str
) -> Sequence[str] | None:
    """Return the words that *method* answers with; None if there is no such answer."""
    from PySide6.QtDBus import QDBus, QDBusMessage  # noqa: PLC0415  as above

    call = QDBusMessage.createMethodCall(service, path, interface, method)
    answer = bus.call(call, QDBus.CallMode.Block, _PATIENCE_MS)
    given = answer.arguments() if answer.type() == QDBusMessage.MessageType.ReplyMessage else []
    return cast("list[str]", given[0]) if given and isinstance(given[0], list) else None


def _note(error: Exception) -> None:
    log.warning("a notification could not be shown: %s", error)


def _ignore(_answer: object) -> None:
    """Take an answer and do nothing."""
