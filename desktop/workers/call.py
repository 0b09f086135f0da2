"""A start that rings at the bell of the window that has its library; see `doorbell`.

What is to be read is said once: the call is kept until it is answered, however long the other
window is busy, and begins anew only when whoever was there has gone without an answer.
"""

import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.workers.doorbell import HEARD, name_of

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket


class Call(QObject):
    """Asks the window that has *library* to come forward and read *paths*, all absolute."""

    heard = Signal()  # it has heard

    def __init__(self, library: Path, paths: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._line = json.dumps([str(path) for path in paths]).encode() + b"\n"
        self._socket: QLocalSocket | None = None
        self.answered = False

    def ring(self) -> None:
        """Ring, unless a call waits for its answer already. Returns at once."""
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415  3 MB; most starts ring nowhere

        socket = self._socket
        if socket is None:
            socket = self._socket = QLocalSocket(self)
            socket.connected.connect(self._say)
            socket.readyRead.connect(self._hear)
        if not self.answered and socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
            socket.connectToServer(name_of(self._library))

    def wait(self, milliseconds: int) -> bool:
        """Ring, and wait so long for the answer if anybody is there; return whether it is heard.

        Needs no event loop. Where nobody is there it returns at once.
        """
        until = time.monotonic() + milliseconds / 1000
        self.ring()
        while not self.answered and (left := round((until - time.monotonic()) * 1000)) > 0:
            if self._socket is None or not self._socket.waitForReadyRead(left):
                break
        return self.answered

    @Slot()
    def leave(self) -> None:
        """Wait for no answer any more."""
        if self._socket is not None:
            self._socket.abort()

    @Slot()
    def _say(self) -> None:
        if self._socket is None:
            return
        if _is_ours(self._socket.fullServerName()):
            self._socket.write(self._line)
            self._socket.flush()
        else:
            self._socket.abort()

    @Slot()
    def _hear(self) -> None:
        socket = self._socket
        if socket is None or self.answered or not socket.canReadLine():
            return
        if socket.readLine().data() == HEARD:
            self.answered = True
            self.heard.emit()


def _is_ours(server: str) -> bool:
    """Tell whether the socket *server* is this user's: anybody may make one in a shared folder."""
    owner: int | None = None
    with suppress(OSError):
        owner = os.lstat(server).st_uid
    getuid = getattr(os, "getuid", None)
    return getuid is None or owner == getuid()
