"""The settings of notifications: whether to tell of what waits, and where it is told."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.look import fonts, metrics, palette
from desktop.look.widgets.buttons import PrimaryButton, QuietButton
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.text import Text
from desktop.models.waiting import Notices

_WIDE: Final = 560


class NoticesSheet(QDialog):
    """Asks for what the person wants to be told of."""

    chosen = Signal(Notices)
    tried = Signal()  # the person wants to see a notification

    def __init__(self, wanted: Notices, *, able: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings – Notifications"))
        palette.put_on(self, "window")
        self.setMinimumWidth(_WIDE)
        self.switch = QCheckBox(self.tr("Tell me when a conversation waits for me"), self)
        self.switch.setChecked(wanted.on)
        self.pending = QCheckBox(
            self.tr("Also when a tool call has had no result for 2 minutes"), self
        )
        self.pending.setChecked(wanted.pending)
        self.pending.setEnabled(wanted.on)
        self.where = Text("", self, wrap=True)
        self.attempt = QuietButton(self.tr("Show one now"), self)
        self._lay_out()
        self.show_able(able=able)
        self.switch.toggled.connect(self._choose)
        self.pending.toggled.connect(self._choose)
        self.attempt.clicked.connect(self.tried)

    def show_able(self, *, able: bool) -> None:
        """Say where what waits is told: with *able* the desktop shows notifications."""
        self.where.setText(
            self.tr(
                "Told by a notification of this desktop, with nothing of the conversation in it. "
                "A press on it shows the conversation. The foot of the window and the list tell "
                "the same."
            )
            if able
            else self.tr(
                "This desktop shows no notifications of programs: it has no notification area. "
                "What waits is told at the foot of the window and in the list, and the window "
                "asks for attention where the desktop lets it."
            )
        )
        self.where.set_tone("muted" if able else "warning")
        self.attempt.setEnabled(able)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.LARGE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        what = self.tr(
            "Off unless you turn it on. A conversation waits if the agent has said its word, "
            "asked you something or was stopped, and nothing was written for 2 minutes. You are "
            "told once each time, and not of what you have in front of you."
        )
        guess = self.tr(
            "A guess: the tool may still run, or its program may ask for your permission. "
            "Which of the two it is stands in no log."
        )
        layout.addWidget(Text(what, self, tone="muted", wrap=True))
        layout.addWidget(self.switch)
        layout.addWidget(self.pending)
        layout.addWidget(Text(guess, self, size=fonts.SMALL, tone="muted", wrap=True))
        layout.addWidget(Hairline(self))
        layout.addWidget(self.where)
        layout.addStretch(1)
        close = PrimaryButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.attempt)
        foot.addStretch()
        foot.addWidget(close)
        layout.addLayout(foot)

    @Slot()
    def _choose(self) -> None:
        self.pending.setEnabled(self.switch.isChecked())
        self.chosen.emit(Notices(self.switch.isChecked(), self.pending.isChecked()))
