"""What the app is busy with, in one line of the status bar."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from desktop.look import fonts, metrics
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.text import ElidedLabel
from desktop.look.words import translate

_STEPS: Final = 1000
_BAR: Final = 120


class ProgressStrip(QWidget):
    """A text, a thin bar and a button to stop; hidden while there is nothing to do."""

    cancelled = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._text = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(name)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR)
        self._stop = IconButton(
            "cancel", translate("ProgressStrip", "Cancel"), self, size=metrics.ICON_SMALL
        )
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(metrics.SMALL, 0, metrics.TIGHT, 0)
        layout.setSpacing(metrics.SMALL)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._stop)
        self._stop.clicked.connect(self.cancelled)
        self.hide()

    def show_progress(self, text: str, done: int, total: int, *, stoppable: bool = True) -> None:
        """Show that *done* of *total* is behind us; a *total* of 0 says that nobody knows."""
        self._text.setText(text)
        if total > 0:
            self._bar.setRange(0, _STEPS)
            # A bar repaints itself at once, and all else in the window that waits to be painted.
            self._bar.setUpdatesEnabled(False)
            self._bar.setValue(min(_STEPS, max(0, done) * _STEPS // total))
            self._bar.setUpdatesEnabled(True)
        else:
            self._bar.setRange(0, 0)
        self._stop.setVisible(stoppable)
        self.show()

    def finish(self) -> None:
        """Hide: there is nothing left to do."""
        self.hide()
