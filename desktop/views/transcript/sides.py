"""What stands below the header of a conversation: its rows, or its insights in their place."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.views.transcript.header import Header

ROWS: Final = "rows"
INSIGHTS: Final = "insights"


class Sides(QStackedWidget):
    """Turns with the choice in *header*; without insights there is nothing to choose."""

    turned = Signal(str)  # rows or insights

    def __init__(self, header: Header, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header = header
        header.side.hide()
        for tool in (header.search, header.follow):  # so that the title stays where it is
            policy = tool.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            tool.setSizePolicy(policy)
        header.side.chosen.connect(self._turn)

    @property
    def current(self) -> str:
        """What is on show: rows or insights."""
        return self._header.side.current

    def page(self, above: Iterable[QWidget], rows: QLayout) -> QWidget:
        """Return the header with the sides below it, the first one *rows* with what is *above*."""
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in above:
            column.addWidget(widget)
        column.addLayout(rows, 1)
        self.addWidget(side)
        page = QWidget(self.parentWidget())
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._header)
        whole.addWidget(self, 1)
        return page

    def offer(self, insights: QWidget) -> None:
        """Let *insights* be chosen from now on."""
        self.addWidget(insights)
        self._header.side.show()

    @Slot()
    def show_rows(self) -> None:
        """Show the rows, if they are not on show already."""
        self._header.side.choose(ROWS)

    @Slot(str)
    def _turn(self, side: str) -> None:
        rows = side == ROWS
        self.setCurrentIndex(0 if rows or self.count() == 1 else 1)
        for tool in (self._header.search, self._header.follow):
            tool.setVisible(rows)
        self.turned.emit(side)
