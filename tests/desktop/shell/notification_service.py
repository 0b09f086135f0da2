"""A desktop that takes notifications, for tests: says on its output what it is told, as JSON.

A line on its input is the press on a notification: its number and the action. Signatures are
as strict as those of a real one.
"""

import json
import os
import sys

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusConnection

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


def say(**told: object) -> None:
    """Write *told* as a line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


@ClassInfo({"D-Bus Interface": NAME})  # type: ignore[call-arg]  # its stub is wrong
class Service(QObject):  # type: ignore[operator]  # likewise
    """What a notification daemon offers."""

    ActionInvoked = Signal("uint", str)  # type: ignore[arg-type]  # Qt's name of a type
    NotificationClosed = Signal("uint", "uint")  # type: ignore[arg-type]  # likewise

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(  # noqa: N802  the interface's own
        self, app: str, old: int, _icon: str, title: str, body: str, actions: list[str],
        _hints: dict[str, object], _ms: int,
    ) -> int:  # fmt: skip
        """Note what is shown; return its number."""
        self._count = old or self._count + 1
        say(number=self._count, app=app, title=title, body=body, actions=list(actions))
        return self._count

    @Slot(result="QStringList")
    def GetCapabilities(self) -> list[str]:  # noqa: N802  the interface's own
        """Return what real ones can do."""
        return ["actions", "body", "body-markup"]

    @Slot("uint")
    def CloseNotification(self, number: int) -> None:  # noqa: N802  the interface's own
        """Note what is taken back."""
        say(closed=number)
        self.NotificationClosed.emit(number, 3)

    @Slot()
    def obey(self) -> None:
        """Press a notification, as the input says."""
        for line in os.read(0, 1 << 16).decode().splitlines() or [""]:
            number, _, action = line.partition(" ")
            if number:
                self.ActionInvoked.emit(int(number), action)
            else:
                QCoreApplication.exit(0)


def main() -> None:
    """Serve until the input ends."""
    app = QCoreApplication([])
    bus, service = QDBusConnection.sessionBus(), Service()
    options = QDBusConnection.RegisterOption
    offered = options.ExportAllSlots | options.ExportAllSignals
    say(ready=bus.registerObject(PATH, service, offered) and bus.registerService(NAME))
    commands = QSocketNotifier(0, QSocketNotifier.Type.Read)
    commands.activated.connect(service.obey)
    app.exec()


if __name__ == "__main__":
    main()
