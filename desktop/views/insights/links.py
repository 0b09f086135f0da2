"""Lines that lead to a message, each a button, some with a bar for their share."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.models.insights_links import Link

_SIDE: Final = 8
_BAR: Final = 4
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LinkRow(QAbstractButton):
    """One line; pressed, it says where it leads."""

    def __init__(self, link: Link, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = link
        self.setAccessibleName(", ".join(part for part in (link.text, link.value) if part))
        self.setEnabled(link.message > 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(words.plain("\n".join(part for part in (link.text, link.tip) if part)))

    @override
    def sizeHint(self) -> QSize:
        tall = QFontMetrics(fonts.ui()).height() + 10 + (_BAR + 4 if self.link.share else 0)
        return QSize(200, max(metrics.TARGET, tall))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.underMouse() and self.isEnabled():
            paint.rounded(painter, box, metrics.RADIUS, fill=colors.color("hover"))
        room = box.adjusted(_SIDE, 0, -_SIDE, -(_BAR + 4) if self.link.share else 0)
        painter.setFont(fonts.numbers(fonts.SMALL))
        painter.setPen(colors.color("muted"))
        wide = painter.fontMetrics().horizontalAdvance(self.link.value)
        painter.drawText(room, _RIGHT, self.link.value)
        painter.setFont(fonts.ui())
        painter.setPen(colors.color("text"))
        room.setRight(room.right() - wide - _SIDE)
        text = words.one_line(self.link.text)
        mode = Qt.TextElideMode.ElideRight
        painter.drawText(
            room, _LEFT, painter.fontMetrics().elidedText(text, mode, int(room.width()))
        )
        if self.link.share:
            self._draw_share(painter, colors, box)
        if self.hasFocus():
            paint.focus_ring(painter, box, metrics.RADIUS, colors)

    def _draw_share(self, painter: QPainter, colors: theme.Theme, box: QRectF) -> None:
        track = QRectF(_SIDE, box.bottom() - _BAR - 4, box.width() - 2 * _SIDE, _BAR)
        paint.rounded(painter, track, 2, fill=colors.color("track"))
        track.setWidth(max(_BAR, track.width() * self.link.share))
        paint.rounded(painter, track, 2, fill=colors.color("accent"))


class LinkList(QWidget):
    """Lines below each other."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.rows: list[LinkRow] = []
        self._links: tuple[Link, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_links(self, links: Sequence[Link]) -> None:
        """Show *links*; those that are shown already stay as they are."""
        if self._links == tuple(links):
            return
        self._links = tuple(links)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [LinkRow(link, self) for link in links]
        for row in self.rows:
            self._column.addWidget(row)
            row.clicked.connect(partial(self.chosen.emit, row.link.message))
