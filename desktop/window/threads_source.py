"""Reads the threads of a long conversation once, off the UI's thread, for all who show them."""

from functools import partial
from sqlite3 import Connection

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.models import threads_read
from desktop.models.threads_read import ThreadsRead
from desktop.workers.query_runner import QueryRunner

_CHANNEL = "threads read"


class ThreadsSource(QObject):
    """What is asked for between two events is read once; what is asked for meanwhile, after it."""

    answered = Signal(object)  # ThreadsRead

    def __init__(self, queries: QueryRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._queries = queries
        self._reading = 0  # conversation
        self._wanted = 0  # conversation that was asked for since
        self.reads = 0  # tests count these
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._read)

    def ask(self, conversation: int) -> None:
        """Have the threads of *conversation* read; whoever listens is told."""
        self._wanted = conversation
        if conversation != self._reading:
            self._soon.start()

    def leave(self) -> None:
        """Read nothing more."""
        self._soon.stop()
        self._reading, self._wanted = 0, 0
        self._queries.forget(_CHANNEL)

    @Slot()
    def _read(self) -> None:
        self._reading, self._wanted = self._wanted, 0
        self.reads += 1
        question = partial(_question, self._reading)
        self._queries.ask(_CHANNEL, question, self._answer, self._lack)

    def _answer(self, found: ThreadsRead) -> None:
        self._reading = 0
        self.answered.emit(found)
        if self._wanted:
            self._soon.start()

    def _lack(self, error: Exception) -> None:
        """Let the next one ask again, and everybody know what went wrong."""
        self._reading, self._wanted = 0, 0
        raise error


def _question(conversation: int, db: Connection) -> ThreadsRead:
    return threads_read.read(db, conversation)
