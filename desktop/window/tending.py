"""Where the data health leads, and a row: to a conversation, a folder, or a record as it stands."""

import os
from functools import partial
from pathlib import Path
from sqlite3 import Connection

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from core.queries import conversations
from core.queries.conversations import ConversationRow
from core.quoting import Where, quote
from core.raw import Raw, raw, raw_of_block
from desktop.look import words
from desktop.views.transcript.raw_sheet import RawSheet
from desktop.window.frame import Frame
from desktop.window.reading import Reading
from desktop.window.sheets import Sheets
from desktop.workers.query_runner import QueryRunner


class Tending(QObject):
    """Does what the drawer of data health asks for, and shows the record behind a row."""

    troubled = Signal(str)  # why it cannot be done

    def __init__(
        self, queries: QueryRunner, frame: Frame, reading: Reading, sheets: Sheets, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._queries = queries
        self._frame = frame
        self._reading = reading
        self._sheets = sheets
        frame.health.conversation_wanted.connect(self._show_conversation)
        frame.health.folder_wanted.connect(self._open_folder)
        frame.health.record_wanted.connect(self._read_record)
        frame.health.of_import.saver.refused.connect(self.troubled)
        frame.health.of_import.saver.saved.connect(self._say_saved)
        frame.transcript.raw_wanted.connect(self._read_message)
        frame.transcript.raw_block_wanted.connect(self._read_block)

    @Slot(str)
    def _show_conversation(self, key: str) -> None:
        self._queries.ask("conversation", partial(conversations.one, key=key), self._choose)

    def _choose(self, row: ConversationRow | None) -> None:
        if row is not None:
            self._reading.choose(row)

    @Slot(object)
    def _open_folder(self, path: bytes) -> None:
        folder = Path(os.fsdecode(path)).parent
        # A look at a folder on a dead server may take minutes: not on this thread.
        self._queries.ask("folder", partial(_is_there, folder=folder), partial(self._go_to, folder))

    def _go_to(self, folder: Path, there: bool) -> None:
        shown = words.one_line(os.fsencode(folder).decode("utf-8", "replace"), 300)
        if not there:
            self.troubled.emit(self.tr("The folder {0} is gone.").format(shown))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.troubled.emit(self.tr("No program opens the folder {0}.").format(shown))

    @Slot(str)
    def _say_saved(self, path: str) -> None:
        self._frame.status.say(self.tr("Saved as {0}").format(words.one_line(path, 300)))

    @Slot(object)
    def _read_record(self, where: Where) -> None:
        self._queries.ask("record", partial(quote, where=where), self._show_record)

    @Slot(object)
    def _read_message(self, message: int) -> None:
        self._queries.ask("record", partial(raw, message=message), self._show_record)

    @Slot(object)
    def _read_block(self, block: int) -> None:
        self._queries.ask("record", partial(raw_of_block, block=block), self._show_record)

    def _show_record(self, found: Raw) -> None:
        self._sheets.show(partial(RawSheet, found))


def _is_there(_db: Connection, folder: Path) -> bool:
    return folder.is_dir()
