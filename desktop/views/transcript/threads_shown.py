"""Threads in the transcript: read when it is opened and when they change, shown beside the rows."""

from sqlite3 import Connection

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from core.queries import threads
from desktop.models.thread_map import ThreadMap
from desktop.models.threads_read import LONG, ThreadsRead
from desktop.views.transcript.activity import Activity
from desktop.views.transcript.rows_view import RowsView


class ThreadsShown(QObject):
    """Gives *rows* the threads of one conversation, and the map of them a place at their side.

    Those of a long conversation are asked for, where somebody reads them elsewhere.
    """

    wanted = Signal(int)  # conversation; its threads come by `take`

    def __init__(self, rows: RowsView, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._db: Connection | None = None
        self._conversation = 0
        self._long = False  # also while only a few of its rows are shown
        self.reads = True  # False: `wanted` is answered by `take`
        self.map = Activity(rows)
        self.map.row_chosen.connect(self._go)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.refresh)

    def side_by_side(self) -> QHBoxLayout:
        """Return rows and map in one layout."""
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rows, 1)
        layout.addWidget(self.map)
        return layout

    def start(self, db: Connection | None, conversation: int) -> None:
        """Show the threads of *conversation*; those of none if there is no library."""
        self._db, self._conversation = db, conversation
        self._later.stop()
        self._long = self._rows.rows.rowCount() > LONG
        if self._long:
            self._show(ThreadMap())
            self._later.start()
        else:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the threads again: a few rows for each of them."""
        found = ThreadMap()
        if self._db is not None and self._conversation:
            self._long = self._long or self._rows.rows.rowCount() > LONG
            if self._long and not self.reads:
                self.wanted.emit(self._conversation)
                return
            rows = threads.threads(self._db, self._conversation, priced=False)
            found = ThreadMap(rows, threads.cuts(self._db, self._conversation))
        self._show(found)

    @Slot(object)
    def take(self, found: ThreadsRead) -> None:
        """Show what was *found*, unless another conversation is shown by now."""
        if found.conversation == self._conversation:
            self._show(found.map)

    def _show(self, found: ThreadMap) -> None:
        self._rows.threads.show(found)
        self.map.setVisible(self._rows.rows.rowCount() > 0)
        self.map.update()

    @Slot(int)
    def _go(self, row: int) -> None:
        self._rows.reveal(row, flash=False)
