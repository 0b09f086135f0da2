"""What covers the window while something is dragged over it, and says what a drop would do."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.files.discover import PACKED
from desktop.look import fonts, icons, metrics, theme, words
from desktop.workers.errands import Errands
from desktop.workers.listing import Listing, look

_CHANNEL: Final = "drop"
_INSET: Final = 20


class DropOverlay(QWidget):
    """Lies over the whole window; looks at what is dragged without opening anything."""

    accepted = Signal(object)  # roots: tuple[Path, ...] that were dropped
    counted = Signal(object)  # Listing: it is on show now

    def __init__(self, errands: Errands, parent: QWidget) -> None:
        super().__init__(parent)
        self._errands = errands
        self._paths: tuple[Path, ...] = ()
        self._listing: Listing | None = None
        self._dropped = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop to add transcripts"))
        self.hide()

    def hover(self, paths: Sequence[Path]) -> None:
        """Cover the window and say what dropping *paths* would do."""
        self._paths, self._listing, self._dropped = tuple(paths), None, False
        self._errands.ask(_CHANNEL, partial(look, self._paths), self._show, self._fail)
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Uncover the window; nothing is added."""
        self._errands.forget(_CHANNEL)
        self.hide()

    def drop(self) -> None:
        """Add what hovers; what is not counted yet is added once it is."""
        self._dropped = True
        if self._listing is not None:
            self._finish(self._listing)

    def said(self) -> tuple[str, str]:
        """Return the two lines on show."""
        found = self._listing
        if found is None:
            return self.tr("Looking…"), self.tr("Esc cancels")
        refused = [
            words.plural(count, f"{kind} file", f"{kind} files") if kind else self.tr("other files")
            for kind, count in found.refused
        ]
        if not found.files:
            told = ", ".join(refused) or self.tr("no transcripts in it")
            packed = any(f".{kind.lower()}" in PACKED for kind, _ in found.refused)
            return (
                self.tr("Nothing here that Clew can read: {0}").format(told),
                self.tr("Unpack what is compressed, then drop what was in it")
                if packed
                else self.tr("Drop folders that hold transcripts, or such files"),
            )
        count = words.plural(found.files, self.tr("transcript"), self.tr("transcripts"))
        if found.folders:
            folders = words.plural(found.folders, self.tr("folder"), self.tr("folders"))
            first = self.tr("Add {0}, {1}").format(folders, count)
        else:
            first = self.tr("Add {0}").format(count)
        second = self.tr("{0} to read · log files are never changed").format(
            words.size(found.bytes)
        )
        if refused:
            second = self.tr("{0} · {1} left out").format(second, ", ".join(refused))
        return first, second

    def _below(self, distance: int) -> QRect:
        """Return the part of the window from *distance* points below its middle on."""
        top = self.rect().center().y() + fonts.grown(distance)
        return QRect(0, top, self.width(), self.height() - top)

    def _show(self, listing: Listing) -> None:
        self._listing = listing
        first, second = self.said()
        self.setAccessibleDescription(f"{first}. {second}")
        self.update()
        self.counted.emit(listing)
        if self._dropped:
            self._finish(listing)

    def _fail(self, _error: Exception) -> None:
        self._show(Listing((), 0, 0, 0, ()))

    def _finish(self, listing: Listing) -> None:
        self.hide()
        if listing.roots:
            self.accepted.emit(listing.roots)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        usable = self._listing is None or self._listing.files > 0
        token = "accent" if usable else "muted"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colors.color("window", 0.975))
        box = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        painter.setPen(QPen(colors.color(token), 2, Qt.PenStyle.DashLine))
        painter.setBrush(colors.color(token, 0.05))
        painter.drawRoundedRect(box, metrics.RADIUS_CARD + 4, metrics.RADIUS_CARD + 4)
        middle = self.rect().center()
        side = metrics.ICON_LARGE + 8
        at = QRect(middle.x() - side // 2, middle.y() - side - 18, side, side)
        icons.draw(painter, at, "drop" if usable else "none", colors.color(token))
        first, second = self.said()
        _centred(painter, self._below(0), first, fonts.TITLE, QColor(colors.text))
        _centred(painter, self._below(38), second, fonts.BODY, QColor(colors.muted))


def _centred(painter: QPainter, rect: QRect, said: str, size: float, ink: QColor) -> None:
    weight = QFont.Weight.DemiBold if size == fonts.TITLE else QFont.Weight.Normal
    painter.setFont(fonts.ui(size, weight))
    painter.setPen(ink)
    room = rect.width() - 4 * _INSET
    shown = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(rect, flags, shown)
