"""The ways from a row to the messages that it belongs with, in the row's menu."""

from functools import partial
from sqlite3 import Connection

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from core.queries import relations
from desktop.look import words
from desktop.models.relation_words import Way, ways
from desktop.views.transcript.rows_view import RowsView

_MOST = 6  # ways in one menu


class Relating(QObject):
    """Offers them in the menu of *rows*: recorded ones, and guessed ones that say so."""

    message_wanted = Signal(object)  # int: row id of the message to go to

    def __init__(self, rows: RowsView, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._db: Connection | None = None
        rows.offers.append(self._offer)

    def start(self, db: Connection | None, _conversation: int) -> None:
        """Read from *db* from now on."""
        self._db = db

    def ways(self, row: int) -> tuple[Way, ...]:
        """Return the ways from *row*: a few look-ups, whatever the conversation's length."""
        rows = self._rows.rows
        if self._db is None or not 0 <= row < rows.rowCount():
            return ()
        message = rows.spine.messages[row]
        return ways(message, relations.relations_of(self._db, message))

    def _offer(self, menu: QMenu) -> None:
        found = self.ways(self._rows.current_row())[:_MOST]
        if found:
            menu.addSeparator()
            menu.setToolTipsVisible(True)
        for way in found:
            action = menu.addAction(way.text)
            action.setToolTip(words.plain(way.tip))
            action.setStatusTip(way.tip)
            action.triggered.connect(partial(self._go, way.message))

    def _go(self, message: int, _checked: bool = False) -> None:  # noqa: FBT002,RUF100  Qt's own
        self.message_wanted.emit(message)
