"""A window that is open already hears that Clew was started again with its library.

The bell is a local socket of this user, named by the library's path. Who rings says in one line,
a JSON list, which folders and files its command line named; one line comes back. Only the window
that holds the library's lock hangs a bell, so that there is one at a time.
"""

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

HEARD: Final = b"heard\n"  # the answer
MOST: Final = 8 << 20  # bytes of a line; four times what a command line holds
_PATIENCE_MS: Final = 2_000  # for one line


class Doorbell(QObject):
    """The bell of the window that has *library*. Nothing is listened to before `hang`."""

    rung = Signal(object)  # tuple[Path, ...]: what the second start was to read

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name_of(library)
        self._server: QLocalServer | None = None

    def hang(self) -> bool:
        """Hear who rings from now on; return whether that can be done.

        A socket that a crash left behind is taken away: who calls this holds the library.
        """
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415  3 MB, after the first picture

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._open)
        QLocalServer.removeServer(self._name)
        if not server.listen(self._name):
            log.warning("no second start will find this window: %s", server.errorString())
            return False
        self._server = server
        return True

    def leave(self) -> None:
        """Hear nobody any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    @Slot()
    def _open(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            _Caller(self._server.nextPendingConnection(), self)


class _Caller(QObject):
    """Somebody who rings, until the line is heard or it takes too long."""

    def __init__(self, socket: "QLocalSocket", bell: Doorbell) -> None:
        super().__init__(socket)  # which goes when it is disconnected, and this with it
        self._socket = socket
        self._bell = bell
        self._said = bytearray()
        socket.readyRead.connect(self._hear)
        socket.disconnected.connect(socket.deleteLater)
        QTimer.singleShot(_PATIENCE_MS, self, self._end)
        self._hear()

    @Slot()
    def _hear(self) -> None:
        self._said += self._socket.readAll().data()
        line, end, _rest = self._said.partition(b"\n")
        if not end and len(self._said) <= MOST:
            return
        paths = paths_in(bytes(line)) if end else None
        self._said.clear()
        if paths is None:
            log.warning("somebody rang and said nothing that is understood")
            self._end()
            return
        self._socket.write(HEARD)
        self._socket.disconnectFromServer()  # once that is written
        self._bell.rung.emit(paths)

    @Slot()
    def _end(self) -> None:
        self._socket.abort()


def name_of(library: Path) -> str:
    """Return what the bell of *library* is called, whatever links lead to it."""
    real = os.path.realpath(library)
    return "clew-" + hashlib.blake2b(os.fsencode(real), digest_size=12).hexdigest()


def paths_in(line: bytes) -> tuple[Path, ...] | None:
    """Return the paths that *line* names; None: it is no list of absolute paths."""
    try:
        found: object = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, list):
        return None
    paths: list[Path] = []
    for one in cast("list[object]", found):
        if not isinstance(one, str) or "\0" in one or not Path(one).is_absolute():
            return None
        paths.append(Path(one))
    return tuple(paths)
