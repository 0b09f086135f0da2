"""Finds text in one conversation: through the library, a slice of it between two events."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.queries import within
from desktop.look import fonts, metrics, words
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.search_field import SearchField
from desktop.look.widgets.text import Text
from desktop.look.words import translate

_WAIT_MS: Final = 180  # after the last key


class Finder(QObject):
    """Collects the blocks that hold a text."""

    changed = Signal()  # more was found, or the search ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: list[int] = []
        self.complete = True
        self._slices: Iterator[list[int]] = iter(())
        self._wanted: Callable[[int], bool] = bool
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look_on)

    def start(
        self,
        db: sqlite3.Connection | None,
        conversation: int,
        text: str,
        wanted: Callable[[int], bool] = bool,
    ) -> None:
        """Look for *text* in *conversation*; nothing is looked for if it is empty.

        Only blocks for which *wanted* says so are kept: those of the part that is shown.
        """
        self.stop()
        self._wanted = wanted
        self.found = []
        if db is not None and text.strip():
            self._slices = within.matches(db, conversation, text)
            self.complete = False
            self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Look no further."""
        self._timer.stop()
        self._slices = iter(())
        self.complete = True

    @Slot()
    def _look_on(self) -> None:
        more = next(self._slices, None)
        if more is None or len(self.found) >= within.MOST_HITS:
            self.stop()
        else:
            known = set(self.found)
            self.found += [one for one in more if one not in known and self._wanted(one)]
        self.changed.emit()


class FindBar(QWidget):
    """A field, how many rows hold what is in it, and the way through them."""

    wanted = Signal(str)  # the text to look for, after a pause in typing
    next_wanted = Signal()
    last_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField(
            translate("FindBar", "Find in this conversation"),
            translate("FindBar", "Find in this conversation"),
            self,
        )
        self.count = Text("", self, size=fonts.SMALL, tone="muted")
        self._wait = QTimer(self, interval=_WAIT_MS, singleShot=True)
        before = IconButton(
            "chevron-up", translate("FindBar", "Previous"), self, shortcut="Shift+F3"
        )
        after = IconButton("chevron-down", translate("FindBar", "Next"), self, shortcut="F3")
        close = IconButton("close", translate("FindBar", "Close"), self, shortcut="Esc")
        line = QHBoxLayout()
        line.setContentsMargins(metrics.LARGE, 6, metrics.MEDIUM, 6)
        line.setSpacing(metrics.TIGHT)
        line.addWidget(self.field, 1)
        line.addSpacing(metrics.TIGHT)
        line.addWidget(self.count)
        for button in (before, after, close):
            line.addWidget(button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(line)
        outer.addWidget(Hairline(self))
        self.count.setMinimumWidth(96)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._wait.timeout.connect(self._tell)
        self.field.textChanged.connect(self._wait_on)
        before.clicked.connect(self.last_wanted)
        after.clicked.connect(self.next_wanted)
        close.clicked.connect(self.closed)
        self.field.installEventFilter(self)

    def open(self) -> None:
        """Show the bar with its text selected."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def say(self, at: int, finder: Finder) -> None:
        """Say that the user is at hit number *at*, from 0, of *finder*'s; -1 if at none."""
        total = len(finder.found)
        if not self.field.text().strip():
            text = ""
        elif not total:
            text = (
                translate("FindBar", "not found")
                if finder.complete
                else translate("FindBar", "looking…")
            )
        else:
            many = words.count(total) + ("" if finder.complete else "+")
            rows = translate("FindBar", "row") if total == 1 else translate("FindBar", "rows")
            text = (
                f"{many} {rows}"
                if at < 0
                else translate("FindBar", "{0} of {1}").format(words.count(at + 1), many)
            )
        self.count.setText(text)
        self.count.set_tone("failed" if text and not total and finder.complete else "muted")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._tell_now()
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.last_wanted if back else self.next_wanted).emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _wait_on(self) -> None:
        self._wait.start()

    def _tell_now(self) -> None:
        if self._wait.isActive():
            self._wait.stop()
            self._tell()

    @Slot()
    def _tell(self) -> None:
        self.wanted.emit(self.field.text())
