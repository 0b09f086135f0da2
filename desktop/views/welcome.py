"""The first page of all: what was found on this computer, and one button to read it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from core.config import found_agents
from desktop.look import fonts, metrics, paint, palette, words
from desktop.look.widgets.buttons import PrimaryButton
from desktop.look.widgets.text import Text
from desktop.views.mark import Mark
from desktop.workers.errands import Errands
from desktop.workers.listing import Listing, look

_WIDTH: Final = 520
_MOST: Final = 8  # agents that are named; the tooltip names every place
_CHANNEL: Final = "welcome"


class Welcome(QWidget):
    """Counts what lies in the agents' folders, off the UI's thread, and offers to read it."""

    accepted = Signal(object)  # roots: tuple[Path, ...], to read and to follow
    choose_wanted = Signal()
    counted = Signal(object)  # Listing: it is on show now

    def __init__(self, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self._roots: tuple[Path, ...] = ()
        self.setAccessibleName(self.tr("Welcome"))
        palette.put_on(self, "window")
        self._mark = Mark(self)
        self._title = Text(
            self.tr("Your agent history"), self, size=fonts.TITLE, weight=QFont.Weight.Bold
        )
        self._intro = Text(
            self.tr("Read, search and follow your conversations with coding agents."),
            self,
            size=fonts.BODY,
            tone="muted",
        )
        self._found = Text("", self, size=fonts.BODY, weight=QFont.Weight.DemiBold, wrap=True)
        self._where = Text("", self, tone="muted", wrap=True)
        self.open = PrimaryButton(self.tr("Open my history"), self)
        self.choose = QPushButton(self.tr("Choose folder…"), self)
        self._promise = Text(
            self.tr("Nothing leaves this computer. Log files are never changed."),
            self,
            size=fonts.SMALL,
            tone="muted",
        )
        self._hint = Text(
            self.tr("Or drop a folder or log files anywhere in this window."),
            self,
            size=fonts.SMALL,
            tone="muted",
        )
        self._lay_out()
        self.open.clicked.connect(self._accept)
        self.choose.clicked.connect(self.choose_wanted)
        self.look_at(())

    def look_at(self, roots: Sequence[Path]) -> None:
        """Offer what lies in *roots*."""
        self._roots = tuple(roots)
        self.open.setVisible(bool(roots))
        self._where.setText("\n".join(self._places()))
        self._where.setToolTip("\n".join(short_path(root) for root in roots))
        self._where.setVisible(bool(roots))
        if not roots:
            said = self.tr("No transcripts of coding agents were found on this computer.")
            self._found.setText(said)
            return
        self._found.setText(self.tr("Looking…"))
        self._errands.ask(_CHANNEL, partial(look, self._roots), self._show, self._fail)

    @property
    def said(self) -> str:
        """What was found, in words."""
        return self._found.text()

    @property
    def where(self) -> list[str]:
        """Whose logs were found, and where, line by line."""
        return self._where.text().splitlines()

    def start(self) -> None:
        """Take the keyboard, so that Enter opens the history."""
        (self.open if self.open.isVisibleTo(self) else self.choose).setFocus()

    def _places(self) -> list[str]:
        """Return a line for each agent, at most `_MOST`: whose logs were found, and where."""
        agents = {one.path: one.agent for one in found_agents()}
        places: dict[str, list[Path]] = {}
        for root in self._roots:
            places.setdefault(agents.get(root, ""), []).append(root)
        lines: list[str] = []
        for agent, (first, *rest) in places.items():
            where = short_path(first)
            if rest:
                where = self.tr("{0} and {1} more").format(where, len(rest))
            lines.append(f"{agent} · {where}" if agent else where)
        if len(lines) > _MOST:
            count = len(lines) - _MOST + 1
            lines[_MOST - 1 :] = [self.tr("and {0} more agents").format(count)]
        return lines

    def _show(self, listing: Listing) -> None:
        count = words.plural(listing.files, self.tr("transcript"), self.tr("transcripts"))
        self.open.setVisible(listing.files > 0)
        if listing.files:
            said = self.tr("Found {0} ({1})").format(count, words.size(listing.bytes))
        else:
            said = self.tr("No transcripts yet")
        self._found.setText(said)
        self.start()
        self.counted.emit(listing)

    def _fail(self, error: Exception) -> None:
        self._found.setText(self.tr("The folder cannot be listed: {0}").format(str(error)))

    @Slot()
    def _accept(self) -> None:
        self.accepted.emit(self._roots)

    def _lay_out(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        for button in (self.open, self.choose):
            button.setAutoDefault(True)
            button.setMinimumHeight(38)
            button.setMinimumWidth(150)
        for label in (self._found, self._where):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card = _Card(self)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(metrics.WIDE, metrics.WIDE, metrics.WIDE, metrics.WIDE)
        inner.setSpacing(metrics.TIGHT)
        inner.addWidget(self._found)
        inner.addWidget(self._where)
        inner.addSpacing(metrics.LARGE)
        buttons = QHBoxLayout()
        buttons.setSpacing(metrics.SMALL)
        buttons.addStretch()
        buttons.addWidget(self.open)
        buttons.addWidget(self.choose)
        buttons.addStretch()
        inner.addLayout(buttons)
        card.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.addStretch(4)
        layout.addWidget(self._mark, 0, middle)
        layout.addSpacing(metrics.LARGE)
        layout.addWidget(self._title, 0, middle)
        layout.addSpacing(metrics.TIGHT)
        layout.addWidget(self._intro, 0, middle)
        layout.addSpacing(metrics.WIDE)
        layout.addWidget(card, 0, middle)
        layout.addSpacing(metrics.LARGE)
        layout.addWidget(self._hint, 0, middle)
        layout.addSpacing(metrics.TIGHT)
        layout.addWidget(self._promise, 0, middle)
        layout.addStretch(5)


class _Card(QWidget):
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.card(self)


def short_path(path: Path) -> str:
    """Return *path* for people: the home folder is ``~``."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except ValueError:
        return str(path)
