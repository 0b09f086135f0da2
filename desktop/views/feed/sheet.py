"""The settings of the local feed: on or off, what it gives away, and who listens."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core.stream.settings import Choices
from core.stream.state import FeedState
from desktop.look import fonts, metrics, palette
from desktop.look.widgets.buttons import PrimaryButton, QuietButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.text import ElidedLabel, SectionTitle, Text
from desktop.models import feed_words
from desktop.models.tables import TableModel
from desktop.views.health.table_page import TablePage

_SIZE: Final = (760, 640)
_WIDTHS: Final = {0: 170, 1: 130, 2: 120, 3: 150}


class FeedSheet(QDialog):
    """Shows the feed as `show_state` says, and asks for what the person wants of it."""

    turned = Signal(bool)  # on or off
    chosen = Signal(Choices)
    disconnected = Signal(int)  # id of a tool
    copied = Signal(str)  # "token" or "file"

    def __init__(self, choices: Choices, *, wanted: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: FeedState | None = None
        self.setWindowTitle(self.tr("Settings – Local feed"))
        self.resize(*_SIZE)
        palette.put_on(self, "window")
        self.switch = QCheckBox(self.tr("Let tools on this computer follow the library"), self)
        self.switch.setChecked(wanted)
        self.text = QCheckBox(self.tr("Give whole texts to tools that ask for them"), self)
        self.text.setToolTip(self.tr("Otherwise they get the first 200 characters of each part."))
        self.text.setChecked(choices.full_text)
        self.redact = QCheckBox(self.tr("Take out keys, home folders and e-mail addresses"), self)
        self.redact.setToolTip(
            self.tr("Found by their shape: a bare password in a sentence is not.")
        )
        self.redact.setChecked(choices.redact)
        self.status = ElidedLabel("", self, weight=QFont.Weight.DemiBold)
        self.file = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self.copy_token = QuietButton(self.tr("Copy token"), self, icon="copy")
        self.copy_file = QuietButton(self.tr("Copy path"), self, icon="copy")
        self.numbers = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self.end = QuietButton(self.tr("Disconnect"), self, icon="cancel")
        self.model = TableModel(self)
        self.tools = TablePage(
            self.tr("Connected tools"),
            self.model,
            self.model,
            EmptyState(
                "plug",
                self.tr("No tool is connected"),
                self.tr("How to connect one is told in docs/stream.md."),
            ),
            _WIDTHS,
            parent=self,
        )
        self.tools.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._lay_out()
        self.switch.toggled.connect(self.turned)
        self.text.toggled.connect(self._choose)
        self.redact.toggled.connect(self._choose)
        self.copy_token.clicked.connect(self._copy_token)
        self.copy_file.clicked.connect(self._copy_file)
        self.end.clicked.connect(self._disconnect)

    def show_state(self, state: FeedState, *, wanted: bool) -> None:
        """Show *state*; *wanted* tells whether the feed was asked for."""
        before, self._state = self._state, state
        self.status.setText(feed_words.status(state, wanted=wanted))
        self.status.set_tone("failed" if state.trouble else "text")
        self.file.setText(str(state.file) if state.file is not None else "")
        for button in (self.copy_token, self.copy_file):
            button.setVisible(state.on)
        self.numbers.setText(feed_words.numbers(state.metrics) if state.on else "")
        if before is None or before.tools != state.tools:
            self._show_tools(state)
        self.end.setEnabled(bool(state.tools))

    def _show_tools(self, state: FeedState) -> None:
        chosen = self._chosen()
        rows = [feed_words.cells(tool) for tool in state.tools]
        self.model.show_rows(feed_words.columns(), rows)
        if 0 <= chosen < len(rows):
            self.tools.table.selectRow(chosen)

    def _chosen(self) -> int:
        found = self.tools.table.selectionModel().selectedRows()
        return self.model.number(found[0].row()) if found else -1

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.LARGE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        promise = self.tr(
            "Off unless you turn it on. It listens on this computer only, web pages are refused, "
            "and a tool needs the token in the address file, which only you can read."
        )
        layout.addWidget(Text(promise, self, tone="muted", wrap=True))
        layout.addWidget(self.switch)
        layout.addLayout(_row(self.status, self.copy_token))
        layout.addLayout(_row(self.file, self.copy_file))
        layout.addWidget(Hairline(self))
        layout.addWidget(SectionTitle(self.tr("What tools may have"), self))
        layout.addWidget(self.redact)
        layout.addWidget(self.text)
        layout.addWidget(Hairline(self))
        layout.addLayout(_row(SectionTitle(self.tr("Connected tools"), self), self.end))
        layout.addWidget(self.tools, 1)
        layout.addWidget(self.numbers)
        close = PrimaryButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        layout.addLayout(foot)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(Choices(self.text.isChecked(), self.redact.isChecked()))

    @Slot()
    def _copy_token(self) -> None:
        self.copied.emit("token")

    @Slot()
    def _copy_file(self) -> None:
        self.copied.emit("file")

    @Slot()
    def _disconnect(self) -> None:
        tools = self._state.tools if self._state is not None else ()
        chosen = self._chosen()
        if len(tools) == 1:
            chosen = 0
        if 0 <= chosen < len(tools):
            self.disconnected.emit(tools[chosen].id)


def _row(first: QWidget, last: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(metrics.SMALL)
    row.addWidget(first, 1)
    row.addWidget(last)
    return row
