"""Find in conversation: what is typed in the bar, the rows that hold it, and going through them."""

from collections.abc import Callable
from sqlite3 import Connection

from PySide6.QtCore import QObject, Slot

from desktop.views.transcript.find_bar import FindBar, Finder
from desktop.views.transcript.rows_view import RowsView


class Finding(QObject):
    """Connects *bar* with *rows*; *jump* goes to a block and marks words in it."""

    def __init__(
        self,
        bar: FindBar,
        rows: RowsView,
        jump: Callable[[int, tuple[str, ...]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.finder = Finder(self)
        self._bar = bar
        self._rows = rows
        self._jump = jump
        self._db: Connection | None = None
        self._conversation = 0
        self._at = -1  # hit the user is at
        self._was = 0  # the block of the one he was at before it was looked for again
        bar.wanted.connect(self._find)
        bar.next_wanted.connect(self.find_next)
        bar.last_wanted.connect(self.find_previous)
        bar.closed.connect(self._close)
        self.finder.changed.connect(self._show_found)

    def start(self, db: Connection | None, conversation: int) -> None:
        """Look in *conversation* from now on; nothing is looked for there yet."""
        self._db, self._conversation = db, conversation
        self._at, self._was = -1, 0
        self.finder.start(None, 0, "")

    @Slot()
    def find_next(self) -> None:
        """Go to the next row that holds what is looked for."""
        self._go(1)

    @Slot()
    def find_previous(self) -> None:
        """Go to the row before that holds what is looked for."""
        self._go(-1)

    @Slot(str)
    def _find(self, text: str) -> None:
        self._at, self._was = -1, 0
        self._rows.set_words((text,) if text.strip() else ())
        self.finder.start(self._db, self._conversation, text, self._rows.rows.keeper())

    @Slot()
    def find_again(self) -> None:
        """Look once more: another part of the conversation is shown. The user stays at his hit."""
        if self._bar.isVisible():
            was = self._was if self._at < 0 else self.finder.found[self._at]
            self._find(self._bar.field.text())
            self._was = was

    @Slot()
    def _close(self) -> None:
        self._bar.hide()
        self.finder.stop()
        self._rows.set_words(())
        self._rows.setFocus()

    @Slot()
    def _show_found(self) -> None:
        if self._was in self.finder.found:
            self._at, self._was = self.finder.found.index(self._was), 0
        self._bar.say(self._at, self.finder)

    def _go(self, way: int) -> None:
        found = self.finder.found
        if not found or not self._bar.isVisible():
            return
        if self._at < 0:
            self._at = self._nearest(way)
        else:
            self._at = (self._at + way) % len(found)
        self._jump(found[self._at], (self._bar.field.text(),))
        self._bar.say(self._at, self.finder)

    def _nearest(self, way: int) -> int:
        """Return the first hit at or below the top of the view; going back, the last above."""
        found = self.finder.found
        below = set(self._rows.rows.spine.ids[self._rows.scroller.top :])
        for number, block in enumerate(found):
            if block in below:
                return number if way > 0 else (number - 1) % len(found)
        return 0 if way > 0 else len(found) - 1
