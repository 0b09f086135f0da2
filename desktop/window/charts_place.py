"""Where the charts go: the page itself is brought in when it is first asked for."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.workers.query_runner import QueryRunner

if TYPE_CHECKING:
    from desktop.views.charts.page import ChartsPage


class ChartsPlace(QWidget):
    """Holds the charts page, and knows whether it shows the library as it is now."""

    def __init__(self, queries: QueryRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queries = queries
        self._stale = True
        self.page: ChartsPage | None = None  # until it is opened

    def open(self) -> None:
        """Bring the page in if need be, and let it show the library as it is now."""
        if self.page is None:
            # Here and not above: it brings pyqtgraph and numpy, which no other page needs.
            from desktop.views.charts.page import ChartsPage  # noqa: PLC0415  see above

            self.page = ChartsPage(self._queries, self)
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self.page)
        self.catch_up()

    def note_change(self) -> None:
        """Note that the library is no longer as the page shows it."""
        self._stale = True

    def catch_up(self) -> None:
        """Compute everything anew if the library has changed."""
        if self.page is not None and self._stale:
            self._stale = False
            self.page.refresh()
