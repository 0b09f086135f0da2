"""Where the charts go: the page itself is brought in when it is first asked for."""

import importlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core import code_pages
from desktop.workers.query_runner import QueryRunner

if TYPE_CHECKING:
    from desktop.views.charts.page import ChartsPage

_MOST: Final = 20 << 20  # bytes of code below which letting go of it would gain little
# In steps: a program that ends meanwhile waits for one of them at most.
_STEPS: Final = ("numpy", "desktop.views.charts.plot", "desktop.views.charts.page")


class ChartsPlace(QWidget):
    """Holds the charts page, and knows whether it shows the library as it is now."""

    opened = Signal(str, int)  # key of a conversation, row id of the message to open it at or 0
    dismiss_wanted = Signal(str, int)  # key of a finding, and its cases; 0: show it again
    track_wanted = Signal(str, bool)  # key of a finding; False: compare no more
    made = Signal()  # the page is there

    def __init__(self, queries: QueryRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queries = queries
        self._stale = True
        self._read: float | None = None
        self.guarded: Callable[[], tuple[Path, ...]] = tuple  # folders nothing is written to
        self.page: ChartsPage | None = None  # until it is opened
        self._warming: threading.Thread | None = None

    def open(self) -> None:
        """Bring the page in if need be, and let it show the library as it is now."""
        if self.page is None:
            if self._warming is not None:
                self._warming.join()
            # Here and not above: it brings pyqtgraph and numpy, which no other page needs.
            from desktop.views.charts.page import ChartsPage  # noqa: PLC0415  see above

            if self._warming is None:
                code_pages.let_go(_MOST)  # what reading it took: now comes what making it takes
            page = self.page = ChartsPage(self._queries, self, guarded=self.guarded)
            page.opened.connect(self.opened)
            page.dismiss_wanted.connect(self.dismiss_wanted)
            page.track_wanted.connect(self.track_wanted)
            page.show_import(self._read)
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(page)
            page.resize(self.size())  # it counts which cards are in sight before it is laid out
            self.made.emit()
        self.catch_up()

    def warm(self) -> None:
        """Begin to read the page's code, on another thread: somebody is about to open it.

        It is a fifth of a second of work and 13 MB, most of it numpy and pyqtgraph. `open` waits
        for what is still to be read.
        """
        if self._warming is None and self.page is None:
            self._warming = threading.Thread(target=_read, name="charts")
            self._warming.start()

    def note_change(self) -> None:
        """Note that the library is no longer as the page shows it."""
        self._stale = True

    def show_import(self, read: float | None) -> None:
        """Say that *read*, a share, of an import is done; None: none is under way."""
        self._read = read
        if self.page is not None:
            self.page.show_import(read)

    def catch_up(self) -> None:
        """Compute everything anew if the library has changed."""
        if self.page is not None and self._stale:
            self._stale = False
            self.page.refresh()


def _read() -> None:
    for step in _STEPS:
        if not threading.main_thread().is_alive():
            return  # the program is ending
        importlib.import_module(step)
    code_pages.let_go(_MOST)
