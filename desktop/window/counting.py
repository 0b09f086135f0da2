"""The totals in the status line: counted off the UI's thread, again and again while it changes."""

import logging

from PySide6.QtCore import QObject

from core.queries import totals
from core.queries.totals import Held
from desktop.views.status import StatusLine
from desktop.workers.query_runner import QueryRunner

log = logging.getLogger(__name__)


class Counting(QObject):
    """Never counts one over the other: in a large library none would ever be answered."""

    def __init__(self, queries: QueryRunner, status: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._queries = queries
        self._status = status
        self._busy = self._again = False

    def count(self) -> None:
        """Count now, or once the count in hand has ended."""
        self._again = self._busy
        if not self._busy:
            self._busy = True
            self._queries.ask("totals", totals.held, self._show, self._lack)

    def _show(self, found: Held) -> None:
        self._status.show_totals(found)
        self._busy = False
        if self._again:
            self.count()

    def _lack(self, error: Exception) -> None:
        self._busy = False
        log.warning("totals: %s", error)
